import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, testDirectory, testServer } from '../harness/process.ts'
import { runCommand, type ServerProcess, spawnProgram, startServer } from '../harness/server.ts'

type Item = Record<string, unknown> & { runId: string; account: Texts; contacts: NonNullable<Texts>[] }
type Texts = Record<string, unknown> | null
type Page = { items: Item[]; nextCursor: string | null }
type Fixture = { syft: { motions: { id: string }[]; runs: { motionId: string; items: Item[] } } }
type Place = { url: string; key: string; motion: string }

const STATUSES = ['completed', 'failed', 'skipped', 'in_progress', 'open', 'running']

const placeOf = ({ url, syft }: ServerProcess): Place => ({ url, key: syft.secretKey, motion: syft.motionId })

/** Every page of a motion, as its text, by status. */
async function pagesOf({ url, key, motion }: Place): Promise<Record<string, string[]>> {
  const pages: Record<string, string[]> = {}
  for (const status of STATUSES) {
    let cursor: string | null = ''
    while (cursor !== null) {
      const query: string = `status=${status}&limit=100${cursor === '' ? '' : `&cursor=${cursor}`}`
      const headers = { authorization: `Bearer ${key}` }
      const { text, body } = await ask<Page>(`${url}/api/motion/${motion}/export?${query}`, { headers })
      pages[status] = [...(pages[status] ?? []), text]
      cursor = body.nextCursor
    }
  }
  return pages
}

/** The command that records a motion of a server into a file of an empty directory. */
async function testRecording({ url, key, motion }: Place, ...more: string[]) {
  const directory = await testDirectory()
  const file = join(directory, 'fixture.json')
  const args = ['record', '--syft-url', url, '--motion', motion, '--pace', '0s', '--output', file, ...more]
  return {
    args,
    env: { SYFT_SECRET_KEY: key },
    file,
    run: () => runCommand(args, { SYFT_SECRET_KEY: key }),
    files: () => readdir(directory),
    read: async () => JSON.parse(await readFile(file, 'utf8')) as Fixture,
  }
}

const own = ({ url }: Place, path: string, body?: unknown) =>
  ask<Record<string, unknown>>(`${url}/_sandport/sandboxes/default${path}`, {
    ...(body !== undefined && { method: 'POST', body }),
  })

/** What of the steps of a script was taken. */
async function consumed(place: Place, id: unknown): Promise<number[]> {
  const { body } = await own(place, `/scripts/${id}`)
  return (body.steps as { consumed: number }[]).map((step) => step.consumed)
}

/** Every text in it that is long enough to tell somebody by, and not only digits, of the fields that are somebody's. */
function* personalIn(value: unknown, name = ''): Generator<string> {
  if (typeof value === 'string' && PERSONAL.test(name) && /\p{L}/u.test(value) && value.length > 5) yield value
  if (typeof value !== 'object' || value === null) return
  for (const [key, part] of Object.entries(value)) yield* personalIn(part, Array.isArray(value) ? name : key)
}
const PERSONAL =
  /^(?:name|company|domain|website|email.*|fullName|address|full_address|twitter|linkedin|description|.*_id|.*report|.*[sS]ummary|triggerReason|error)$/

let server: ServerProcess
let source: Place
beforeAll(async () => {
  server = await startServer()
  source = placeOf(server)
}, 60_000)
afterAll(async () => {
  await server.stop('SIGKILL')
})

