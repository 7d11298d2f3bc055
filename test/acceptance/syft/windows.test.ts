import { describe, expect, it } from 'vitest'
import { type Item, type Query, testSandbox } from '../../harness/sandbox.ts'

const ids = (items: readonly Item[]) => items.map(({ runId }) => runId)
const refused = (name: string) => ({ error: `Invalid '${name}' timestamp format. Use ISO8601.` })

/** Runs updated a millisecond before noon, at noon and a millisecond after it, all created the day before. */
async function aroundNoon(input: Record<string, unknown> = {}) {
  const sandbox = await testSandbox(input)
  const at = { before: '11:59:59.999', noon: '12:00:00.000', after: '12:00:00.001' }
  await sandbox.addRuns({
    items: Object.entries(at).map(([runId, time], index) => ({
      runId,
      status: 'completed',
      createdAt: `2026-01-01T00:00:0${index}Z`,
      updatedAt: `2026-01-02T${time}Z`,
    })),
  })
  const served = async (query: Query) => ids((await sandbox.syft.page(query)).body.items)
  return { ...sandbox, served }
}

describe('since and until', () => {
  it('S-TIME-1 S-TIME-4c since gives runs updated after it, not at it', async () => {
    const { served } = await aroundNoon()
    expect(await served({ since: '2026-01-02T12:00:00.000Z' })).toEqual(['after'])
    expect(await served({ since: '2026-01-02T11:59:59.999Z' })).toEqual(['noon', 'after'])
    expect(await served({ since: '2026-01-02T11:59:59.998Z' })).toEqual(['before', 'noon', 'after'])
    expect(await served({ since: '2026-01-02T12:00:00.001Z' })).toEqual([])
  })

  it('S-TIME-2 S-TIME-4c until gives runs updated before it, not at it', async () => {
    const { served } = await aroundNoon()
    expect(await served({ until: '2026-01-02T12:00:00.000Z' })).toEqual(['before'])
    expect(await served({ until: '2026-01-02T12:00:00.001Z' })).toEqual(['before', 'noon'])
    expect(await served({ until: '2026-01-02T12:00:00.002Z' })).toEqual(['before', 'noon', 'after'])
    expect(await served({ until: '2026-01-02T11:59:59.999Z' })).toEqual([])
  })

  it('S-TIME-4c leave out the instant that ends one window and begins the next', async () => {
    const { served } = await aroundNoon()
    const border = '2026-01-02T12:00:00Z'
    const windows = [
      await served({ since: '2026-01-01', until: border }),
      await served({ since: border, until: '2026-01-03' }),
    ]
    expect(windows).toEqual([['before'], ['after']])
  })

  it('S-TIME-4c compare the update, not the creation', async () => {
    const { served } = await aroundNoon()
    expect(await served({ since: '2026-01-01T00:00:03Z' })).toHaveLength(3)
    expect(await served({ until: '2026-01-02T00:00:00Z' })).toEqual([])
  })

  it('S-TIME-4c give an empty page where since is not before until', async () => {
    const { syft } = await aroundNoon()
    for (const until of ['2026-01-02T12:00:00Z', '2026-01-01', '1999-01-01']) {
      const { status, body } = await syft.page({ since: '2026-01-02T12:00:00Z', until })
      expect({ status, body }).toEqual({ status: 200, body: { items: [], nextCursor: null, hasMore: false } })
    }
  })

  it('X-TIME-1c S-TIME-4c are exact, not cut to milliseconds', async () => {
    const { served } = await aroundNoon()
    expect(await served({ since: '2026-01-02T11:59:59.9999Z' })).toEqual(['noon', 'after'])
    expect(await served({ since: `2026-01-02T12:00:00.${'0'.repeat(400)}1Z` })).toEqual(['after'])
    expect(await served({ until: '2026-01-02T11:59:59.9990001Z' })).toEqual(['before'])
    expect(await served({ until: '2026-01-02T12:00:00.000000001Z' })).toEqual(['before', 'noon'])
  })

  it('X-TIME-1c name the same instant in any zone', async () => {
    const { served } = await aroundNoon()
    const noon = ['12:00Z', '12:00', '14:00:00+02:00', '06:30-0530', '12:00:00.000z', '12:00:00,0-00:00']
    for (const time of noon) expect(await served({ since: `2026-01-02T${time}` })).toEqual(['after'])
    expect(await served({ since: '2026-01-01T23:00:00-13:00' })).toEqual(['after'])
    expect(await served({ until: '2026-01-03T11:59:00+23:59' })).toEqual(['before'])
  })

  it('X-TIME-1c take a date alone for its first instant', async () => {
    const { served } = await aroundNoon()
    expect(await served({ since: '2026-01-02', until: '2026-01-03' })).toHaveLength(3)
    expect(await served({ since: '2026-01-03' })).toEqual([])
    expect(await served({ until: '2026-01-02' })).toEqual([])
  })

  it('X-TIME-1c reach from the first year to the last', async () => {
    const { served, addRuns } = await aroundNoon()
    expect(await served({ since: '0000-01-01', until: '9999-12-31' })).toHaveLength(3)
    const last = '9999-12-31T23:59:59.999Z'
    await addRuns({ items: [{ runId: 'last', status: 'completed', createdAt: last, updatedAt: last }] })
    expect(await served({ since: '9999-12-31T23:59:59.998Z' })).toEqual(['last'])
    expect(await served({ since: last })).toEqual([])
    expect(await served({ since: '9999-12-31T23:59:59.999-23:59' })).toEqual([])
    expect(await served({ until: '9999-12-31T23:59:59.9999Z' })).toContain('last')
    expect(await served({ until: last })).not.toContain('last')
  })
})

describe('what is no ISO 8601', () => {
  it.each(['since', 'until'])('S-TIME-3 S-TIME-4c X-TIME-1c is answered 400 as %s', async (name) => {
    const { syft } = await testSandbox()
    const wrong = ['undefined', 'null', 'NaN', 'yesterday', '1767225600', '1767225600000', '2026', '2026-01']
    const impossible = ['2026-02-30', '2026-13-01', '2025-02-29', '2026-01-01T24:00:00Z', '2026-01-01T10:60Z']
    const almost = ['2026-01-01T10', '2026-01-01 10:00:00Z', '2026-01-01T10:00:00.Z', '20260101', '2026-01-01Z']
    const blank = [' ', '2026-01-01 ', ' 2026-01-01', '2026-01-01\n', '\0']
    for (const text of [...wrong, ...impossible, ...almost, ...blank]) {
      const { status, body } = await syft.page({ [name]: text })
      expect({ text, status, body }).toEqual({ text, status: 400, body: refused(name) })
    }
  })

  it.each(['since', 'until'])('X-TIME-1c S-TIME-3 is %s with a + that was not encoded', async (name) => {
    const { syft } = await testSandbox()
    const { status, body } = await syft.page(`${name}=2026-01-01T10:00:00+02:00`)
    expect({ status, body }).toEqual({ status: 400, body: refused(name) })
    expect((await syft.page(`${name}=2026-01-01T10:00:00%2B02:00`)).status).toBe(200)
    expect((await syft.page(`${name}=2026-01-01T10:00:00-02:00`)).status).toBe(200)
  })

  it('X-PARAM-1c S-TIME-1 is not what is empty: that is as good as absent', async () => {
    const { served } = await aroundNoon()
    expect(await served('since=&until=')).toHaveLength(3)
  })
})
