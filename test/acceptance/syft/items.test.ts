import { describe, expect, it } from 'vitest'
import { type Item, testSandbox } from '../../harness/sandbox.ts'
import { accountTypes, contactTypes, type FieldType, sessionTypes } from './documented-objects.ts'

type Fields = Record<string, unknown>

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/
const isText = (value: unknown) => typeof value === 'string'
const isInstant = (value: unknown) =>
  typeof value === 'string' && instant.test(value) && new Date(value).toISOString() === value
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const orNull = (isRight: (value: unknown) => boolean) => (value: unknown) => value === null || isRight(value)

/** The table of the page: what each field of a run may be. */
const table: Record<string, (value: unknown) => boolean> = {
  runId: isText,
  status: isText,
  createdAt: isInstant,
  updatedAt: isInstant,
  completedAt: orNull(isInstant),
  targetType: isText,
  triggerSource: orNull(isText),
  account: orNull(isObject),
  contacts: (value) => Array.isArray(value) && value.every(isObject),
  session: orNull(isObject),
  evaluationSummary: orNull(isText),
  triggerReason: orNull(isText),
  actionPlanSummary: orNull(isText),
  error: orNull(isText),
}

const isOfType: Record<FieldType, (value: unknown) => boolean> = {
  string: orNull(isText),
  number: orNull((value) => typeof value === 'number'),
  boolean: orNull((value) => typeof value === 'boolean'),
  datetime: orNull(isInstant),
  object: orNull(isObject),
  'string[]': (value) => Array.isArray(value) && value.every(isText),
}

/** Every run of a sandbox that was seeded with 400 of them. */
async function seededItems(seed: number): Promise<Item[]> {
  const { syft } = await testSandbox({ seed, data: { syft: { runs: { count: 400 } } } })
  const lists = ['completed', 'failed', 'skipped', 'in_progress'].map((status) => syft.all({ status, limit: 100 }))
  const items = (await Promise.all(lists)).flatMap(({ items }) => items)
  expect(items).toHaveLength(400)
  return items
}

describe.each([1, 2])('every item of a seeded sandbox (seed %i)', (seed) => {
  it('S-ITEM-1 X-TIME-2c has the 14 fields of the table, in its order and of its types', async () => {
    for (const item of await seededItems(seed)) {
      expect(Object.keys(item)).toEqual(Object.keys(table))
      expect(Object.entries(table).filter(([name, isRight]) => !isRight(item[name]))).toEqual([])
    }
  })

  it('S-ITEM-2 S-ITEM-4c has completedAt exactly where it has come to its end, and error only where it failed', async () => {
    const items = await seededItems(seed)
    for (const { status, createdAt, updatedAt, completedAt, error } of items) {
      const isOver = ['completed', 'failed', 'skipped'].includes(status)
      expect(completedAt !== null).toBe(isOver)
      if (typeof completedAt === 'string') expect(completedAt >= createdAt && completedAt <= updatedAt).toBe(true)
      expect(typeof error).toBe(status === 'failed' ? 'string' : 'object')
      expect(updatedAt >= createdAt).toBe(true)
    }
    const seen = new Set(items.map(({ status }) => status))
    expect(seen).toEqual(new Set(['completed', 'failed', 'skipped', 'open', 'running', 'in_progress']))
  })

  it('S-ITEM-3 is about a contact, a company or a session, and says where it came from, if that is known', async () => {
    const items = await seededItems(seed)
    expect(new Set(items.map(({ targetType }) => targetType))).toEqual(
      new Set(['MarContact', 'MarCompany', 'MarSessionSummary']),
    )
    expect(new Set(items.map(({ triggerSource }) => triggerSource))).toEqual(new Set(['webhook', 'csv', 'mcp', null]))
  })

  it('S-ITEM-2 S-ITEM-4c carries the documented fields of account, contacts and session', async () => {
    const items = await seededItems(seed)
    const objects = (field: 'account' | 'contacts' | 'session') =>
      items.flatMap((item) => item[field]).filter((object) => object !== null)
    expectDocumented(objects('account'), accountTypes)
    expectDocumented(objects('contacts'), contactTypes)
    expectDocumented(objects('session'), sessionTypes)
    expect([accountTypes.size, contactTypes.size, sessionTypes.size]).toEqual([71, 76, 24])
    expect(new Set(items.map(({ contacts }) => (contacts as unknown[]).length)).size).toBeGreaterThan(2)
    expect(items.some(({ session }) => session === null)).toBe(true)
    expect(items.some(({ account }) => account === null)).toBe(true)
  })
})

