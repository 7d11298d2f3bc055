import type { FastifyInstance } from 'fastify'
import pino from 'pino'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildServer } from './app.ts'
import { createMetrics } from './metrics.ts'
import { type EmbeddedDatabase, openPglite } from './ports/database/pglite.ts'
import type { FilesPort } from './ports/files/files.ts'

/** Files in memory, whose writing waits at its end for as long as a test wants it to. */
function heldFiles() {
  const kept = new Map<string, string>()
  let gate: Promise<void> = Promise.resolve()
  const held: { reached?: () => void } = {}
  const files: FilesPort = {
    async write(key, content) {
      let text = ''
      for await (const part of content) {
        text += part
        held.reached?.()
        await gate
      }
      kept.set(key, text)
      return text.length
    },
    read: async () => undefined,
    remove: async (key) => void kept.delete(key),
    list: async () => [...kept.keys()],
    ping: async () => {},
  }
  /** Answers, once a render has begun, what lets it go on. */
  const holdNext = () => {
    let goOn = () => {}
    gate = new Promise((resolve) => {
      goOn = resolve
    })
    return new Promise<() => void>((resolve) => {
      held.reached = () => resolve(goOn)
    })
  }
  return { files, kept, holdNext }
}

let database: EmbeddedDatabase
let app: FastifyInstance
const { files, kept, holdNext } = heldFiles()

beforeAll(async () => {
  database = await openPglite({})
  await database.migrate()
  const queue = {
    add: async () => {},
    work: async () => ({ stop: async () => {} }),
    count: async () => ({}),
    ping: async () => {},
    close: async () => {},
  }
  const stopping = new AbortController().signal
  const log = pino({ level: 'silent' })
  const { db, ping, listen } = database
  app = await buildServer({
    db,
    ping,
    listen,
    queue,
    files,
    log,
    metrics: createMetrics(),
    isAlone: true,
    stopping,
    version: '0',
  })
}, 60_000)

afterAll(() => database.close())

async function call(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object) {
  const url = `/_sandport/sandboxes${path}`
  const answer = await app.inject({ method, url, ...(body && { payload: body }) })
  return { status: answer.statusCode, body: answer.body === '' ? {} : answer.json() }
}

/** A sandbox with an export that is being rendered, and a snapshot of what was before. */
async function renderingSandbox() {
  const { body: sandbox } = await call('POST', '', { data: { memsolus: { memories: { count: 3 } } } })
  const own = `/${sandbox.id}`
  const { body: job } = await call('POST', `${own}/memsolus/exports`, {
    status: 'PROCESSING',
    behavior: { hold: 'PROCESSING' },
  })
  await call('POST', `${own}/snapshots`, { name: 'before' })
  const begun = holdNext()
  const ended = call('POST', `${own}/memsolus/exports/${job.id}/step`)
  const goOn = await begun
  expect((await call('GET', `${own}/memsolus/exports/${job.id}`)).body).toMatchObject({
    status: 'PROCESSING',
    attempts: 1,
  })
  return { own, exportPath: `/memsolus/exports/${job.id}`, ended, goOn }
}

const unrendered = { status: 'PROCESSING', attempts: 0, file: null, progress: { rows: 0 } }

it('M-LIFE-3c what was rendered when the export was put back is thrown away, and the export can be rendered again', async () => {
  const { own, exportPath, ended, goOn } = await renderingSandbox()
  const before = kept.size
  expect((await call('POST', `${own}/snapshots/before/restore`)).status).toBe(200)
  goOn()
  expect(await ended).toMatchObject({ status: 200, body: unrendered })
  expect((await call('GET', own + exportPath)).body).toMatchObject(unrendered)
  expect(kept.size).toBe(before)
  expect(await call('POST', `${own}${exportPath}/step`)).toMatchObject({
    status: 200,
    body: { status: 'READY', attempts: 1 },
  })
  expect(kept.size).toBe(before + 1)
})

