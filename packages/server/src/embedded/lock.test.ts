import { fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openDataDirectory } from './data-directory.ts'
import { lockDirectory } from './lock.ts'

/** A number that no process has. */
const DEAD = 2 ** 30

let scratch: string
let directory: string
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'sandport-test-'))
})
beforeEach(async () => {
  directory = await mkdtemp(join(scratch, 'data-'))
})
afterAll(() => rm(scratch, { recursive: true }))

describe('the lock of a data directory', () => {
  it('names the process that has it, and is had by no other until it is given back', async () => {
    const unlock = await lockDirectory(directory)
    expect(await readFile(join(directory, 'lock'), 'utf8')).toMatch(new RegExp(`^${process.pid}\n`))
    await expect(lockDirectory(directory)).rejects.toThrow(`in use by process ${process.pid}.`)
    await unlock()
    expect(await readdir(directory)).toEqual([])
    await (await lockDirectory(directory))()
  })

  it('is one, by whichever name the directory is called', async () => {
    await symlink(directory, `${directory}-link`)
    const { unlock } = await openDataDirectory(directory)
    await expect(openDataDirectory(`${directory}-link`)).rejects.toThrow('in use by process')
    await unlock()
  })

  it.each([
    ['a process that is no more', `${DEAD}\n`],
    ['a process before this one that had its number', `${process.pid}\n`],
    ['nobody, as after a loss of power', ''],
    ['nobody that can be read', 'x\n'],
    ['all processes', '0\n'],
  ])('is taken over from %s', async (_, text) => {
    await writeFile(join(directory, 'lock'), text)
    const unlock = await lockDirectory(directory)
    expect(await readdir(directory)).toEqual(['lock'])
    expect(await readFile(join(directory, 'lock'), 'utf8')).toMatch(new RegExp(`^${process.pid}\n`))
    await unlock()
  })

  it('is taken over also where a process died while it took it over', async () => {
    const dead = `${DEAD}\n`
    const succession = `lock.${createHash('sha256').update(dead).digest('hex').slice(0, 12)}`
    await writeFile(join(directory, 'lock'), dead)
    await writeFile(join(directory, succession), `${process.ppid}\n`)
    await expect(lockDirectory(directory)).rejects.toThrow(`in use by process ${process.ppid}.`)
    await writeFile(join(directory, succession), `${DEAD + 1}\n`)
    const unlock = await lockDirectory(directory)
    expect(await readdir(directory)).toEqual(['lock'])
    await unlock()
  })

  it('goes to exactly one of several processes that find a dead one at once', async () => {
    const module = fileURLToPath(new URL('./lock.ts', import.meta.url))
    // It says what came of it; a lock is held until the next round.
    const code = `
      import { lockDirectory } from ${JSON.stringify(module)}
      process.on('message', (directory) => lockDirectory(directory).then(
        () => process.send('won'),
        (error) => process.send(error.name)))
      process.send('ready')`
    const script = join(scratch, 'contender.mts')
    await writeFile(script, code)
    const contenders = Array.from({ length: 6 }, () => fork(script, { execArgv: ['--import', 'tsx'] }))
    try {
      const answers = async () =>
        (await Promise.all(contenders.map((contender) => once(contender, 'message'))))
          .map(([answer]) => answer)
          .toSorted()
      expect(await answers()).toEqual(contenders.map(() => 'ready'))
      for (let round = 0; round < 40; round += 1) {
        const contended = await mkdtemp(join(scratch, 'round-'))
        await writeFile(join(contended, 'lock'), `${DEAD}\n`)
        const outcome = answers()
        for (const contender of contenders) contender.send(contended)
        expect(await outcome).toEqual([...contenders.slice(1).map(() => 'DataDirectoryError'), 'won'])
        expect(await readdir(contended)).toEqual(['lock'])
      }
    } finally {
      for (const contender of contenders) contender.kill()
    }
  }, 30_000)
})
