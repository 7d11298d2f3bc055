import { describe, expect, it } from 'vitest'
import type { ExportView } from '../../harness/memsolus.ts'
import { type ApiError, type TestSandbox, testSandbox } from '../../harness/sandbox.ts'

const now = '2026-03-01T00:00:00.000Z'
const clock = { now, frozen: true }
const data = { memsolus: { memories: { count: 6 } } }
const slow = { pendingFor: '1h', processingFor: '1h' }

const statuses = ['PENDING', 'PROCESSING', 'READY', 'FAILED', 'EXPIRED'] as const
type Status = (typeof statuses)[number]

/** An instant so many hours after the beginning. */
const after = (hours: number) => new Date(Date.parse(now) + hours * 3_600_000).toISOString()

/** A new export as data. */
async function create({ control }: TestSandbox, input: Record<string, unknown>): Promise<ExportView> {
  const { status, text, body } = await control<ExportView>('POST', '/memsolus/exports', { behavior: slow, ...input })
  if (status !== 201) throw new Error(`An export was answered with ${status}: ${text}`)
  return body
}

const act = ({ control }: TestSandbox, id: string, name: string, body?: unknown) =>
  control<ExportView & ApiError>('POST', `/memsolus/exports/${id}/${name}`, body)
const view = async ({ control }: TestSandbox, id: string) =>
  (await control<ExportView>('GET', `/memsolus/exports/${id}`)).body

describe('what can be done by hand', () => {
  it.each<[name: string, becomes: Partial<Record<Status, Status>>]>([
    ['hold', { PENDING: 'PENDING', PROCESSING: 'PROCESSING' }],
    ['step', { PENDING: 'PROCESSING', PROCESSING: 'READY', READY: 'EXPIRED' }],
    ['fail', { PENDING: 'FAILED', PROCESSING: 'FAILED' }],
    ['expire', { READY: 'EXPIRED' }],
    ['lose-file', { READY: 'READY' }],
  ])('%s is possible from some statuses, and refused from the others without a change', async (name, becomes) => {
    const sandbox = await testSandbox({ clock, data })
    for (const status of statuses) {
      const before = await create(sandbox, { status })
      const answer = await act(sandbox, before.id, name)
      const expected = becomes[status]
      if (expected === undefined) {
        expect([status, answer.status, answer.body.error]).toEqual([status, 409, 'NOT_POSSIBLE'])
        for (const part of [before.id, status]) expect(answer.body.message).toContain(part)
        expect(await view(sandbox, before.id)).toEqual(before)
      } else {
        expect([status, answer.status, answer.body.status]).toEqual([status, 200, expected])
        expect(await view(sandbox, before.id)).toEqual(answer.body)
        expect((await sandbox.memsolus.get(before.id)).body).toMatchObject({ status: expected })
      }
    }
  })

  it('release of what is not held changes nothing', async () => {
    const sandbox = await testSandbox({ clock, data })
    for (const status of statuses) {
      const before = await create(sandbox, { status })
      expect(await act(sandbox, before.id, 'release')).toMatchObject({ status: 200, body: before })
    }
  })

  it('to an export that there is not is nothing, whatever is asked', async () => {
    const sandbox = await testSandbox({ clock })
    const other = await create(await testSandbox({ clock }), { status: 'READY' })
    for (const id of ['22222222-2222-4222-8222-222222222222', 'no-uuid', other.id]) {
      for (const name of ['hold', 'release', 'step', 'fail', 'expire', 'lose-file']) {
        const { status, body } = await act(sandbox, id, name)
        expect([status, body]).toEqual([404, { error: 'EXPORT_NOT_FOUND', message: expect.stringContaining(id) }])
      }
      expect((await sandbox.control('GET', `/memsolus/exports/${id}`)).status).toBe(404)
    }
  })
})

describe('an export that is held', () => {
  it('stays where it is until it is released, and goes on from then', async () => {
    const sandbox = await testSandbox({ clock, data })
    const { id } = await create(sandbox, {})
    const held = (await act(sandbox, id, 'hold')).body
    expect(held).toMatchObject({ status: 'PENDING', nextAt: null, behavior: { hold: 'PENDING' } })
    await sandbox.advance('5h')
    expect(await view(sandbox, id)).toEqual(held)

    const released = (await act(sandbox, id, 'release')).body
    expect(released).toMatchObject({ behavior: { hold: null } })
    await sandbox.advance('2h')
    expect((await view(sandbox, id)).timeline).toEqual([
      { at: now, status: 'PENDING' },
      { at: after(5), status: 'PROCESSING' },
      { at: after(6), status: 'READY' },
    ])
  })

  it('and released before it was due waits for when it would have been', async () => {
    const sandbox = await testSandbox({ clock, data })
    const { id } = await create(sandbox, {})
    await act(sandbox, id, 'hold')
    await sandbox.advance('30m')
    expect((await act(sandbox, id, 'release')).body).toMatchObject({ status: 'PENDING', nextAt: after(1) })
  })

  it('while PROCESSING fails when it is released, not before, if it is to fail', async () => {
    const sandbox = await testSandbox({ clock, data })
    const { id } = await create(sandbox, { status: 'PROCESSING', behavior: { ...slow, outcome: 'fail' } })
    await act(sandbox, id, 'hold')
    await sandbox.advance('5h')
    expect(await view(sandbox, id)).toMatchObject({ status: 'PROCESSING' })
    await act(sandbox, id, 'release')
    await sandbox.advance('0s')
    expect(await view(sandbox, id)).toMatchObject({ status: 'FAILED', updated_at: after(5) })
  })

  it('takes one step at a time, and stays held', async () => {
    const sandbox = await testSandbox({ clock, data })
    const { id } = await create(sandbox, { behavior: { hold: 'PENDING' } })
    await sandbox.advance('1h')
    const first = (await act(sandbox, id, 'step')).body
    expect(first).toMatchObject({ status: 'PROCESSING', nextAt: null, behavior: { hold: 'PROCESSING' }, file: null })
    await sandbox.advance('1h')
    const second = (await act(sandbox, id, 'step')).body
    expect(second).toMatchObject({ status: 'READY', nextAt: after(74), progress: { rows: 6, total: 6 } })
    expect((await sandbox.memsolus.download(id)).body).toHaveLength(6)
    await sandbox.advance('1h')
    expect((await act(sandbox, id, 'step')).body).toMatchObject({ status: 'EXPIRED', file: null, nextAt: null })
    expect((await view(sandbox, id)).timeline).toEqual([
      { at: now, status: 'PENDING' },
      { at: after(1), status: 'PROCESSING' },
      { at: after(2), status: 'READY' },
      { at: after(3), status: 'EXPIRED' },
    ])
    expect((await act(sandbox, id, 'step')).body.error).toBe('NOT_POSSIBLE')
  })

  it('fails at a step if it is to fail', async () => {
    const sandbox = await testSandbox({ clock, data })
    const behavior = { hold: 'PENDING', outcome: 'fail', failure: 'no disk' }
    const { id } = await create(sandbox, { behavior })
    await act(sandbox, id, 'step')
    expect((await act(sandbox, id, 'step')).body).toMatchObject({ status: 'FAILED', behavior: { failure: 'no disk' } })
  })
})

