import { describe, expect, it } from 'vitest'
import { codesIn, findingsIn, foundIn } from '../../harness/findings.ts'
import { type TestSandbox, testSandbox } from '../../harness/sandbox.ts'

const clock = { now: '2026-03-01T12:00:00Z', frozen: true }
const withRuns = (count: number, status = 'completed') => ({ clock, data: { syft: { runs: { count, status } } } })

/** What the next requests for pages are answered with. */
const script = ({ control }: TestSandbox, steps: unknown[]) =>
  control('POST', '/scripts', { operation: 'syft.exportRuns', steps })

describe('cursor.not-followed', () => {
  it('S-PAGE-4 is found where a new pass begins and the one before it had a page that nobody asked for', async () => {
    const sandbox = await testSandbox(withRuns(5))
    const first = await sandbox.syft.page({ limit: 2 })
    const again = await sandbox.syft.page({ limit: 2, since: '2020-01-01T00:00:00Z' })
    expect(await foundIn(sandbox, first)).toEqual([])
    expect(await foundIn(sandbox, again)).toMatchObject([
      {
        code: 'cursor.not-followed',
        severity: 'error',
        rule: 'S-PAGE-4',
        message: expect.stringContaining(`${first.headers.get('sandport-exchange')} said \`hasMore: true\``),
      },
    ])
  })

  it('S-PAGE-4 is found where a later page was the one that was not followed', async () => {
    const sandbox = await testSandbox(withRuns(5))
    const first = await sandbox.syft.page({ limit: 2 })
    await sandbox.syft.page({ limit: 2, cursor: first.body.nextCursor ?? '' })
    await sandbox.syft.page({ limit: 2 })
    expect(await codesIn(sandbox)).toEqual(['cursor.not-followed'])
  })

  it('S-PAGE-4 is not found where passes go to their end, nor between those of several statuses', async () => {
    const sandbox = await testSandbox(withRuns(5))
    await sandbox.addRuns({ count: 5, status: 'failed' })
    await sandbox.syft.all({ limit: 2 })
    const completed = await sandbox.syft.page({ limit: 3 })
    const failed = await sandbox.syft.page({ limit: 3, status: 'failed' })
    await sandbox.syft.page({ limit: 3, cursor: completed.body.nextCursor ?? '' })
    await sandbox.syft.page({ limit: 3, cursor: failed.body.nextCursor ?? '', status: 'failed' })
    await sandbox.syft.all({ limit: 2 })
    expect(await codesIn(sandbox)).toEqual([])
  })

  it('S-PAGE-4 is not found where the page did not arrive whole, nor where the next was asked for and failed', async () => {
    const sandbox = await testSandbox(withRuns(5))
    await script(sandbox, [{ truncate: { after: 0.5 } }])
    await sandbox.syft.page({ limit: 2 }).catch(() => undefined)
    const first = await sandbox.syft.page({ limit: 2 })
    await script(sandbox, [{ respond: { status: 503 } }])
    await sandbox.syft.page({ limit: 2, cursor: first.body.nextCursor ?? '' })
    await sandbox.syft.all({ limit: 2 })
    expect(await codesIn(sandbox)).toEqual([])
  })
})

