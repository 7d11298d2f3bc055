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

it('takes up no more room, however often rows come and go', async () => {
  const { pglite, tidy, close } = await openPglite({})
  const sizeOf = async (sql: string) =>
    (await pglite.query<{ bytes: number }>(`select (${sql})::float8 as bytes`)).rows[0]?.bytes
  await pglite.exec('create table passing (id integer primary key, content text)')
  for (let round = 0; round < 4; round++) {
    await pglite.exec(`insert into passing select i, repeat('x', 1900) from generate_series(1, 9000) as i`)
    await pglite.exec('delete from passing')
    await tidy()
    expect(await sizeOf(`pg_total_relation_size('passing')`)).toBeLessThan(1_000_000)
    expect(await sizeOf('select sum(size) from pg_ls_waldir()')).toBeLessThan(50_000_000)
  }
  await close()
}, 60_000)

it('says why it stops where its log cannot be written, and rejects whatever is asked of it from then on', async () => {
  const broken: Error[] = []
  const { pglite, db, ping, close } = await openPglite({ onBroken: (error) => void broken.push(error) })
  await pglite.exec('create table kept (id integer)')
  await expect(pglite.exec('select 1 / 0')).rejects.toThrow('division by zero')
  await expect(pglite.exec('select nothing')).rejects.toThrow('does not exist')
  expect(broken).toEqual([])
  const log = '/pglite/data/pg_wal'
  pglite.Module.FS.rename(log, `${log}-moved`)
  const message = /^the embedded database has stopped: could not .*pg_wal.*\.$/
  await expect(pglite.exec('select pg_switch_wal(); insert into kept values (1); checkpoint')).rejects.toThrow(message)
  expect(broken).toMatchObject([{ name: 'DatabaseBroken', message: expect.stringMatching(message) }])
  await expect(ping()).rejects.toThrow(message)
  await expect(db.transaction((tx) => tx.execute('select 1'))).rejects.toThrow(message)
  await expect(pglite.exec('select 1')).rejects.toThrow(message)
  expect(broken).toHaveLength(1)
  await close()
}, 60_000)