describe('a recorded motion', { timeout: 120_000 }, () => {
  it('is served as it was: by a server that starts with it, and in sandboxes that are filled with it', async () => {
    const recording = await testRecording(source, '--keep-personal-data')
    const { code, stdout, stderr } = await recording.run()
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: `Recorded 230 runs of demo in ${recording.file}.\n` })
    expect(await recording.files()).toEqual(['fixture.json'])
    const pages = await pagesOf(source)

    const second = await testServer(['--fixture', recording.file])
    expect(second.syft).toMatchObject({ secretKey: 'sk_live_demo', motionId: 'demo' })
    expect(await pagesOf(placeOf(second))).toEqual(pages)

    type Made = { id: string; syft: { secretKey: string } }
    const make = (data?: unknown) =>
      ask<Made>(`${second.url}/_sandport/sandboxes`, { method: 'POST', body: { ...(data !== undefined && { data }) } })
    const created = await make(await recording.read())
    expect(created.status).toBe(201)
    expect(await pagesOf({ url: second.url, key: created.body.syft.secretKey, motion: 'demo' })).toEqual(pages)

    const { body: empty } = await make()
    const seeded = await runCommand(['seed', '--fixture', recording.file, '--sandbox', empty.id], {
      SANDPORT_URL: second.url,
    })
    expect(seeded).toMatchObject({ code: 0, stdout: `Put 230 runs in ${empty.id}.\n` })
    expect(await pagesOf({ url: second.url, key: empty.syft.secretKey, motion: 'demo' })).toEqual(pages)
  })

  it('has nothing personal left in it, keeps ids, statuses and instants, and is what its schema says', async () => {
    const recording = await testRecording(source)
    expect(await recording.run()).toMatchObject({ code: 0 })
    const text = await readFile(recording.file, 'utf8')
    const { syft } = JSON.parse(text) as Fixture
    const real = Object.values(await pagesOf(source)).flatMap((pages) => pages.map((page) => JSON.parse(page) as Page))
    const personal = new Set(real.flatMap(({ items }) => [...personalIn(items)]))
    expect(personal.size).toBeGreaterThan(2000)
    expect([...personal].filter((value) => text.includes(JSON.stringify(value).slice(1, -1)))).toEqual([])

    const idsOf = (items: Item[]) =>
      new Set(items.map(({ runId, status, createdAt, updatedAt }) => `${runId} ${status} ${createdAt} ${updatedAt}`))
    expect(syft.motions).toEqual([{ id: 'demo' }])
    expect(idsOf(syft.runs.items)).toEqual(idsOf(real.flatMap(({ items }) => items)))

    const { body: schema } = await ask(`${source.url}/_sandport/fixture.schema.json`)
    const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true })
    const check = ajv.compile(schema)
    expect(check(JSON.parse(text)), ajv.errorsText(check.errors)).toBe(true)
  })

  it('of another id is a motion of its own in default, beside the well-known one', async () => {
    const { body: made } = await own(source, '/syft/motions', { id: 'm_elsewhere' })
    await own(source, '/syft/runs', { motionId: made.id, items: [{ runId: 'only', status: 'failed' }] })
    const recording = await testRecording({ ...source, motion: 'm_elsewhere' })
    expect(await recording.run()).toMatchObject({ code: 0 })
    const second = await testServer(['--fixture', recording.file])
    expect(second.syft.motionId).toBe('m_elsewhere')
    const { body } = await own(placeOf(second), '/syft/motions')
    expect(
      (body.items as { id: string; organizationId: string }[]).map(({ id, organizationId }) => [id, organizationId]),
    ).toEqual([
      ['demo', 'demo'],
      ['m_elsewhere', 'demo'],
    ])
    const { failed } = await pagesOf(placeOf(second))
    expect(failed?.map((page) => (JSON.parse(page) as Page).items.map(({ runId }) => runId))).toEqual([['only']])
  })
})

