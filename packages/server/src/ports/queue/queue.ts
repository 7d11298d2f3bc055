/** One export to look at: what is due is read from its row when the job runs, which may be twice, late or never. */
export type ExportJob = { sandboxId: string; exportId: string }

/** The queue behind a server, whichever adapter it is. */
export interface QueuePort {
  /** Rejects at once, rather than wait, when the queue is away. */
  add(job: ExportJob, options?: { delayMs?: number }): Promise<void>
  /** Starts to work off jobs; `stop` lets those under way finish. */
  work(
    handle: (job: ExportJob) => Promise<void>,
    options?: { concurrency?: number },
  ): Promise<{ stop(): Promise<void> }>
  /** Rejects when the queue does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}
