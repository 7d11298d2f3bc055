import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { databaseContract } from './contract.ts'
import { openPglite } from './pglite.ts'

databaseContract(async () => {
  const database = await openPglite({})
  return { database, other: database, close: () => database.close() }
})

it('makes its tables once, and finishes what is under way before it closes', async () => {
  const database = await openPglite({})
  await database.migrate()
  await database.migrate()
  const counting = database.db.execute(sql`select count(*)::integer as count from sandport.sandbox`).execute()
  await database.close()
  expect(await counting).toMatchObject({ rows: [{ count: 0 }] })
  await expect(database.ping()).rejects.toThrow()
}, 60_000)
