import { createPostgresBackend, withBackend } from 'bullmq'
import type { Logger } from '../../deps.ts'
import type { EmbeddedDatabase } from '../database/pglite.ts'
import { pgPoolOf } from '../database/pglite-pool.ts'
import { bullmqQueue, QUEUE_NAME } from './bullmq.ts'
import type { QueuePort } from './queue.ts'

const { Queue, Worker } = withBackend(createPostgresBackend)

/** BullMQ on its Postgres backend, in the server's own PGlite. */
export function embeddedQueue(database: EmbeddedDatabase, log: Logger): QueuePort {
  const connection = pgPoolOf(database.pglite)
  return bullmqQueue({
    queue: new Queue(QUEUE_NAME, { connection }),
    createWorker: (handle, concurrency) => new Worker(QUEUE_NAME, handle, { connection, concurrency }),
    ping: () => database.ping(),
    log,
  })
}