describe('cursor.filters', () => {
  it('S-PAGE-8c is found where the next page is asked for with other filters', async () => {
    const sandbox = await testSandbox(withRuns(5, 'failed'))
    const query = { limit: 2, status: 'failed', since: '2020-01-01T00:00:00Z' }
    const first = await sandbox.syft.page(query)
    const cursor = first.body.nextCursor ?? ''
    const dropped = await sandbox.syft.page({ limit: 2, cursor })
    const changed = await sandbox.syft.page({ ...query, cursor, since: '2021-01-01T00:00:00Z', order: 'desc' })
    expect(await foundIn(sandbox, dropped)).toMatchObject([
      {
        code: 'cursor.filters',
        severity: 'warning',
        rule: 'S-PAGE-8c',
        message: expect.stringContaining(
          'This page dropped `status=failed`, dropped `since=2020-01-01T00:00:00.000Z`.',
        ),
      },
    ])
    expect(await foundIn(sandbox, changed)).toMatchObject([
      {
        code: 'cursor.filters',
        message: expect.stringContaining(
          'asks for `since=2021-01-01T00:00:00Z` instead of `2020-01-01T00:00:00.000Z`, asks for `order=desc` instead of `asc`.',
        ),
      },
    ])
  })

  it('S-PAGE-6c is not found where the limit, the fields or the way that filters are written differ', async () => {
    const sandbox = await testSandbox(withRuns(5))
    const first = await sandbox.syft.page({ limit: 2, since: '2020-01-01T00:00:00Z', fields: 'status' })
    const cursor = first.body.nextCursor ?? ''
    await sandbox.syft.page({ limit: 3, cursor, since: '2020-01-01T01:00:00+01:00', status: 'completed', order: 'asc' })
    expect(await codesIn(sandbox)).toEqual([])
  })
})

describe('cursor.foreign', () => {
  it('S-PAGE-8c is found in a cursor that was made up, and in one of another motion', async () => {
    const sandbox = await testSandbox(withRuns(5))
    const other = await sandbox.control<{ id: string }>('POST', '/syft/motions', {})
    const { body } = await sandbox.syft.page({ limit: 4 })
    await sandbox.syft.all({ limit: 4 })
    await sandbox.syft.page({ cursor: 'page2' })
    await sandbox.syft.page({ cursor: body.nextCursor ?? '' }, { motion: other.body.id })
    const found = (await findingsIn(sandbox)).filter(({ code }) => code === 'cursor.foreign')
    expect(found).toMatchObject([
      { severity: 'error', rule: 'S-PAGE-8c', message: expect.stringContaining('`page2` was never issued') },
      { message: expect.stringContaining(`for the motion \`${other.body.id}\``) },
    ])
  })
})

describe('status.unknown', () => {
  it.each([
    ['complete', 'Did you mean `completed`?'],
    ['FAILED', 'Did you mean `failed`?'],
    ['archived', 'The page names `completed`, `failed`, `skipped`, `in_progress`.'],
    ['completed,failed', 'Ask once for each status.'],
  ])('S-STATUS-4c is found in %s', async (status, advice) => {
    const sandbox = await testSandbox({ clock })
    await sandbox.syft.page({ status })
    expect(await findingsIn(sandbox)).toMatchObject([
      {
        code: 'status.unknown',
        severity: 'error',
        rule: 'S-STATUS-4c',
        message: `\`${status}\` is the status of no run, and matches nothing. ${advice}`,
      },
    ])
  })

  it('S-STATUS-2 S-STATUS-3c is not found in a status that the page names, or that some run has', async () => {
    const sandbox = await testSandbox({ clock })
    await sandbox.addRuns({ items: [{ status: 'archived' }] })
    for (const status of ['completed', 'failed', 'skipped', 'open', 'running', 'in_progress', 'archived']) {
      await sandbox.syft.page({ status })
    }
    await sandbox.addRuns({ items: [{ runId: 'was', status: 'parked' }] })
    await sandbox.syft.page({ status: 'parked' })
    await sandbox.control('PATCH', '/syft/runs/was', { status: 'completed' })
    expect(await codesIn(sandbox)).toEqual([])
  })
})

