import { describe, expect, it } from 'vitest'
import { codesIn, findingsIn, foundIn } from '../../harness/findings.ts'
import { testSandbox } from '../../harness/sandbox.ts'

const clock = { now: '2026-03-01T12:00:00Z', frozen: true }

const at = (time: string, end = time) => ({
  status: 'completed',
  createdAt: `2026-03-01T${time}Z`,
  updatedAt: `2026-03-01T${end}Z`,
})

describe('since.future', () => {
  it('S-TIME-1 is found where since is ahead of the sandbox’s clock, and says by how much', async () => {
    const sandbox = await testSandbox({ clock })
    await sandbox.syft.page({ since: '2026-03-01T12:03:00Z' })
    expect(await findingsIn(sandbox)).toMatchObject([
      {
        code: 'since.future',
        severity: 'warning',
        rule: 'S-TIME-1',
        message: expect.stringMatching(
          /^`since` is 3 min ahead of the server, whose clock says 2026-03-01T12:00:00.000Z;/,
        ),
      },
    ])
  })

  it('S-TIME-1 is not found up to a second ahead, as clocks are never quite the same', async () => {
    const sandbox = await testSandbox({ clock })
    await sandbox.syft.page({ since: '2026-03-01T12:00:01Z' })
    expect(await codesIn(sandbox)).toEqual([])
    await sandbox.syft.page({ since: '2026-03-01T12:00:01.001Z' })
    expect(await codesIn(sandbox)).toEqual(['since.future'])
  })
})

describe('since.tie', () => {
  it('S-TIME-1 is found where a pass begins at the updatedAt of the run that was served last', async () => {
    const sandbox = await testSandbox({ clock })
    await sandbox.addRuns({ items: [at('10:00:00', '11:00:00'), at('10:01:00', '10:30:00')] })
    await sandbox.syft.page()
    const latest = await sandbox.syft.page({ since: '2026-03-01T11:00:00Z' })
    const last = await sandbox.syft.page({ since: '2026-03-01T10:30:00.000+00:00' })
    expect(await foundIn(sandbox, latest)).toMatchObject([
      {
        code: 'since.tie',
        severity: 'warning',
        rule: 'S-TIME-1',
        message: expect.stringContaining('`since` is 2026-03-01T11:00:00.000Z, exactly the `updatedAt` of a run'),
      },
    ])
    expect(await foundIn(sandbox, last)).toMatchObject([{ code: 'since.tie' }])
  })

  it('S-TIME-1 is not found where passes overlap, on later pages, and for what was never served', async () => {
    const sandbox = await testSandbox({ clock })
    await sandbox.addRuns({ items: [at('10:00:00'), at('10:01:00'), at('10:02:00'), at('10:03:00')] })
    await sandbox.syft.page({ since: '2026-03-01T10:03:00Z' })
    await sandbox.syft.all({ limit: 2 })
    // A minute before the latest run there was one, too, and it is not where the pages ended.
    await sandbox.syft.page({ since: '2026-03-01T10:02:00Z' })
    await sandbox.syft.page({ since: '2026-03-01T10:02:59Z' })
    await sandbox.syft.page({ since: '2026-03-01T10:03:00Z', status: 'failed' })
    expect(await codesIn(sandbox)).toEqual([])
  })

  it('S-TIME-4c is not found where the sandbox reads since as inclusive', async () => {
    const sandbox = await testSandbox({ clock, reading: { since: 'inclusive' } })
    await sandbox.addRuns({ items: [at('10:00:00')] })
    await sandbox.syft.page()
    await sandbox.syft.page({ since: '2026-03-01T10:00:00Z' })
    expect(await codesIn(sandbox)).toEqual([])
  })
})

describe('since.seam', () => {
  it('S-TIME-4c is found where a window begins at the end of one before it', async () => {
    const sandbox = await testSandbox({ clock })
    await sandbox.syft.page({ since: '2026-03-01T08:00:00Z', until: '2026-03-01T09:00:00Z' })
    await sandbox.syft.page({ since: '2026-03-01T09:00:00Z', until: '2026-03-01T10:00:00Z' })
    expect(await findingsIn(sandbox)).toMatchObject([
      {
        code: 'since.seam',
        severity: 'warning',
        rule: 'S-TIME-4c',
        message: expect.stringContaining('`since` is 2026-03-01T09:00:00.000Z, the `until` of an earlier pass'),
      },
    ])
  })

  it('S-TIME-4c is not found where windows overlap, or are of different statuses', async () => {
    const sandbox = await testSandbox({ clock })
    await sandbox.syft.page({ since: '2026-03-01T08:00:00Z', until: '2026-03-01T09:00:00Z' })
    await sandbox.syft.page({ since: '2026-03-01T08:59:59.999Z', until: '2026-03-01T10:00:00Z' })
    await sandbox.syft.page({ since: '2026-03-01T09:00:00Z', status: 'failed' })
    expect(await codesIn(sandbox)).toEqual([])
  })
})

describe('window.empty', () => {
  it.each([
    ['the end of the window', '2026-03-01T10:00:00Z'],
    ['after its end', '2026-03-01T11:00:00Z'],
  ])('S-TIME-4c is found where since is %s', async (_, since) => {
    const sandbox = await testSandbox({ clock })
    await sandbox.syft.page({ since, until: '2026-03-01T11:00:00+01:00' })
    expect(await findingsIn(sandbox)).toMatchObject([
      {
        code: 'window.empty',
        severity: 'warning',
        rule: 'S-TIME-4c',
        message: expect.stringContaining('`until` is 2026-03-01T10:00:00.000Z: no run can be between them'),
      },
    ])
  })

  it('S-TIME-4c is not found where a window is as short as can be', async () => {
    const sandbox = await testSandbox({ clock })
    await sandbox.syft.page({ since: '2026-03-01T10:00:00Z', until: '2026-03-01T10:00:00.0001Z' })
    expect(await codesIn(sandbox)).toEqual([])
  })
})
