import { sql } from 'drizzle-orm'
import postgres from 'postgres'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { databaseContract } from './contract.ts'
import { checkPostgres, openPostgres } from './postgres.ts'

const url = process.env.TEST_DATABASE_URL ?? ''

let names = 0

/** A new database, and what takes it away. */
async function createDatabase() {
  const name = `sandport_unit_${process.pid}_${names++}`
  const admin = postgres(url, { max: 1, onnotice: () => {} })
  await admin.unsafe(`drop database if exists ${name}`)
  await admin.unsafe(`create database ${name}`)
  const own = new URL(url)
  own.pathname = `/${name}`
  return {
    url: own.href,
    async drop() {
      await admin.unsafe(`drop database ${name} with (force)`)
      await admin.end()
    },
  }
}

/** So many openings of one new database, which end with the test. */
async function testOpenings(count: number) {
  const { url: own, drop } = await createDatabase()
  onTestFinished(drop)
  const openings = await Promise.all(Array.from({ length: count }, () => openPostgres(own)))
  onTestFinished(async () => {
    await Promise.all(openings.map((each) => each.close()))
  })
  return { url: own, openings }
}

describe.runIf(url)('on Postgres', () => {
  databaseContract(async () => {
    const { url: own, drop } = await createDatabase()
    const [database, other] = [await openPostgres(own), await openPostgres(own)]
    return {
      database,
      other,
      async close() {
        await database.close()
        await other.close()
        await drop()
      },
    }
  })

  it('has its tables made once where four do so at the same time', async () => {
    const { url: own, openings } = await testOpenings(4)
    await Promise.all(openings.map((each) => each.migrate()))
    const single = postgres(own, { max: 1 })
    onTestFinished(() => single.end())
    const made = await single`select hash, count(*)::integer as times from drizzle.__drizzle_migrations group by hash`
    expect(made.length).toBeGreaterThan(0)
    expect(made.filter(({ times }) => times !== 1)).toEqual([])
    await openings[0]?.migrate()
    expect(await single`select count(*)::integer as count from sandport.sandbox`).toMatchObject([{ count: 0 }])
  }, 60_000)

  it('does exclusively what others do, too, and lets go where it fails', async () => {
    const { openings } = await testOpenings(4)
    let [underWay, most, done] = [0, 0, 0]
    const acts = openings.map((each, index) =>
      each.exclusively(async () => {
        most = Math.max(most, ++underWay)
        await each.ping()
        underWay--
        if (index === 1) throw new Error('No more')
        done++
      }),
    )
    const failed = (await Promise.allSettled(acts)).filter(({ status }) => status === 'rejected')
    expect([failed.length, done, most]).toEqual([1, 3, 1])
  })

  it('has a name that is the same for all who open it, and no other database has', async () => {
    const { openings } = await testOpenings(2)
    const { openings: others } = await testOpenings(1)
    const [one, two, other] = await Promise.all([...openings, ...others].map((each) => each.identify()))
    expect(one).toMatch(/^\d+-\d+$/)
    expect(two).toBe(one)
    expect(other).not.toBe(one)
  })

  it('listens on after its connection was lost, and says that something may have been missed', async () => {
    const { openings } = await testOpenings(2)
    const [database, other] = openings
    const heard: (string | undefined)[] = []
    const stop = await database?.listen('lost', (word) => heard.push(word))
    onTestFinished(async () => stop?.())
    const before = heard.length
    await other?.db.execute(
      sql`select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen "lost"' and datname = current_database()`,
    )
    await expect.poll(() => heard.slice(before), { timeout: 10_000 }).toEqual([undefined])
    await other?.db.execute(sql`select pg_notify('lost', 'word')`)
    await expect.poll(() => heard.slice(before), { timeout: 10_000 }).toEqual([undefined, 'word'])
  }, 30_000)

  it('has Postgres wait for it in a transaction for a quarter of a minute at most', async () => {
    const { openings } = await testOpenings(1)
    const found = await openings[0]?.db.execute(sql`show idle_in_transaction_session_timeout`)
    expect(found).toMatchObject([{ idle_in_transaction_session_timeout: '15s' }])
  })

  it('rejects a transaction whose connection is lost, and all that is asked in it after that', async () => {
    const { openings } = await testOpenings(2)
    const [database, other] = openings
    if (!database || !other) throw new Error('No databases')
    await other.db.execute(sql`create table written (id integer)`)
    const asked: Promise<string>[] = []
    const lost = database.db.transaction(async (tx) => {
      await tx.execute(sql`select 1`)
      await other.db.execute(
        sql`select pg_terminate_backend(pid) from pg_stat_activity where state = 'idle in transaction' and datname = current_database()`,
      )
      for (const id of [1, 2, 3]) {
        const insert = tx.execute(sql`insert into written values (${id})`)
        asked.push(insert.then(() => 'done').catch(() => 'rejected'))
        await asked.at(-1)
      }
    })
    await expect(lost).rejects.toMatchObject({ code: 'CONNECTION_CLOSED' })
    await vi.waitFor(() => expect(asked).toHaveLength(3))
    expect(await Promise.all(asked)).toEqual(['rejected', 'rejected', 'rejected'])
    // As many as there are connections, and more.
    const after = Array.from({ length: 30 }, (_, id) =>
      database.db.transaction((tx) => tx.execute(sql`insert into written values (${id})`)),
    )
    await Promise.all(after)
    expect(await other.db.execute(sql`select count(*)::integer as count from written`)).toMatchObject([{ count: 30 }])
  })

  it('finishes what is under way before it closes', async () => {
    const { url: own, openings } = await testOpenings(1)
    const [database] = openings
    const single = postgres(own, { max: 1 })
    onTestFinished(() => single.end())
    await single`select pg_advisory_lock(1)`
    const waiting = database?.db.execute(sql`select pg_advisory_lock(1), 'done' as state`).execute()
    const countWaiting = async () =>
      (
        await single`select from pg_locks join pg_database on pg_database.oid = database
          where not granted and datname = current_database()`
      ).count
    await expect.poll(countWaiting, { timeout: 10_000 }).toBe(1)
    const closed = database?.close()
    await single`select pg_advisory_unlock(1)`
    expect(await waiting).toMatchObject([{ state: 'done' }])
    await closed
    await expect(database?.ping()).rejects.toThrow()
  })

  it('lets in who may', async () => {
    await checkPostgres(url)
    const wrong = new URL(url)
    wrong.pathname = '/sandport_no_such_database'
    await expect(checkPostgres(wrong.href)).rejects.toMatchObject({ code: '3D000' })
  })
})

it('says why Postgres cannot be reached', async () => {
  await expect(checkPostgres('postgres://127.0.0.1:1/none')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})
