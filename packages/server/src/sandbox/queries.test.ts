import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { realNow } from '../ports/clock.ts'
import { addSandbox, testDeps } from '../testing.ts'
import { findSandbox } from './queries.ts'

const { db } = await testDeps()

it('a clock that has run fast for a year stands at the last instant there is', async () => {
  const aYearAgo = sql<Date>`${realNow} - interval '1 year'`
  await addSandbox(db, 's', { frozen: false, rate: 1_000_000, clockReal: aYearAgo })
  expect((await findSandbox(db, 's'))?.now).toEqual(new Date('9999-12-31T23:59:59.999Z'))
})
