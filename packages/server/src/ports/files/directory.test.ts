import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { filesContract, megabytes } from './contract.ts'
import { directoryFiles } from './directory.ts'

async function testDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'sandport-test-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

filesContract(async () => directoryFiles(join(await testDirectory(), 'files')))

it('removes what a process that was killed has left half written', async () => {
  const directory = await testDirectory()
  const files = await directoryFiles(directory)
  await writeFile(join(directory, 'left.part'), 'hal')
  expect(await files.list()).toEqual(['left'])
  await files.remove('left')
  expect(await readdir(directory)).toEqual([])
})

it('rejects where the directory is gone', async () => {
  const directory = await testDirectory()
  const files = await directoryFiles(directory)
  await rm(directory, { recursive: true })
  await expect(files.ping()).rejects.toThrow('ENOENT')
  await expect(files.write('file', megabytes(1))).rejects.toThrow('ENOENT')
})
