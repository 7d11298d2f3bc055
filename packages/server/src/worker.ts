import type { ApiModule } from './api-module.ts'
import { finishWalks } from './control/clock/walk.ts'
import { pruneEvents } from './control/events/prune.ts'
import { sweepExpired } from './control/sandboxes/ttl.ts'
import { wakeTimelines } from './control/timeline/due.ts'
import type { Deps } from './deps.ts'

const RECONCILE_EVERY_MS = 2000
const SWEEP_EVERY_MS = 600_000

/**
 * Works off the queue, and looks every few seconds for what the queue was not told of or has lost. `stop` lets what is
 * under way finish.
 */
export async function startWorker(deps: Deps, modules: readonly ApiModule[]): Promise<{ stop(): Promise<void> }> {
  const worker = await deps.queue.work(async (job) => {
    const { sandboxId, exportId, cause } = job
    const span = deps.tracing?.begin('exports process', {
      kind: 'consumer',
      parent: cause?.traceparent,
      attributes: { 'sandport.sandbox': sandboxId, 'sandport.export': exportId },
    })
    const forCause = cause ? { ...deps, cause, log: deps.log.child({ reqId: cause.requestId }) } : deps
    try {
      for (const module of modules) await module.work?.(forCause, job)
      span?.end()
    } catch (error) {
      span?.end({}, error)
      throw error
    }
  })
  const reconciler = every(RECONCILE_EVERY_MS, 'reconciler', async () => {
    for (const module of modules) await module.wakeDue?.(deps)
    await finishWalks(deps, modules)
    await sweepExpired(deps, modules)
    await wakeTimelines({ deps, modules })
  })
  const sweeper = every(SWEEP_EVERY_MS, 'sweep', async () => {
    for (const module of modules) {
      await module.tidy?.(deps)
      await module.sweep?.(deps)
    }
    await pruneEvents(deps.db)
  })
  return {
    async stop() {
      await Promise.all([reconciler.stop(), sweeper.stop()])
      await worker.stop()
    },
  }

  /** Does something now and again, never twice at once. */
  function every(periodMs: number, name: string, act: () => Promise<void>) {
    let running: Promise<void> = Promise.resolve()
    let isBusy = false
    const turn = () => {
      if (isBusy) return
      isBusy = true
      running = act()
        .catch((error) => deps.log.error({ err: error }, `${name} failed`))
        .finally(() => {
          isBusy = false
        })
    }
    const timer = setInterval(turn, periodMs)
    turn()
    return {
      stop() {
        clearInterval(timer)
        return running
      },
    }
  }
}