describe('an export that is', () => {
  it('M-DOWN-5c failed tells who asks for the file why', async () => {
    const sandbox = await testSandbox({ clock, data })
    const why = async (input: Record<string, unknown>, body?: unknown) => {
      const { id } = await create(sandbox, input)
      await sandbox.advance('1m')
      const failed = (await act(sandbox, id, 'fail', body)).body
      const { status, body: refusal } = await sandbox.memsolus.download(id)
      expect([status, refusal.error]).toEqual([409, 'EXPORT_NOT_READY'])
      expect(refusal.message).toContain('failed')
      expect(refusal.message).toContain(`${failed.behavior.failure}`)
      return failed
    }
    const message = 'disk 7 is "full" (%s)'
    const failed = await why({}, { message })
    expect(failed).toMatchObject({ status: 'FAILED', updated_at: '2026-03-01T00:01:00.000Z', nextAt: null, file: null })
    expect(failed.behavior.failure).toBe(message)
    expect(failed.timeline).toEqual([
      { at: now, status: 'PENDING' },
      { at: '2026-03-01T00:01:00.000Z', status: 'PROCESSING' },
      { at: '2026-03-01T00:01:00.000Z', status: 'FAILED' },
    ])
    expect((await why({ status: 'PROCESSING', behavior: { ...slow, failure: 'as planned' } })).behavior.failure).toBe(
      'as planned',
    )
    expect((await why({ behavior: { hold: 'PENDING' } }, {})).behavior.failure).toBe('It was told to fail')
  })

  it('told to fail with what is no message stays as it is', async () => {
    const sandbox = await testSandbox({ clock, data })
    const before = await create(sandbox, {})
    for (const body of [{ message: '' }, { message: 'x'.repeat(1001) }, { message: 5 }, { message: null }]) {
      const answer = await act(sandbox, before.id, 'fail', body)
      expect([answer.status, answer.body.error, answer.body.path]).toEqual([400, 'INVALID_VALUE', '/message'])
    }
    expect(await view(sandbox, before.id)).toEqual(before)
  })

  it('M-DOWN-3 expired is gone early, with its file', async () => {
    const sandbox = await testSandbox({ clock, data })
    const { id } = await create(sandbox, { status: 'READY', updated_at: after(-10) })
    const { body } = await act(sandbox, id, 'expire')
    expect(body).toMatchObject({ status: 'EXPIRED', updated_at: now, expiresAt: now, nextAt: null, file: null })
    expect(body.timeline.slice(-2)).toEqual([
      { at: after(-10), status: 'READY' },
      { at: now, status: 'EXPIRED' },
    ])
    const { status, body: refusal } = await sandbox.memsolus.download(id)
    expect([status, refusal.error]).toEqual([410, 'EXPORT_EXPIRED'])
  })

  it('M-DOWN-5c without its file stays READY, and expires in its time', async () => {
    const sandbox = await testSandbox({ clock, data })
    const before = await create(sandbox, { status: 'READY' })
    const { body } = await act(sandbox, before.id, 'lose-file')
    expect(body).toEqual({ ...before, file: null })
    const { status, body: refusal } = await sandbox.memsolus.download(before.id)
    expect([status, refusal.error]).toEqual([500, 'EXPORT_FILE_MISSING'])
    expect(await act(sandbox, before.id, 'lose-file')).toMatchObject({ status: 200, body })
    await sandbox.advance('72h')
    expect((await view(sandbox, before.id)).timeline.at(-1)).toEqual({ at: after(72), status: 'EXPIRED' })
  })

  it('EXPIRED by the clock alone is so for every call', async () => {
    const sandbox = await testSandbox({ clock, data })
    const { id } = await create(sandbox, { status: 'READY', updated_at: after(-72) })
    for (const name of ['step', 'expire', 'lose-file', 'hold', 'fail']) {
      const { status, body } = await act(sandbox, id, name)
      expect([name, status, body.error]).toEqual([name, 409, 'NOT_POSSIBLE'])
      expect(body.message).toContain('EXPIRED')
    }
  })
})
