import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { currentPosition, kinds, type ReaderPosition, readHappenings } from './control/events/queries.ts'
import type { SharedDatabase } from './ports/database/postgres.ts'
import { recordEvent } from './sandbox/queries.ts'
import { defaultReading } from './sandbox/sandbox.ts'
import { sandboxes } from './sandbox/tables.ts'
import { describeOnPostgres, testPostgres } from './testing.ts'

const at = new Date('2026-01-01T00:00:00Z')

describeOnPostgres('whoever follows a sandbox from now on', () => {
  let database: SharedDatabase
  let drop: () => Promise<void>
  beforeAll(async () => {
    ;({ database, drop } = await testPostgres())
  }, 60_000)
  afterAll(() => drop())

  async function makeSandbox(id: string): Promise<void> {
    const origin = { clock: {}, startedAt: null, wellKnown: false, data: {} }
    const instants = { createdAt: at, startedAt: at, clockAt: at, clockReal: at }
    const rest = { name: id, seed: 1, reading: defaultReading, origin, token: id, revision: 1, frozen: true }
    await database.db.insert(sandboxes).values({ id, kind: 'live', ...rest, ...instants })
  }

  const record = (id: string, number: number) =>
    recordEvent(database.db, id, { at, type: 'data.changed', data: { number } })

  /** The next that is told, once what began before it is over. */
  async function nextAfter(id: string, after: ReaderPosition) {
    const read = async () => readHappenings(database.db, id, { after, wanted: new Set(kinds) })
    let found = await read()
    const look = async () => {
      found = await read()
      return found?.items.length
    }
    await expect.poll(look, { timeout: 20_000 }).toBeGreaterThan(0)
    return { numbers: found?.items.map(({ data }) => data.number), position: found?.position ?? after }
  }

  it('is told nothing from before, though something that began earlier goes on elsewhere', async () => {
    await makeSandbox('own')
    await makeSandbox('other')
    let end = () => {}
    const lasting = new Promise<void>((resolve) => {
      end = resolve
    })
    let begun = () => {}
    const isBegun = new Promise<void>((resolve) => {
      begun = resolve
    })
    const elsewhere = database.db.transaction(async (tx) => {
      await recordEvent(tx, 'other', { at, type: 'data.changed', data: {} })
      begun()
      await lasting
    })
    await isBegun
    await record('own', 1)
    const after = await currentPosition(database.db)
    await record('own', 2)
    end()
    await elsewhere
    const first = await nextAfter('own', after)
    expect(first.numbers).toEqual([2])
    await record('own', 3)
    expect((await nextAfter('own', first.position)).numbers).toEqual([3])
  })

  it('waits for nothing that goes on in another database of the same Postgres', async () => {
    await makeSandbox('alone')
    const after = await currentPosition(database.db)
    const elsewhere = await testPostgres()
    onTestFinished(elsewhere.drop)
    await elsewhere.database.db.transaction(async (tx) => {
      await tx.execute(sql`select pg_current_xact_id()`)
      await record('alone', 1)
      expect((await nextAfter('alone', after)).numbers).toEqual([1])
    })
  })
})
