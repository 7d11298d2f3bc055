import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import type { Logger } from '../../deps.ts'
import { bullmqQueue, QUEUE_NAME } from './bullmq.ts'
import type { QueuePort } from './queue.ts'

const CHECK_MS = 5000

/** Rejects where Redis does not let us in. */
export async function checkRedis(url: string): Promise<void> {
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CHECK_MS,
    commandTimeout: CHECK_MS,
    retryStrategy: () => null,
  })
  // Of a connection that fails only this event tells why.
  let failure: Error | undefined
  client.on('error', (error) => {
    failure ??= error
  })
  try {
    await client.connect()
    await client.ping()
  } catch (error) {
    throw failure ?? error
  } finally {
    client.disconnect()
  }
}

/** BullMQ on Redis. `url` is `redis://host:port/database`; `prefix` is what all keys in it begin with. */
export function redisQueue(url: string, { prefix, log }: { prefix: string; log: Logger }): QueuePort {
  // A producer that queues while Redis is away would hold up the request that enqueues, so it rejects at once.
  const producer = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 1 })
  const consumer = new Redis(url, { maxRetriesPerRequest: null })
  for (const client of [producer, consumer]) client.on('error', (error) => log.warn({ err: error }, 'redis'))
  return bullmqQueue({
    queue: new Queue(QUEUE_NAME, { connection: producer, prefix }),
    createWorker: (handle, concurrency) =>
      new Worker(QUEUE_NAME, handle, { connection: consumer, prefix, concurrency }),
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
