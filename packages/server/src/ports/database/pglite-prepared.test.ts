import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { prepareStatements, type Query } from './pglite-prepared.ts'

let pglite: PGlite
let statements: ReturnType<typeof prepareStatements>
let query: Query
beforeAll(async () => {
  pglite = await PGlite.create()
  statements = prepareStatements(pglite)
  query = statements.via(pglite.query.bind(pglite), { isAlone: true })
}, 60_000)
afterAll(() => pglite.close())

async function countPrepared(): Promise<number> {
  const { rows } = await pglite.query<{ count: number }>(
    'select count(*)::integer as count from pg_prepared_statements',
  )
  return rows[0]?.count ?? 0
}

describe('a statement that comes again', () => {
  const text = `select $1::text as text, $2::integer + 1 as number, $3::boolean as truth, $4::text[] as list,
    $5::jsonb as json, 9007199254740993 as large, null as nothing, '2026-01-01T00:00:00Z'::timestamptz as at`
  const params = ['a "quoted", text', 41, true, ['a', 'b, c', null], { key: [1, 'two'] }]

  it.each(['object', 'array'] as const)('answers rows as %s like the first time', async (rowMode) => {
    const first = await pglite.query(text, params, { rowMode })
    for (let time = 0; time < 8; time += 1) expect(await query(text, params, { rowMode })).toEqual(first)
    const nothing = params.map(() => null)
    expect(await query(text, nothing, { rowMode })).toEqual(await pglite.query(text, nothing, { rowMode }))
  })

  it('tells how many rows it changed', async () => {
    await pglite.exec('create table counted (id integer)')
    const insert = (count: number) => query('insert into counted select generate_series(1, $1)', [count])
    for (const count of [3, 0, 2]) expect(await insert(count)).toMatchObject({ rows: [], affectedRows: count })
    for (const _ of [1, 2]) expect(await query('delete from counted where id = 1')).toHaveProperty('affectedRows')
  })

  it('fails with what Postgres says, and is there the next time', async () => {
    const divide = (by: number) => query<{ share: number }>('select 6 / $1::integer as share', [by])
    await divide(1)
    await expect(divide(0)).rejects.toMatchObject({ code: '22012' })
    expect((await divide(2)).rows).toEqual([{ share: 3 }])
  })

  it('is part of the transaction that it is sent in', async () => {
    await pglite.exec('create table kept (id integer primary key)')
    const insert = 'insert into kept values ($1)'
    for (const id of [1, 2]) await query(insert, [id])
    const failing = pglite.transaction(async (tx) => {
      const inside = statements.via(tx.query.bind(tx), { isAlone: false })
      await inside(insert, [3])
      await inside(insert, [1])
    })
    await expect(failing).rejects.toMatchObject({ code: '23505' })
    expect((await pglite.query('select id from kept order by id')).rows).toEqual([{ id: 1 }, { id: 2 }])
  })

  it('is planned anew once its table has grown', async () => {
    await pglite.exec('create table grown (id integer primary key, name text)')
    const find = (id: number) => query<{ id: number }>('select id from grown where id = $1', [id])
    const names = async () => {
      const of = `select name from pg_prepared_statements where statement like '%from grown%'`
      return (await pglite.query<{ name: string }>(of)).rows.map(({ name }) => name)
    }
    await find(1)
    await find(1)
    const before = await names()
    for (let use = 0; use < 1000; use += 1) await find(use)
    const after = await names()
    expect([before.length, after.length]).toEqual([1, 1])
    expect(after).not.toEqual(before)
  }, 30_000)
})

it('prepares nothing that comes once, and forgets what came long ago', async () => {
  const before = await countPrepared()
  for (let number = 0; number < 600; number += 1) await query(`select ${number} as once`)
  expect(await countPrepared()).toBeLessThanOrEqual(before)
  for (let number = 0; number < 600; number += 1) for (const _ of [1, 2]) await query(`select ${number} as twice`)
  expect(await countPrepared()).toBeLessThanOrEqual(501)
}, 60_000)
