import { FormatRegistry } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { beforeAll, describe, expect, it } from 'vitest'
import { loadFaker } from '../../random.ts'
import { buildSyftPools, loadSyftPools, makeMotion, makeOrganization, makeRun, type SyftPools } from './seed.ts'
import { Account, accountFields, Contact, contactFields, Session, sessionFields } from './webhook-objects.ts'

const build = async (seed: number) => buildSyftPools(await loadFaker(seed), seed)
const parsed = (doc: string) => JSON.parse(doc) as Record<string, unknown>

let pools: SyftPools
beforeAll(async () => {
  FormatRegistry.Set('instant', () => true)
  pools = await loadSyftPools(42)
})

const accounts = () => pools.companies.map(({ account }) => account)
const contacts = () => pools.companies.flatMap((company) => company.contacts)
const sessions = () => pools.companies.flatMap((company) => company.sessions)

describe('the pools', () => {
  it('are the same for the same seed, built anew or kept, and others for another', async () => {
    const anew = JSON.stringify(await build(42))
    expect(anew).toBe(JSON.stringify(pools))
    expect(anew).not.toBe(JSON.stringify(await build(43)))
    expect(loadSyftPools(42)).toBe(loadSyftPools(42))
  })

  it('hold 120 companies, some 360 contacts, 150 sessions, no two of the same id', () => {
    expect([accounts().length, sessions().length]).toEqual([120, 150])
    expect(contacts().length).toBeGreaterThan(300)
    expect(contacts().length).toBeLessThan(420)
    const ids = [...accounts(), ...contacts(), ...sessions()].map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    expect(new Set(accounts().map(({ doc }) => parsed(doc).domain)).size).toBe(120)
  })

  it.each([
    ['accounts', Account, accountFields, accounts],
    ['contacts', Contact, contactFields, contacts],
    ['sessions', Session, sessionFields, sessions],
  ] as const)('hold %s with every documented field, in order and of its type', (_, schema, fields, objects) => {
    const names = fields.map(({ name }) => name)
    for (const { doc } of objects()) {
      const values = parsed(doc)
      expect(Object.keys(values)).toEqual(names)
      expect([...Value.Errors(schema, values)]).toEqual([])
      for (const { name, values: allowed } of fields) {
        if (allowed && values[name] !== null) expect(allowed).toContain(values[name])
      }
    }
  })

  it('know nearly everything of most accounts and little of a few', () => {
    const unknown = accounts().map(({ doc }) => Object.values(parsed(doc)).filter((value) => value === null).length)
    expect(unknown.filter((count) => count === 2).length).toBeGreaterThan(90)
    expect(unknown.filter((count) => count > 40).length).toBeGreaterThan(5)
  })

  it('show no instant but a birthday: the others are offsets, never after the start', () => {
    for (const { doc, from, to } of [...accounts(), ...contacts(), ...sessions()]) {
      expect(doc.replace(/"birthday":"[^"]*"/, '')).not.toMatch(/\d{4}-\d\d-\d\dT/)
      expect((from ?? 0) <= (to ?? 0) && (to ?? 0) <= 0).toBe(true)
    }
  })

  it('agree within a company', () => {
    for (const { account, contacts, sessions } of pools.companies) {
      const company = parsed(account.doc)
      expect(company.employeeCount).toBe(company.employees)
      expect(company.website).toBe(`https://www.${company.domain}`)
      for (const { doc, from, to } of contacts) {
        const contact = parsed(doc)
        expect(contact.company).toBe(company.name)
        expect(String(contact.email).split('@')[1]).toBe(company.domain)
        expect(contact.fullName).toBe(`${contact.firstName} ${contact.lastName}`)
        if (from !== null && to !== null && account.from !== null && account.to !== null) {
          expect(account.from <= from && to <= account.to).toBe(true)
          expect(contact.city).toBe(company.city)
        }
      }
      for (const session of sessions.map(({ doc }) => parsed(doc))) {
        expect(session.activeTime).toBe(session.active_time)
        expect(session.pagesVisited).toEqual(session.pages_visited)
        expect(session.enrichmentConfidence).toBe(session.enrichment_confidence)
        expect(session.country).toBe(company.country)
      }
    }
  })

  it('name what careless parsers stumble over', () => {
    const names = accounts().map(({ doc }) => String(parsed(doc).name))
    for (const mark of ['"', ',', '|', '`', '&', '<']) expect(names.some((name) => name.includes(mark))).toBe(true)
    expect(names.some((name) => name.startsWith('='))).toBe(true)
    for (const mark of ['\n', '\r\n', '\t', '```', '👨‍👩‍👧', 'ז']) {
      expect(pools.evaluationSummaries.some((text) => text.includes(mark))).toBe(true)
    }
  })
})

describe('makeRun', () => {
  const runs = (count: number) => Array.from({ length: count }, (_, index) => makeRun(pools, { seed: 42, index }))

  it('makes the same run for the same number, and no id twice', () => {
    expect(runs(300)).toEqual(runs(300))
    expect(new Set(runs(20_000).map(({ runId }) => runId)).size).toBe(20_000)
    expect(makeRun(pools, { seed: 43, index: 0 }).runId).not.toBe(makeRun(pools, { seed: 42, index: 0 }).runId)
  })

  it('meets every status, target and source within 500 runs, most of them completed', () => {
    const some = runs(500)
    const statuses = ['completed', 'failed', 'in_progress', 'open', 'running', 'skipped']
    expect([...new Set(some.map(({ status }) => status))].sort()).toEqual(statuses)
    expect(new Set(some.map(({ targetType }) => targetType)).size).toBe(3)
    expect(new Set(some.map(({ triggerSource }) => triggerSource))).toEqual(new Set(['webhook', 'csv', 'mcp', null]))
    const completed = some.filter(({ status }) => status === 'completed').length
    expect(completed).toBeGreaterThan(310)
    expect(completed).toBeLessThan(390)
  })

  it('gives each target what it is about', () => {
    for (const { targetType, account, contacts, session } of runs(500)) {
      if (targetType === 'MarContact') expect(contacts.length > 0 && account !== null).toBe(true)
      if (targetType === 'MarCompany') expect(contacts.length <= 3 && account !== null).toBe(true)
      if (targetType === 'MarSessionSummary') expect(session).not.toBeNull()
    }
  })

  it('says what went wrong of failed runs alone, and nothing yet of open ones', () => {
    for (const run of runs(500)) {
      expect(run.error !== null).toBe(run.status === 'failed')
      expect(run.durationMs >= 800 && run.durationMs <= 720_000 && Number.isInteger(run.durationMs)).toBe(true)
      if (run.status === 'completed') expect(run.actionPlanSummary).not.toBeNull()
      if (run.status === 'open') expect([run.evaluationSummary, run.triggerReason]).toEqual([null, null])
    }
  })

  it('takes what is given, null too, and leaves the rest as it would have been', () => {
    const drawn = makeRun(pools, { seed: 42, index: 3 })
    const given = makeRun(pools, { seed: 42, index: 3, status: 'paused', triggerSource: null })
    expect(given).toMatchObject({ status: 'paused', triggerSource: null, error: null })
    const same = ({ runId, account, contacts, durationMs }: typeof drawn) => ({ runId, account, contacts, durationMs })
    expect(same(given)).toEqual(same(drawn))
    expect(makeRun(pools, { seed: 42, index: 3, targetType: 'MarSessionSummary' }).session).not.toBeNull()
  })
})

it('makes motions and organizations that have a name and an id of their own', () => {
  const made = [0, 1, 2].flatMap((index) => [makeMotion({ seed: 1, index }), makeOrganization({ seed: 1, index })])
  expect(new Set(made.map(({ id }) => id)).size).toBe(6)
  expect(made.every(({ id, name }) => /^cl[0-9a-z]{23}$/.test(id) && name.length > 5)).toBe(true)
  expect(makeMotion({ seed: 1, index: 0 })).toEqual(made[0])
})
