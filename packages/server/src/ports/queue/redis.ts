import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import type { Logger } from '../../deps.ts'
import { bullmqQueue, QUEUE_NAME } from './bullmq.ts'
import type { QueuePort } from './queue.ts'

/** BullMQ on Redis. `url` is `redis://host:port/database`. */
export function redisQueue(url: string, log: Logger): QueuePort {
  // A producer that queues while Redis is away would hold up the request that enqueues, so it rejects at once.
  const producer = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 1 })
  const consumer = new Redis(url, { maxRetriesPerRequest: null })
  for (const client of [producer, consumer]) client.on('error', (error) => log.warn({ err: error }, 'redis'))
  return bullmqQueue({
    queue: new Queue(QUEUE_NAME, { connection: producer }),
    createWorker: (handle, concurrency) => new Worker(QUEUE_NAME, handle, { connection: consumer, concurrency }),
    async ping() {
      await producer.ping()
    },
    log,
    async end() {
      producer.disconnect()
      consumer.disconnect()
    },
  })
}
