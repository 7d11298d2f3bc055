import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Logger } from '../../deps.ts'
import type { ExportJob, QueuePort } from './queue.ts'

const jobs = (count: number): ExportJob[] =>
  Array.from({ length: count }, (_, index) => ({ sandboxId: 'sb', exportId: `${index}` }))

/** What a handler is held up by until it is opened. */
function gate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, opened }
}

const EMPTY = { waiting: 0, active: 0, delayed: 0 }

/** What every adapter does alike. `openWith` answers one that nothing is in, and which ends with the test. */
export function queueContract(openWith: (log: Logger) => Promise<QueuePort>): void {
  async function open() {
    const failures: unknown[] = []
    const log = { ...silent, error: (fields: object) => void failures.push(fields) }
    return { queue: await openWith(log), failures }
  }

  /** Works until the test ends. Answers what was handled, in order. */
  async function workOn(queue: QueuePort, handle: (job: ExportJob) => Promise<void> = async () => {}) {
    const handled: ExportJob[] = []
    const worker = await queue.work(async (job) => {
      handled.push(job)
      await handle(job)
    })
    onTestFinished(() => worker.stop())
    return handled
  }

  const untilEmpty = (queue: QueuePort) => expect.poll(() => queue.count(), { timeout: 10_000 }).toEqual(EMPTY)

  describe('as any queue', () => {
    it('hands over each job once and as it was, and forgets it', async () => {
      const { queue } = await open()
      const cause = { requestId: 'r-1', traceparent: '00-1-2-01' }
      const all = [...jobs(5), { sandboxId: 'größer', exportId: 'x', cause }]
      for (const job of all) await queue.add(job)
      expect(await queue.count()).toEqual({ ...EMPTY, waiting: 6 })
      const handled = await workOn(queue)
      await untilEmpty(queue)
      expect(handled).toHaveLength(all.length)
      expect(handled).toEqual(expect.arrayContaining(all))
    })

    it('takes a job that it had before', async () => {
      const { queue } = await open()
      const [job = { sandboxId: '', exportId: '' }] = jobs(1)
      const handled = await workOn(queue)
      for (let times = 1; times <= 3; times++) {
        await queue.add(job)
        await vi.waitFor(() => expect(handled).toHaveLength(times), { timeout: 10_000 })
      }
    })

    it('keeps a job until its delay is over', async () => {
      const { queue } = await open()
      const [late = { sandboxId: '', exportId: '' }, early = late] = jobs(2)
      await queue.add(late, { delayMs: 300 })
      await queue.add(early)
      expect(await queue.count()).toEqual({ ...EMPTY, waiting: 1, delayed: 1 })
      const handled = await workOn(queue)
      await untilEmpty(queue)
      expect(handled).toEqual([early, late])
    })

    it('logs a job that fails, does not try it again, and goes on', async () => {
      const { queue, failures } = await open()
      const failure = new Error('No more')
      const handled = await workOn(queue, async ({ exportId }) => {
        if (exportId === '0') throw failure
      })
      for (const job of jobs(2)) await queue.add(job)
      await untilEmpty(queue)
      expect(handled.map(({ exportId }) => exportId).sort()).toEqual(['0', '1'])
      expect(failures).toEqual([{ err: failure, sandboxId: 'sb', exportId: '0' }])
    })

    it('has as many jobs under way as it is told, and no more', async () => {
      const { queue } = await open()
      const { open: release, opened } = gate()
      let [underWay, most, done] = [0, 0, 0]
      const worker = await queue.work(
        async () => {
          most = Math.max(most, ++underWay)
          await opened
          underWay--
          done++
        },
        { concurrency: 2 },
      )
      onTestFinished(() => worker.stop())
      for (const job of jobs(6)) await queue.add(job)
      await vi.waitFor(() => expect(underWay).toBe(2), { timeout: 10_000 })
      expect(await queue.count()).toEqual({ ...EMPTY, waiting: 4, active: 2 })
      release()
      await untilEmpty(queue)
      expect([done, most]).toEqual([6, 2])
    })

    it('shares jobs among workers', async () => {
      const { queue } = await open()
      const all = [await workOn(queue), await workOn(queue)]
      for (const job of jobs(20)) await queue.add(job)
      await untilEmpty(queue)
      const ids = all.flat().map(({ exportId }) => Number(exportId))
      expect(ids.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index))
    })

    it('stops once what is under way is done, and takes nothing more', async () => {
      const { queue } = await open()
      const { open: release, opened } = gate()
      const steps: string[] = []
      const worker = await queue.work(
        async ({ exportId }) => {
          steps.push(`begun ${exportId}`)
          await opened
          steps.push(`done ${exportId}`)
        },
        { concurrency: 1 },
      )
      for (const job of jobs(2)) await queue.add(job)
      await vi.waitFor(() => expect(steps).toEqual(['begun 0']), { timeout: 10_000 })
      const stopped = worker.stop().then(() => steps.push('stopped'))
      release()
      await stopped
      expect(steps).toEqual(['begun 0', 'done 0', 'stopped'])
      expect(await queue.count()).toEqual({ ...EMPTY, waiting: 1 })
    })

    it('says that it is well while it is in use', async () => {
      const { queue } = await open()
      for (const job of jobs(1)) await queue.add(job)
      await queue.ping()
    })
  })
}

const nothing = () => {}
const silent: Logger = {
  level: 'silent',
  fatal: nothing,
  error: nothing,
  warn: nothing,
  info: nothing,
  debug: nothing,
  trace: nothing,
  silent: nothing,
  child: () => silent,
}
