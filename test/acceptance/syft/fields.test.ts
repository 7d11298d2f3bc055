import { describe, expect, it } from 'vitest'
import { testSandbox } from '../../harness/sandbox.ts'

const names = [
  ...['runId', 'status', 'createdAt', 'updatedAt', 'completedAt', 'targetType', 'triggerSource'],
  ...['account', 'contacts', 'session', 'evaluationSummary', 'triggerReason', 'actionPlanSummary', 'error'],
]
const valid = `Valid fields: ${names.join(', ')}`
const data = { syft: { runs: { count: 4, status: 'completed' } } }

/** The names in the items of a page, which are the same in each. */
async function shownBy(fields: string) {
  const { syft } = await testSandbox({ data })
  const { body } = await syft.page({ fields })
  const [first, ...others] = body.items.map((item) => Object.keys(item))
  for (const other of others) expect(other).toEqual(first)
  return first
}

describe('fields', () => {
  it('S-FIELDS-1 gives the listed fields and runId, nothing else', async () => {
    expect(await shownBy('status,account,contacts')).toEqual(['runId', 'status', 'account', 'contacts'])
    expect(await shownBy('error')).toEqual(['runId', 'error'])
    expect(await shownBy('runId')).toEqual(['runId'])
  })

  it.each(names)('S-FIELDS-1 gives %s alone, with the value it has beside the others', async (name) => {
    const { syft } = await testSandbox({ data })
    const whole = await syft.page()
    const { body } = await syft.page({ fields: name })
    expect(body.items).toEqual(whole.body.items.map((item) => ({ runId: item.runId, [name]: item[name] })))
    expect({ ...body, items: [] }).toEqual({ ...whole.body, items: [] })
  })

  it('S-FIELDS-2 gives all fields where it is absent or empty', async () => {
    const { syft } = await testSandbox({ data })
    const absent = await syft.page()
    const empty = await syft.page('fields=')
    expect(Object.keys(absent.body.items[0] ?? {})).toEqual(names)
    expect(empty.text).toBe(absent.text)
  })

  it('S-FIELDS-5c gives them in the documented order, whatever order they are listed in', async () => {
    expect(await shownBy(names.toReversed().join(','))).toEqual(names)
    expect(await shownBy('error,account,status')).toEqual(['runId', 'status', 'account', 'error'])
  })

  it('S-FIELDS-5c ignores spaces, repeats and blanks', async () => {
    const expected = ['runId', 'status', 'contacts']
    expect(await shownBy(' status , contacts ')).toEqual(expected)
    expect(await shownBy('status,contacts,status,runId,contacts')).toEqual(expected)
    expect(await shownBy(',,status,, ,contacts,')).toEqual(expected)
  })

  it.each([',', ' ', ', ,', ',,,'])('S-FIELDS-5c of nothing but blanks is all: %j', async (fields) => {
    expect(await shownBy(fields)).toEqual(names)
  })

  it('S-FIELDS-3 S-FIELDS-5c names every unknown one, then the valid ones', async () => {
    const { syft } = await testSandbox()
    const { status, body } = await syft.page({ fields: 'x,status,y' })
    expect({ status, body }).toEqual({ status: 400, body: { error: `Invalid fields: x, y. ${valid}` } })
  })

  it.each([
    ['Status', 'Status'],
    ['runID', 'runID'],
    ['account.domain', 'account.domain'],
    ['*', '*'],
    ['status;account', 'status;account'],
    [' a b , a b ,c', 'a b, c'],
    ['%s,%d,%', '%s, %d, %'],
    ['constructor,__proto__,toString', 'constructor, __proto__, toString'],
    ['\0,\n', '\uFFFD'],
    ['名前,🏁', '名前, 🏁'],
  ])('S-FIELDS-3 S-FIELDS-5c says which of %j are unknown', async (fields, unknown) => {
    const { syft } = await testSandbox()
    const { status, body } = await syft.page({ fields })
    expect({ status, body }).toEqual({ status: 400, body: { error: `Invalid fields: ${unknown}. ${valid}` } })
  })

  it('S-FIELDS-1 S-PAGE-5 may change from page to page', async () => {
    const { syft } = await testSandbox({ data })
    const first = await syft.page({ limit: 2, fields: 'error' })
    const second = await syft.page({ limit: 2, cursor: first.body.nextCursor ?? '', fields: 'status' })
    const whole = await syft.page()
    const items = [...first.body.items, ...second.body.items]
    expect(items.map(({ runId }) => runId)).toEqual(whole.body.items.map(({ runId }) => runId))
    expect(items.map((item) => Object.keys(item)[1])).toEqual(['error', 'error', 'status', 'status'])
  })
})
