import { describe, expect, it } from 'vitest'
import { testSandbox } from '../../harness/sandbox.ts'

const january = { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' }
const invalid = { status: 400, body: { error: 'Invalid cursor.' } }

/** A sandbox with 10 completed runs, and the cursor behind the first 4. */
async function behindFour(input: Record<string, unknown> = {}) {
  const sandbox = await testSandbox(input)
  await sandbox.addRuns({ count: 10, status: 'completed', createdAt: january })
  const { body } = await sandbox.syft.page({ limit: 4 })
  return { ...sandbox, cursor: body.nextCursor ?? '', first: body.items }
}

describe('a cursor', () => {
  it('S-PAGE-8c goes into a URL as it is, and names no run', async () => {
    const { cursor, first } = await behindFour()
    expect(cursor).toMatch(/^[A-Za-z0-9_-]+$/)
    for (const { runId } of first) expect(cursor).not.toContain(runId)
  })

  it('S-PAGE-8c says nothing of the request: its own filters apply to every page', async () => {
    const { syft, addRuns, cursor } = await behindFour()
    await addRuns({ items: [{ runId: 'failed', status: 'failed', createdAt: '2026-01-31T00:00:00Z' }] })
    const failed = await syft.page({ cursor, status: 'failed', fields: 'status' })
    expect(failed.body.items).toEqual([{ runId: 'failed', status: 'failed' }])
    const backwards = await syft.page({ cursor, order: 'desc' })
    expect(backwards.body.items).toHaveLength(3)
    const none = await syft.page({ cursor, since: '2027-01-01' })
    expect(none.body).toEqual({ items: [], nextCursor: null, hasMore: false })
  })

  it('S-PAGE-8c can be used any number of times, later too', async () => {
    const { syft, cursor, advance } = await behindFour()
    const once = await syft.page({ cursor, limit: 3 })
    await advance('30d')
    const again = await syft.page({ cursor, limit: 3 })
    expect(once.body.items).toHaveLength(3)
    expect(again.text).toBe(once.text)
  })

  it('S-PAGE-8c is the same for the same page: nothing of it is kept', async () => {
    const { syft, cursor } = await behindFour()
    expect((await syft.page({ limit: 4, fields: 'runId' })).body.nextCursor).toBe(cursor)
  })

  it('S-PAGE-8c of another motion is answered 400', async () => {
    const { syft, control, addRuns, cursor } = await behindFour()
    const { body: other } = await control<{ id: string }>('POST', '/syft/motions', {})
    await addRuns({ count: 10, status: 'completed', createdAt: january, motionId: other.id })
    expect(await asked(syft, cursor, other.id)).toEqual(invalid)
    const theirs = await syft.page({ limit: 4 }, { motion: other.id })
    expect(await asked(syft, theirs.body.nextCursor ?? '')).toEqual(invalid)
  })

  it('S-PAGE-8c that was cut, however little, is answered 400', async () => {
    const { syft, cursor } = await behindFour()
    const cut = Array.from({ length: cursor.length - 1 }, (_, end) => cursor.slice(0, end + 1))
    for (const part of [...cut, cursor.slice(1)]) expect(await asked(syft, part)).toEqual(invalid)
  })

  it('S-PAGE-8c that was edited, wherever, is answered 400', async () => {
    const { syft, cursor } = await behindFour()
    for (let at = 0; at < cursor.length; at++) {
      const edited = `${cursor.slice(0, at)}${cursor[at] === 'A' ? 'B' : 'A'}${cursor.slice(at + 1)}`
      expect(await asked(syft, edited)).toEqual(invalid)
    }
  })

  it.each(['0', 'null', 'undefined', 'clxxx...', '=', '%', 'é', '\0', 'A'.repeat(8000), '../..', "' or 1=1 --"])(
    'S-PAGE-8c that was never issued is answered 400: %j',
    async (cursor) => {
      const { syft } = await testSandbox()
      expect(await asked(syft, cursor)).toEqual(invalid)
    },
  )

  it('S-PAGE-8c with anything around it is answered 400', async () => {
    const { syft, cursor } = await behindFour()
    for (const odd of [`${cursor}=`, `${cursor}.`, ` ${cursor}`, `${cursor} `, `"${cursor}"`, `${cursor}${cursor}`]) {
      expect(await asked(syft, odd)).toEqual(invalid)
    }
  })

  it('X-PARAM-1c S-PAGE-8c that is empty asks for the first page', async () => {
    const { syft, first } = await behindFour()
    expect((await syft.page('limit=4&cursor=')).body.items).toEqual(first)
  })
})

async function asked(syft: Awaited<ReturnType<typeof testSandbox>>['syft'], cursor: string, motion?: string) {
  const { status, body } = await syft.page({ cursor }, motion === undefined ? {} : { motion })
  return { status, body }
}