/** Each object has exactly the documented fields with their types, and each field is known of some object. */
function expectDocumented(objects: unknown[], types: ReadonlyMap<string, FieldType>) {
  const known = new Set<string>()
  for (const object of objects) {
    if (!isObject(object)) throw new Error(`Not an object: ${JSON.stringify(object)}`)
    expect(Object.keys(object).toSorted()).toEqual([...types.keys()].toSorted())
    const wrong = [...types].filter(([name, type]) => !isOfType[type](object[name]))
    expect(wrong).toEqual([])
    for (const [name, value] of Object.entries(object)) if (value !== null) known.add(name)
  }
  expect([...types.keys()].filter((name) => !known.has(name))).toEqual([])
}

describe('an item', () => {
  it('S-ITEM-1 S-ITEM-4c shows what it was given, and null or an empty list for the rest of an object', async () => {
    const { syft, addRuns } = await testSandbox()
    const given = {
      runId: 'clxxx',
      status: 'completed',
      createdAt: '2024-01-01T10:00:00.000Z',
      updatedAt: '2024-01-01T10:05:00.000Z',
      completedAt: '2024-01-01T10:05:00.000Z',
      targetType: 'MarContact',
      triggerSource: 'webhook',
      session: null,
      evaluationSummary: 'High intent lead from pricing page',
      triggerReason: 'Matched ICP criteria',
      actionPlanSummary: 'Send welcome email',
      error: null,
    }
    const account = { domain: 'example.com', name: 'Example Inc', employeeCount: 100 }
    const contacts = [
      { email: 'lead@example.com', firstName: 'John', lastName: 'Doe', title: 'VP Marketing' },
      { email: 'second@example.com', syft_first_seen: '2024-01-01T00:00:00.000Z' },
    ]
    await addRuns({ items: [{ ...given, account, contacts }] })
    const { body } = await syft.page()
    expect(body.items).toEqual([
      {
        ...given,
        account: { ...blank(accountTypes), ...account },
        contacts: contacts.map((contact) => ({ ...blank(contactTypes), ...contact })),
      },
    ])
  })

  it('S-ITEM-1 shows any text as it is', async () => {
    const { syft, addRuns } = await testSandbox()
    const awkward = '"quoted" \\ back\\slash \n\t\r \u2028 é 名前 🏁 </script> \u0001'
    const account = { name: awkward, primary_location: { city: awkward, [awkward]: null } }
    const item = { evaluationSummary: awkward, error: awkward, triggerSource: awkward, account }
    await addRuns({ items: [{ status: 'completed', ...item }] })
    const { body } = await syft.page()
    expect(body.items[0]).toMatchObject(item)
  })

  it('S-ITEM-2 S-ITEM-4c gets a completedAt when it ends, and loses its error when it no longer has failed', async () => {
    const { syft, addRuns, control, advance } = await testSandbox({
      clock: { now: '2026-01-02T00:00:00Z', frozen: true },
    })
    await addRuns({ items: [{ runId: 'run', status: 'running', createdAt: '2026-01-01T00:00:00Z' }] })
    const shown = async (status: string) => (await syft.page({ status })).body.items[0]
    expect(await shown('in_progress')).toMatchObject({ status: 'running', completedAt: null, error: null })
    await advance('1h')
    await control('PATCH', '/syft/runs/run', { status: 'failed', error: 'Timed out' })
    const failed = { completedAt: '2026-01-02T01:00:00.000Z', error: 'Timed out' }
    expect(await shown('failed')).toMatchObject(failed)
    await control('PATCH', '/syft/runs/run', { status: 'completed' })
    expect(await shown('completed')).toMatchObject({ error: null, completedAt: failed.completedAt })
  })
})

function blank(types: ReadonlyMap<string, FieldType>): Fields {
  return Object.fromEntries([...types].map(([name, type]) => [name, type === 'string[]' ? [] : null]))
}
