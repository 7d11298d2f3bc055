import { on, once } from 'node:events'
import { existsSync, watch } from 'node:fs'
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ask, testDirectory, testServer } from '../harness/process.ts'
import { runCommand, spawnProgram, startServer } from '../harness/server.ts'

/** A number that no process has. */
const DEAD = 2 ** 30

async function refusal(data: string): Promise<string> {
  const { code, stdout, stderr } = await runCommand(['start', '--port', '0', '--data', data])
  expect({ code, stdout }, stderr).toEqual({ code: 1, stdout: '' })
  expect(stderr).toMatch(/^sandport: .*\.\n$/)
  return stderr
}

describe('a data directory is refused in one line', () => {
  it('where it is a file, or below one', async () => {
    const file = join(await testDirectory(), 'file')
    await writeFile(file, '')
    expect(await refusal(file)).toContain(`${file}: there is a file of that name`)
    expect(await refusal(join(file, 'data'))).toContain(`${file}/data: a part of the path is a file`)
  })

  it.runIf(existsSync('/proc/self'))('where the system allows none', async () => {
    expect(await refusal('/proc/data/here')).toContain('/proc/data/here: no directory can be made there')
  })

  it("where it is somebody else's, which is left as it was", async () => {
    const directory = await testDirectory()
    await mkdir(join(directory, 'database'))
    await writeFile(join(directory, 'database', 'customers.db'), '')
    expect(await refusal(directory)).toContain(`${directory} is not a data directory of Sandport: it holds database`)
    expect((await readdir(directory, { recursive: true })).toSorted()).toEqual([
      'database',
      join('database', 'customers.db'),
    ])
  })

  it('where another Postgres made it, which is left as it was', async () => {
    const directory = await testDirectory()
    await mkdir(join(directory, 'database'))
    await writeFile(join(directory, 'database', 'PG_VERSION'), '17\n')
    expect(await refusal(directory)).toMatch(/was made with Postgres 17, and this Sandport has Postgres 18\. Start it /)
    expect((await readdir(directory, { recursive: true })).toSorted()).toEqual([
      'database',
      join('database', 'PG_VERSION'),
    ])
  })

  it('where its database cannot be opened', async () => {
    const directory = await testDirectory()
    await mkdir(join(directory, 'database'))
    await writeFile(join(directory, 'database', 'PG_VERSION'), '18\n')
    expect(await refusal(directory)).toContain(`Cannot open the database in ${join(directory, 'database')}: `)
    expect((await readdir(directory)).toSorted()).toEqual(['database'])
  })

  it('where another server has it, which goes on, whatever the directory is called', async () => {
    const directory = join(await testDirectory(), 'data')
    const first = await testServer(['--data', directory])
    await symlink(directory, `${directory}-link`)
    for (const name of [directory, `${directory}-link`]) {
      const message = await refusal(name)
      expect(message).toContain(`${directory} is in use by process ${first.pid}. `)
      expect(message).toContain('--data')
    }
    expect(await ask(`${first.url}/_sandport/health`)).toMatchObject({ status: 200 })
    expect(await first.stop()).toBe(0)
    expect((await readdir(directory)).toSorted()).toEqual(['database', 'files'])
  })

  it('and let go of where the server cannot listen', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    const directory = await testDirectory()
    const { code } = await runCommand(['start', '--port', `${port}`, '--data', directory])
    taken.close()
    expect(code).toBe(1)
    expect((await readdir(directory)).toSorted()).toEqual(['database', 'files'])
  })
})

describe('a data directory is taken', () => {
  it('by exactly one of several servers that start at once where a killed one left its lock', async () => {
    const directory = await testDirectory()
    await writeFile(join(directory, 'lock'), `${DEAD}\n`)
    const starts = await Promise.allSettled(Array.from({ length: 3 }, () => startServer(['--data', directory])))
    const started = starts.filter((start) => start.status === 'fulfilled').map(({ value }) => value)
    const codes = await Promise.all(started.map((server) => server.stop()))
    expect(codes).toEqual([0])
    const [winner] = started
    for (const start of starts.filter((start) => start.status === 'rejected')) {
      expect(`${start.reason}`).toContain(`is in use by process ${winner?.pid}. `)
    }
  })

  it('with what a new one has where the first start was killed halfway', async () => {
    const directory = await testDirectory()
    const watcher = watch(directory)
    const child = spawnProgram('cli', ['start', '--port', '0', '--json', '--data', directory], {})
    for await (const [, name] of on(watcher, 'change')) if (name === 'database') break
    child.kill('SIGKILL')
    await once(child, 'exit')
    watcher.close()
    expect((await readdir(directory)).toSorted()).toEqual(['database', 'lock', 'sandport.unfinished'])

    const server = await testServer(['--data', directory, '--runs', '7'])
    const runs = await ask<{ items: unknown[] }>(`${server.controlUrl}/sandboxes/default/syft/runs?limit=100`)
    expect(runs.body.items).toHaveLength(7)
    await server.stop()
    expect((await readdir(directory)).toSorted()).toEqual(['database', 'files'])
  })
})
