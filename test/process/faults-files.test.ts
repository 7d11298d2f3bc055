import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { clientOf, testCluster } from '../harness/cluster.ts'
import type { ExportView } from '../harness/memsolus.ts'
import { expectWhole, holdRenders, PATIENCE } from '../harness/renders.ts'
import type { ApiError } from '../harness/sandbox.ts'
import { canMount, smallDisk } from '../harness/small-disk.ts'
import { workerWithout } from '../harness/unprotected.ts'

const services = inject('services')
const isMounting = canMount()

/** More than a megabyte of them. */
const MEMORIES = 5000

describe.runIf(services && isMounting)('where the disk is full', { timeout: 120_000 }, () => {
  it('M-LIFE-5c an export is FAILED, one is READY when there is room again, and nothing is left of the tries', async () => {
    const disk = await smallDisk(1)
    const { start, all } = await testCluster(services)
    const files = { FILES_URL: disk.directory }
    const client = clientOf(await all(['--role', 'api', '--memories', `${MEMORIES}`], files))
    const worker = await start('worker', files)
    const failures = () => worker.log().split('export render failed').length - 1

    const { body: first } = await client.create()
    await expect.poll(() => client.status(first.id), PATIENCE).toBe('FAILED')
    expect(worker.log()).toContain('ENOSPC')
    expect(failures()).toBe(3)
    const { status, body } = await client.download<ApiError>(first.id)
    expect([status, body.message]).toEqual([409, expect.stringContaining('The export could not be rendered')])
    expect(await readdir(disk.directory)).toEqual([])

    const { body: second } = await client.create()
    await expect.poll(failures, PATIENCE).toBe(4)
    disk.grow(64)
    await expectWhole(client, second.id, { directory: disk.directory, memories: MEMORIES })
    const { body: view } = await client.control<ExportView>('GET', `/sandboxes/default/memsolus/exports/${second.id}`)
    expect(view.attempts).toBe(failures() - 3 + 1)
    expect((await client.control('GET', '/health')).status).toBe(200)
  })
})

/** The files that are named as whole ones are, and are not. */
async function halfFiles(directory: string): Promise<string[]> {
  const names = (await readdir(directory)).filter((name) => !name.endsWith('.part'))
  const texts = await Promise.all(names.map((name) => readFile(join(directory, name), 'utf8')))
  return names.filter((_, index) => !isJson(texts[index] ?? ''))
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** A worker was killed over a file. */
async function killedOverFile(main?: string): Promise<string> {
  const { env, start } = await testCluster(services)
  const client = clientOf(await start('api'))
  const worker = await start('worker', {}, main)
  const { untilHeld } = await holdRenders(env)
  await client.create()
  await untilHeld()
  await worker.stop('SIGKILL')
  expect(await readdir(env.FILES_URL)).toHaveLength(1)
  return env.FILES_URL
}

describe.runIf(services)('a file that a killed worker has left', () => {
  it('does not have the name of a whole one', async () => {
    expect(await halfFiles(await killedOverFile())).toEqual([])
  })

  it('is seen to have it where files have their name from the beginning', async () => {
    const directory = await killedOverFile(await workerWithout('wholeFile'))
    expect(await halfFiles(directory)).toEqual(await readdir(directory))
  })
})
