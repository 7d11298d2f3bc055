import { describe, expect, it } from 'vitest'
import { codesIn, findingsIn, foundIn } from '../../harness/findings.ts'
import { testSandbox } from '../../harness/sandbox.ts'

const clock = { now: '2026-03-01T12:00:00Z', frozen: true }

describe('param.unknown', () => {
  it('X-PARAM-1c names the parameter that was misspelt, and the one that was meant', async () => {
    const sandbox = await testSandbox({ clock })
    const answer = await sandbox.syft.page({ stauts: 'failed' })
    expect(await foundIn(sandbox, answer)).toEqual([
      {
        code: 'param.unknown',
        severity: 'warning',
        rule: 'X-PARAM-1c',
        message: '`stauts` is ignored; did you mean `status`?',
        exchange: answer.headers.get('sandport-exchange'),
        operation: 'syft.exportRuns',
        at: '2026-03-01T12:00:00.000Z',
      },
    ])
  })

  it('X-PARAM-1c is about case, too, and lists what there is where nothing is like it', async () => {
    const sandbox = await testSandbox()
    await sandbox.syft.page('Limit=5&q=x')
    await sandbox.memsolus.create({ userId: 'u' })
    await sandbox.memsolus.list({ pageSize: 5 })
    expect((await findingsIn(sandbox)).map(({ message }) => message)).toEqual([
      '`Limit` is ignored; did you mean `limit`?',
      expect.stringMatching(/^`q` is ignored; there are `cursor`, `limit`, /),
      '`userId` is ignored; did you mean `user_id`?',
      '`pageSize` is ignored; did you mean `page_size`?',
    ])
  })

  it('X-PARAM-1c is found on calls that take no parameters at all', async () => {
    const sandbox = await testSandbox()
    const { id } = await sandbox.memsolus.finished()
    await sandbox.memsolus.get(`${id}?verbose=1`)
    await sandbox.memsolus.get(`${id}/download?format=csv`)
    expect((await findingsIn(sandbox)).map(({ message }) => message)).toEqual([
      '`verbose` is ignored; memsolus.getExport takes no parameters',
      '`format` is ignored; memsolus.downloadExport takes no parameters',
    ])
  })

  it('X-PARAM-1c is not found where every parameter is documented', async () => {
    const sandbox = await testSandbox({ clock })
    const query = { limit: 10, since: '2026-01-01T00:00:00Z', until: '2026-02-01T00:00:00Z', order: 'desc' }
    await sandbox.syft.page({ ...query, status: 'failed', fields: 'status' })
    await sandbox.memsolus.create({
      format: 'csv',
      user_id: 'u',
      agent_id: 'a',
      session_id: 's',
      priority: 'HIGH',
      categories: 'a,b',
      created_after: '2026-01-01T00:00:00Z',
      created_before: '2026-02-01T00:00:00Z',
    })
    await sandbox.memsolus.list({ page: 1, page_size: 10 })
    expect(await codesIn(sandbox)).toEqual([])
  })
})

describe('param.repeated', () => {
  it('X-PARAM-1c is found where one value is taken and several are given', async () => {
    const sandbox = await testSandbox()
    await sandbox.syft.page('status=failed&status=skipped&status=open')
    expect(await findingsIn(sandbox)).toMatchObject([
      {
        code: 'param.repeated',
        severity: 'warning',
        message: '`status` was given 3 times, and only the first one counts. Give it once.',
      },
    ])
  })

  it('M-CREATE-3c is not found for categories, which may be repeated', async () => {
    const sandbox = await testSandbox()
    await sandbox.memsolus.create('categories=a&categories=b')
    expect(await codesIn(sandbox)).toEqual([])
  })
})

describe('param.empty', () => {
  it('X-PARAM-1c is a note on a parameter without a value', async () => {
    const sandbox = await testSandbox()
    await sandbox.syft.page('since=&cursor=')
    await sandbox.memsolus.create('user_id=')
    expect((await findingsIn(sandbox)).map(({ severity, message }) => [severity, message])).toEqual([
      ['note', '`since` is empty and was taken as absent. Leave it out where there is no value.'],
      ['note', '`cursor` is empty and was taken as absent. Leave it out where there is no value.'],
      ['note', '`user_id` is empty and was taken as absent. Leave it out where there is no value.'],
    ])
  })

  it('S-FIELDS-2 is not found for fields, of which the page says what it means', async () => {
    const sandbox = await testSandbox()
    await sandbox.syft.page('fields=')
    expect(await codesIn(sandbox)).toEqual([])
  })
})

