import type { Job, Queue, Worker } from 'bullmq'
import type { Logger } from '../../deps.ts'
import type { ExportJob, QueuePort } from './queue.ts'

export const QUEUE_NAME = 'exports'

/**
 * What a job needs to survive is on the export's row, so BullMQ neither retries nor remembers; and no job has an id of
 * its own making, since BullMQ passes silently over one that it has seen.
 */
const JOB_OPTIONS = { attempts: 1, removeOnComplete: true, removeOnFail: true } as const

/** The emitter of a queue or worker, as far as it is listened to. */
type Reports = { on(event: 'error', listener: (error: Error) => void): unknown }

/** The port over any of BullMQ's backends. */
export function bullmqQueue({
  queue,
  createWorker,
  ping,
  log,
  end = async () => {},
}: {
  queue: Pick<Queue, 'add' | 'close' | 'getJobCounts'> & Reports
  createWorker: (
    handle: (job: Job<ExportJob>) => Promise<void>,
    concurrency: number,
  ) => Pick<Worker, 'close' | 'waitUntilReady'> & Reports
  ping: () => Promise<void>
  log: Logger
  end?: () => Promise<void>
}): QueuePort {
  queue.on('error', (error) => log.warn({ err: error }, 'queue'))
  return {
    async add(job, { delayMs = 0 } = {}) {
      await queue.add('export', job, { ...JOB_OPTIONS, delay: delayMs })
    },
    async work(handle, { concurrency = 4 } = {}) {
      const worker = createWorker(async ({ data }) => {
        await handle(data).catch((error) => log.error({ err: error, ...data }, 'export job failed'))
      }, concurrency)
      worker.on('error', (error) => log.warn({ err: error }, 'worker'))
      await worker.waitUntilReady()
      return { stop: () => worker.close() }
    },
    count: () => queue.getJobCounts('waiting', 'active', 'delayed'),
    ping,
    async close() {
      await queue.close()
      await end()
    },
  }
}
