import { drizzle } from 'drizzle-orm/pg-proxy'
import { describe, expect, it } from 'vitest'
import { defaultReading } from '../../sandbox/sandbox.ts'
import { parseQuery } from '../../wire/query.ts'
import { type PageRequest, readPageRequest } from './export-query.ts'
import { readPage } from './page-query.ts'

const heavy = ['account', 'contacts', 'session'] as const
const tables = { account: '"syft"."account"', contacts: '"syft"."contact"', session: '"syft"."session"' }

/** The statements that a page is read with. */
async function statementsOf(search: string): Promise<string[]> {
  const statements: string[] = []
  const db = drizzle(async (sql) => {
    statements.push(sql)
    return { rows: [] }
  })
  const page: PageRequest = readPageRequest(parseQuery(search), { motionId: 'm', reading: defaultReading })
  await readPage(db, { sandboxId: 's', motionId: 'm', order: 'createdAt' }, page)
  return statements
}

/** Which of the heavy fields a page looks up. */
async function lookedUp(search: string) {
  const text = (await statementsOf(search)).join('\n')
  return heavy.filter((field) => text.includes(tables[field]))
}

describe('readPage', () => {
  it('S-FIELDS-4 looks up account, contacts and session only where they are asked for', async () => {
    expect(await lookedUp('')).toEqual(heavy)
    expect(await lookedUp('fields=status,createdAt,error')).toEqual([])
    for (const field of heavy) expect(await lookedUp(`fields=runId,${field}`)).toEqual([field])
    expect(await lookedUp('fields=contacts,account')).toEqual(['account', 'contacts'])
  })

  it('S-FIELDS-4 looks up nothing more for another window, order or status', async () => {
    const narrow = 'fields=status&since=2026-01-01&until=2026-02-01&order=desc&status=in_progress'
    expect(await lookedUp(narrow)).toEqual([])
  })

  it('S-FIELDS-4 reads a whole page in one statement', async () => {
    expect(await statementsOf('')).toHaveLength(1)
    expect(await statementsOf('status=in_progress&limit=100')).toHaveLength(1)
  })
})