describe('a recording that fails', { timeout: 120_000 }, () => {
  it('goes on with the same command from where it was, and gives what it would have given', async () => {
    const whole = await testRecording(source, '--keep-personal-data')
    await whole.run()
    const recording = await testRecording(source, '--keep-personal-data')
    const { body: script } = await own(source, '/scripts', {
      operation: 'syft.exportRuns',
      match: { query: { status: 'completed' } },
      steps: [{ pass: true }, { reset: true }, { respond: { status: 500 } }, { pass: true }],
    })

    const stopped = await recording.run()
    expect(stopped).toMatchObject({ code: 1, stdout: '' })
    expect(stopped.stderr).toMatch(
      /500 SERVER_ERROR.*\nsandport: 170 runs are in .*fixture\.json\.partial, and the same command/,
    )
    expect(await recording.files()).toEqual(['fixture.json.partial'])

    const resumed = await recording.run()
    expect(resumed.stderr).toMatch(
      /^sandport: going on from .*fixture\.json\.partial, which has 170 runs\. Delete it to begin anew\.\nsandport: completed is read/,
    )
    expect(resumed).toMatchObject({ code: 0, stdout: expect.stringContaining('Recorded 230 runs') })
    // Nothing was asked for again.
    expect(await consumed(source, script.id)).toEqual([1, 1, 1, 1])
    expect(await recording.files()).toEqual(['fixture.json'])
    expect(await readFile(recording.file, 'utf8')).toBe(await readFile(whole.file, 'utf8'))
  })

  it('gives the same made-up values after it as before', async () => {
    const recording = await testRecording(source)
    const steps = [{ pass: true }, { respond: { status: 500 } }]
    await own(source, '/scripts', { operation: 'syft.exportRuns', match: { query: { status: 'completed' } }, steps })
    expect(await recording.run()).toMatchObject({ code: 1 })
    expect(await recording.run()).toMatchObject({ code: 0 })
    const real = Object.values(await pagesOf(source)).flatMap((pages) =>
      pages.flatMap((page) => (JSON.parse(page) as Page).items),
    )
    const fakes = new Map((await recording.read()).syft.runs.items.map((item) => [item.runId, item]))
    const madeOf = new Map<unknown, Set<unknown>>()
    for (const { runId, account } of real) {
      const name = account?.name
      if (name != null) madeOf.set(name, (madeOf.get(name) ?? new Set()).add(fakes.get(runId)?.account?.name))
    }
    expect(madeOf.size).toBeGreaterThan(50)
    expect([...madeOf.values()].filter((made) => made.size !== 1 || made.has(undefined))).toEqual([])
  })

  it('keeps what it has read at Ctrl-C', async () => {
    const recording = await testRecording(source, '--status', 'completed')
    const { body: script } = await own(source, '/scripts', {
      operation: 'syft.exportRuns',
      match: { query: { cursor: { present: true } } },
      steps: [{ hold: true }],
    })
    const child = spawnProgram('cli', recording.args, recording.env)
    await expect.poll(() => consumed(source, script.id), { timeout: 30_000 }).toEqual([1])
    child.kill('SIGINT')
    expect(await once(child, 'exit')).toEqual([130, null])
    expect(await recording.files()).toEqual(['fixture.json.partial'])
    expect(await recording.run()).toMatchObject({ code: 0, stdout: expect.stringContaining('Recorded 160 runs') })
  })

  it('leaves nothing where there was nothing yet', async () => {
    const recording = await testRecording({ ...source, motion: 'none' })
    expect(await recording.run()).toEqual({
      code: 1,
      stdout: '',
      stderr: `sandport: the key has no motion "none" at ${source.url}.\n`,
    })
    expect(await recording.files()).toEqual([])
  })
})

describe('record refuses', () => {
  it('to write over a file, unless it is told to', async () => {
    const recording = await testRecording(source, '--status', 'failed')
    await writeFile(recording.file, 'mine')
    expect(await recording.run()).toEqual({
      code: 2,
      stdout: '',
      stderr: `sandport: ${recording.file} is there already. Overwrite it with --force, or choose another with --output.\n`,
    })
    expect(await readFile(recording.file, 'utf8')).toBe('mine')
    const forced = await runCommand([...recording.args, '--force'], recording.env)
    expect(forced).toMatchObject({ code: 0, stdout: expect.stringContaining('Recorded 25 runs') })
  })

  it('to go on with what another recording has left', async () => {
    const recording = await testRecording(source, '--status', 'failed')
    const partial = `${recording.file}.partial`
    await writeFile(partial, '{"recording":1,"subject":{"url":"http://elsewhere"},"salt":"s"}\n')
    expect(await recording.run()).toMatchObject({
      code: 2,
      stderr: `sandport: ${partial} is what another recording has left. Delete it, or choose another file with --output.\n`,
    })
    expect(await recording.files()).toEqual(['fixture.json.partial'])
  })

  it.each([
    [[], "required option '--syft-url <url>' not specified."],
    [['--syft-url', 'https://service.test'], "required option '--motion <id>' not specified."],
    [
      ['--syft-url', 'https://service.test', '--motion', 'm'],
      'give --syft-key, or SYFT_SECRET_KEY in the environment.',
    ],
  ])('%j', async (args, message) => {
    expect(await runCommand(['record', ...args])).toEqual({
      code: 2,
      stdout: '',
      stderr: `sandport: ${message} See sandport record --help.\n`,
    })
  })
})
