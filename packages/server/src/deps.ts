import type { FastifyBaseLogger } from 'fastify'
import type { Quotas } from './control/quotas/quotas.ts'
import type { Metrics } from './metrics.ts'
import type { DatabasePort, Db } from './ports/database/database.ts'
import type { FilesPort } from './ports/files/files.ts'
import type { Cause, QueuePort } from './ports/queue/queue.ts'
import type { Reading } from './sandbox/sandbox.ts'
import type { Tracing } from './tracing.ts'

export type Logger = FastifyBaseLogger

/**
 * What every part of the server is handed.
 *
 * Words: a *sandbox* is one isolated world, chosen by the API key alone; *sandbox time* is what its clock says; an
 * *operation* is a vendor's call; a *walk* moves a sandbox's clock from one due thing to the next.
 */
export type Deps = {
  db: Db
  /** Rejects when the database does not answer. */
  ping: DatabasePort['ping']
  /** Hears what any process says through the database. */
  listen: DatabasePort['listen']
  /** Where the database can, reads much text in little time. */
  readSnapshot?: NonNullable<DatabasePort['readSnapshot']>
  queue: QueuePort
  files: FilesPort
  log: Logger
  metrics: Metrics
  /** Where work is traced to, if anywhere. */
  tracing?: Tracing
  /** What the work at hand is done for, where that is known. */
  cause?: Cause
  /** Whether no other process can be at work on the same data. */
  isAlone: boolean
  version: string
  /** Aborted when the process waits no longer for work that it, or another, can begin again. */
  stopping: AbortSignal
  /** The origin that clients reach the server at; without it, the one that a request came to. */
  publicUrl?: string
  /** Without it, whoever reaches the server may command it. */
  adminToken?: string
  /** How sandboxes that say nothing else read the vendors, where that is not as usual. */
  reading?: Partial<Reading>
  /** What each sandbox may take, where others than this machine reach the server. */
  quotas?: Quotas
}