describe('status.default', () => {
  it('S-STATUS-1 is found with the third pass that leaves the status out where there are others', async () => {
    const sandbox = await testSandbox(withRuns(5))
    await sandbox.addRuns({ count: 12, status: 'failed' })
    await sandbox.addRuns({ count: 3, status: 'skipped' })
    await sandbox.syft.all({ limit: 2 })
    await sandbox.syft.all({ limit: 2 })
    expect(await codesIn(sandbox)).toEqual([])
    for (const _ of [3, 4, 5]) await sandbox.syft.all({ limit: 2 })
    expect(await findingsIn(sandbox)).toMatchObject([
      {
        code: 'status.default',
        severity: 'warning',
        rule: 'S-STATUS-1',
        message:
          'Without `status` only completed runs come, and 12 failed and 3 skipped were never asked for in 3 passes. Ask for each status that matters to you.',
      },
    ])
  })

  it('S-STATUS-1 is not found where each status was asked for, or the only others are not finished', async () => {
    const asking = await testSandbox(withRuns(5))
    await asking.addRuns({ count: 2, status: 'failed' })
    await asking.syft.all({ status: 'failed' })
    for (const _ of [1, 2, 3]) await asking.syft.all()
    expect(await codesIn(asking)).toEqual([])
    const waiting = await testSandbox(withRuns(5))
    await waiting.addRuns({ count: 2, status: 'running' })
    for (const _ of [1, 2, 3]) await waiting.syft.all()
    expect(await codesIn(waiting)).toEqual([])
  })

  it('S-STATUS-1 counts what there was when the pass ended, whatever became of it', async () => {
    const before = await testSandbox(withRuns(1))
    for (const _ of [1, 2, 3]) await before.syft.all()
    await before.addRuns({ count: 2, status: 'failed' })
    expect(await codesIn(before)).toEqual([])
    const after = await testSandbox(withRuns(1))
    await after.addRuns({ items: ['deleted', 'changed', 'kept'].map((runId) => ({ runId, status: 'failed' })) })
    for (const _ of [1, 2, 3]) await after.syft.all()
    await after.control('DELETE', '/syft/runs/deleted')
    await after.control('PATCH', '/syft/runs/changed', { status: 'completed' })
    expect((await findingsIn(after)).map(({ message }) => message)).toEqual([
      expect.stringContaining(' 3 failed were '),
    ])
  })
})

describe('pace.fast', () => {
  it('S-RATE-1 is found where a pass begins at once after another, on a clock that goes as real time does', async () => {
    const sandbox = await testSandbox()
    const first = await sandbox.syft.page()
    const second = await sandbox.syft.page()
    expect(await foundIn(sandbox, first)).toEqual([])
    expect(await foundIn(sandbox, second)).toMatchObject([
      {
        code: 'pace.fast',
        severity: 'warning',
        rule: 'S-RATE-1',
        message: expect.stringMatching(/^A new pass began \d+ ms after the one before it\. /),
      },
    ])
  })

  it('S-RATE-1 is not found between the pages of a pass, between statuses, nor where a failed request is repeated', async () => {
    const sandbox = await testSandbox({ data: { syft: { runs: { count: 5, status: 'completed' } } } })
    await script(sandbox, [{ respond: { status: 503 } }])
    await sandbox.syft.page({ limit: 2 })
    await sandbox.syft.all({ limit: 2 })
    await sandbox.syft.all({ limit: 2, status: 'failed' })
    expect(await codesIn(sandbox)).toEqual([])
  })

  it.each([
    ['stands still', { frozen: true }],
    ['goes faster than real time', { rate: 60 }],
  ])('S-RATE-1 is not found on a clock that %s', async (_, set) => {
    const sandbox = await testSandbox({ clock: set })
    await sandbox.syft.page()
    await sandbox.syft.page()
    expect(await codesIn(sandbox)).toEqual([])
  })

  it('S-RATE-1 is not found on a clock that was moved, until the sandbox is reset', async () => {
    const sandbox = await testSandbox()
    await sandbox.advance('1m')
    await sandbox.syft.page()
    await sandbox.syft.page()
    expect(await codesIn(sandbox)).toEqual([])
    await sandbox.control('POST', '/reset')
    await sandbox.syft.page()
    await sandbox.syft.page()
    expect(await codesIn(sandbox)).toEqual(['pace.fast'])
  })
})