it.each([
  ['a reset', (own: string) => call('POST', `${own}/reset`)],
  ['a deletion', (own: string) => call('DELETE', own)],
])('what was rendered at the time of %s is thrown away', async (_name, change) => {
  const { own, exportPath, ended, goOn } = await renderingSandbox()
  const before = kept.size
  expect((await change(own)).status).toBeLessThan(300)
  goOn()
  expect((await ended).status).toBe(404)
  expect((await call('GET', own + exportPath)).status).toBe(404)
  expect(kept.size).toBe(before)
})

it('M-LIFE-5c a snapshot and a clone of an export that is being rendered hold one that nobody is at', async () => {
  const { own, exportPath, ended, goOn } = await renderingSandbox()
  await call('POST', `${own}/snapshots`, { name: 'rendering' })
  const { body: clone } = await call('POST', `${own}/clone`)
  goOn()
  expect(await ended).toMatchObject({ status: 200, body: { status: 'READY' } })
  expect((await call('GET', `/${clone.id}${exportPath}`)).body).toMatchObject({ ...unrendered, progress: {} })
  expect(await call('POST', `/${clone.id}${exportPath}/step`)).toMatchObject({
    status: 200,
    body: { status: 'READY', attempts: 1 },
  })
  await call('POST', `${own}/snapshots/rendering/restore`)
  expect((await call('GET', own + exportPath)).body).toMatchObject({ ...unrendered, progress: {} })
  expect(await call('POST', `${own}${exportPath}/step`)).toMatchObject({
    status: 200,
    body: { status: 'READY', attempts: 1 },
  })
})

it('M-LIFE-1 a poll that waits for a render does not begin another one of what was put back', async () => {
  const { body: sandbox } = await call('POST', '', { data: { memsolus: { memories: { count: 3 } } } })
  const own = `/${sandbox.id}`
  const behavior = { polls: { processing: 0 } }
  const { body: job } = await call('POST', `${own}/memsolus/exports`, { status: 'PROCESSING', behavior })
  await call('POST', `${own}/snapshots`, { name: 'before' })
  const begun = holdNext()
  const poll = () => app.inject({ url: `/v1/exports/${job.id}`, headers: { 'x-api-key': sandbox.memsolus.apiKey } })
  const first = poll()
  const goOn = await begun
  const second = poll()
  await expect.poll(() => countPolls(sandbox.id), { timeout: 20_000, interval: 1 }).toBe(2)
  await call('POST', `${own}/snapshots/before/restore`)
  goOn()
  for (const answer of [await first, await second]) expect(answer.json()).toMatchObject({ status: 'PROCESSING' })
  expect((await call('GET', `${own}/memsolus/exports/${job.id}`)).body).toMatchObject(unrendered)
})

it('an advance that goes on where another one waits for a file waits for it, too', async () => {
  const { body: sandbox } = await call('POST', '', {
    clock: { now: '2026-03-01T12:00:00Z', frozen: true },
    data: { memsolus: { memories: { count: 3 } } },
  })
  const own = `/${sandbox.id}`
  const given = { status: 'READY', updated_at: '2026-03-01T11:00:00.000Z', behavior: { outcome: 'fail' } }
  await call('POST', `${own}/timeline`, { items: [{ at: 'now+1m', do: [{ insertExports: given }] }] })
  const begun = holdNext()
  const advance = async () => {
    await call('POST', `${own}/clock/advance`, { by: '1m' })
    return (await call('GET', `${own}/memsolus/exports`)).body.items
  }
  const first = advance()
  const goOn = await begun
  const second = advance()
  const [unfinished] = (await call('GET', `${own}/memsolus/exports`)).body.items
  // It says itself that it is due, so that nobody goes past it and anybody can finish it.
  expect(unfinished).toMatchObject({ status: 'PROCESSING', nextAt: given.updated_at, attempts: 1 })
  expect(unfinished.timeline.at(-1).status).toBe('PROCESSING')
  goOn()
  const ready = { ...given, expiresAt: '2026-03-04T11:00:00.000Z', file: { bytes: expect.any(Number) }, attempts: 1 }
  expect(await Promise.all([first, second])).toMatchObject([[ready], [ready]])
})

async function countPolls(sandboxId: string): Promise<number> {
  const { rows } = await database.pglite.query<{ polls: number }>(
    'select polls from memsolus.export_job where sandbox_id = $1',
    [sandboxId],
  )
  return rows[0]?.polls ?? 0
}
