import { afterAll, beforeAll, beforeEach, onTestFinished } from 'vitest'
import { type EmbeddedDatabase, openPglite } from '../database/pglite.ts'
import { queueContract } from './contract.ts'
import { embeddedQueue } from './embedded.ts'

let database: EmbeddedDatabase
beforeAll(async () => {
  database = await openPglite({})
  await database.migrate()
}, 60_000)
afterAll(() => database.close())
beforeEach(async () => {
  await database.pglite.exec('delete from bullmq.job')
})

queueContract(async (log) => {
  const queue = embeddedQueue(database, log)
  onTestFinished(() => queue.close())
  return queue
})