describe('time.not-a-time', () => {
  it.each([
    ['undefined', 'the text `undefined`, which is no time. Leave the parameter out where there is no value yet.'],
    ['null', 'the text `null`, which is no time. Leave the parameter out where there is no value yet.'],
    ['NaN', 'the text `NaN`, which is no time. Leave the parameter out where there is no value yet.'],
    ['1767225600', 'the number `1767225600`, which is no time. Send ISO 8601, such as 2026-01-01T00:00:00Z.'],
    ['yesterday', '`yesterday`, which is no time. Send ISO 8601, such as 2026-01-01T00:00:00Z.'],
    ['2026-02-30T00:00:00Z', '`2026-02-30T00:00:00Z`, which is no time. Send ISO 8601, such as 2026-01-01T00:00:00Z.'],
  ])('X-TIME-1c S-TIME-3 is found in %s', async (value, said) => {
    const sandbox = await testSandbox()
    await sandbox.syft.page({ since: value })
    await sandbox.memsolus.create({ created_after: value })
    expect(await findingsIn(sandbox)).toMatchObject([
      { code: 'time.not-a-time', severity: 'error', operation: 'syft.exportRuns', message: `\`since\` is ${said}` },
      { code: 'time.not-a-time', operation: 'memsolus.createExport', message: `\`created_after\` is ${said}` },
    ])
  })
})

describe('time.plus', () => {
  it('X-TIME-1c is found where the + of a zone was not encoded', async () => {
    const sandbox = await testSandbox()
    await sandbox.syft.page('until=2026-01-01T00:00:00+02:00')
    expect(await findingsIn(sandbox)).toMatchObject([
      {
        code: 'time.plus',
        severity: 'error',
        message:
          'The + in `until` arrived as a space: `2026-01-01T00:00:00 02:00`. Encode it as %2B, or send the time in UTC with a Z.',
      },
    ])
  })

  it('X-TIME-1c is not found where it was', async () => {
    const sandbox = await testSandbox()
    await sandbox.syft.page({ until: '2026-01-01T00:00:00+02:00' })
    expect(await codesIn(sandbox)).toEqual([])
  })
})

it('X-TIME-1c time.no-zone is found in a time without a zone, which was read as UTC', async () => {
  const sandbox = await testSandbox()
  await sandbox.syft.page({ since: '2026-01-01T00:00:00' })
  await sandbox.memsolus.create({ created_before: '2026-01-01' })
  expect(await findingsIn(sandbox)).toMatchObject([
    {
      code: 'time.no-zone',
      severity: 'warning',
      message: "`since` is `2026-01-01T00:00:00`, without a zone, and was read as UTC. Add Z, or the zone's offset.",
    },
    { code: 'time.no-zone', message: expect.stringContaining('`created_before` is `2026-01-01`') },
  ])
})

describe('limit.capped', () => {
  it('S-PAGE-2 M-LIST-2c is a note on a page that was asked for larger than it can be', async () => {
    const sandbox = await testSandbox()
    await sandbox.syft.page({ limit: 500 })
    await sandbox.memsolus.list({ page_size: 101 })
    expect(await findingsIn(sandbox)).toMatchObject([
      {
        code: 'limit.capped',
        severity: 'note',
        rule: 'S-PAGE-2',
        message: '`limit` is `500` and was capped to 100. Count on no more than that on a page.',
      },
      { code: 'limit.capped', rule: 'M-LIST-2c', message: expect.stringContaining('`page_size` is `101`') },
    ])
  })

  it('S-PAGE-2 M-LIST-1 is not found at the most that a page can have, nor where the limit is refused', async () => {
    const sandbox = await testSandbox()
    await sandbox.syft.page({ limit: 100 })
    await sandbox.memsolus.list({ page_size: 100 })
    await sandbox.syft.page({ limit: -500 })
    expect(await codesIn(sandbox)).not.toContain('limit.capped')
  })
})
