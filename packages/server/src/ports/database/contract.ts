import { asc, eq, sql } from 'drizzle-orm'
import { integer, pgTable } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { instant, text } from './columns.ts'
import type { DatabasePort } from './database.ts'

const rows = pgTable('contract', { id: integer('id').primaryKey(), name: text('name'), at: instant('at') })

type Openings = {
  database: DatabasePort
  /** The same database, as another process has it open: the same opening where only one can. */
  other: DatabasePort
  close(): Promise<void>
}

/** What every adapter does alike. `open` answers openings of a database that nothing else uses. */
export function databaseContract(open: () => Promise<Openings>): void {
  let openings: Openings
  beforeAll(async () => {
    openings = await open()
    await openings.database.db.execute(
      sql`create table contract (id integer primary key, name text collate "C", at timestamp (3) with time zone)`,
    )
  }, 60_000)
  afterAll(() => openings.close())

  /** The database, with nothing in its table. */
  async function emptied() {
    await openings.database.db.delete(rows)
    return openings
  }

  describe('as any database', () => {
    it('keeps all of a transaction', async () => {
      const { database, other } = await emptied()
      const answer = await database.db.transaction(async (tx) => {
        await tx.insert(rows).values({ id: 1, name: 'one' })
        await tx.insert(rows).values({ id: 2, name: 'two' })
        return (await tx.select().from(rows)).length
      })
      expect(answer).toBe(2)
      expect(await other.db.select({ id: rows.id }).from(rows).orderBy(rows.id)).toEqual([{ id: 1 }, { id: 2 }])
    })

    it('keeps nothing of a transaction that fails, be it by a query or not, and goes on', async () => {
      const { database, other } = await emptied()
      const failure = new Error('No more')
      const thrown = database.db.transaction(async (tx) => {
        await tx.insert(rows).values({ id: 1 })
        throw failure
      })
      await expect(thrown).rejects.toBe(failure)
      const refused = database.db.transaction(async (tx) => {
        await tx.insert(rows).values({ id: 2 })
        await tx.insert(rows).values({ id: 2 })
      })
      await expect(refused).rejects.toMatchObject({ cause: { code: '23505' } })
      expect(await other.db.select().from(rows)).toEqual([])
      await database.db.insert(rows).values({ id: 3 })
      expect(await other.db.select().from(rows)).toHaveLength(1)
    })

    it('does one of two transactions that change the same row after the other', async () => {
      const { database, other } = await emptied()
      await database.db.insert(rows).values({ id: 1, name: '' })
      const append = ({ db }: DatabasePort, letter: string) =>
        db.transaction(async (tx) => {
          const [row] = await tx.select().from(rows).where(eq(rows.id, 1)).for('update')
          await tx.update(rows).set({ name: `${row?.name}${letter}` })
        })
      await Promise.all([...'abcdefgh'].map((letter, index) => append(index % 2 ? database : other, letter)))
      const [row] = await database.db.select().from(rows)
      expect([...(row?.name ?? '')].sort().join('')).toBe('abcdefgh')
    })

    it.each([
      '1000-01-01T00:00:00.000Z',
      '1582-10-10T12:00:00.001Z',
      '1883-11-18T11:59:59.999Z',
      '1950-06-15T23:59:59.120Z',
      '1969-12-31T23:59:59.999Z',
      '2026-03-29T01:30:00.500Z',
      '9999-12-31T23:59:59.999Z',
    ])('keeps the instant %s to the millisecond', async (given) => {
      const { database } = await emptied()
      await database.db.insert(rows).values({ id: 1, at: new Date(given) })
      const [row] = await database.db
        .select()
        .from(rows)
        .where(eq(rows.at, new Date(given)))
      expect(row?.at?.toISOString()).toBe(given)
    })

    it('sorts instants as they follow each other', async () => {
      const { database } = await emptied()
      const instants = ['1000-01-01T00:00:00.000Z', '1999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z']
      await database.db.insert(rows).values(instants.map((at, index) => ({ id: -index, at: new Date(at) })))
      const found = await database.db.select().from(rows).orderBy(asc(rows.at))
      expect(found.map(({ at }) => at?.toISOString())).toEqual(instants)
    })

    it('sorts texts by their bytes', async () => {
      const { database } = await emptied()
      const names = ['a', 'B', 'A-b', 'Ab', 'A b', 'ä', 'z', '_', '10', '9', '', '😀', '\uffee', 'é']
      await database.db.insert(rows).values(names.map((name, id) => ({ id, name })))
      const found = await database.db.select().from(rows).orderBy(asc(rows.name))
      const byBytes = [...names].sort((one, two) => Buffer.compare(Buffer.from(one), Buffer.from(two)))
      expect(found.map(({ name }) => name)).toEqual(byBytes)
    })

    it('hears what another opening says, as often and in the order it is said, on its channel only', async () => {
      const { database, other } = openings
      const { heard, until } = await hear(database, 'heard')
      await other.db.execute(sql`select pg_notify('not_heard', 'elsewhere')`)
      for (const word of ['one', 'two', 'größer']) await other.db.execute(sql`select pg_notify('heard', ${word})`)
      await until('größer')
      expect(heard).toEqual(['one', 'two', 'größer'])
    })

    it('hears of a transaction once it is committed, and nothing of one that failed', async () => {
      const { database, other } = openings
      const { heard, until } = await hear(database, 'kept')
      const failed = other.db.transaction(async (tx) => {
        await tx.execute(sql`select pg_notify('kept', 'failed')`)
        throw new Error('No more')
      })
      await expect(failed).rejects.toThrow('No more')
      await other.db.transaction(async (tx) => {
        await tx.execute(sql`select pg_notify('kept', 'committed')`)
        await tx.execute(sql`select 1`)
        expect(heard).toEqual([])
      })
      await until('committed')
      expect(heard).toEqual(['committed'])
    })

    it('hears no more once it is told to stop, while others on the channel do', async () => {
      const { database, other } = openings
      const stopped = await hear(database, 'stopped')
      const { heard, until } = await hear(database, 'stopped')
      await stopped.stop()
      await other.db.execute(sql`select pg_notify('stopped', 'word')`)
      await until('word')
      expect(heard).toEqual(['word'])
      expect(stopped.heard).toEqual([])
    })

    it('says that it is well', async () => {
      await openings.database.ping()
    })
  })
}

/** Listens until the test ends. `until` waits for a word. */
async function hear(database: DatabasePort, channel: string) {
  const heard: string[] = []
  const waiting = new Map<string, () => void>()
  const stop = await database.listen(channel, (word) => {
    if (word === undefined) return
    heard.push(word)
    waiting.get(word)?.()
  })
  onTestFinished(stop)
  const until = (word: string) =>
    new Promise<void>((resolve) => {
      if (heard.includes(word)) resolve()
      else waiting.set(word, resolve)
    })
  return { heard, until, stop }
}
