/** One export to look at: what is due is read from its row when the job runs, which may be twice, late or never. */
export type ExportJob = { sandboxId: string; exportId: string; cause?: Cause }

/** What a piece of work is done for. */
export type Cause = {
  /** The id of the request, for the log. */
  requestId: string
  /** What it is called in a trace, where it is traced. */
  traceparent?: string
}

/** The queue behind a server, whichever adapter it is. */
export interface QueuePort {
  /** Rejects at once, rather than wait, when the queue is away. */
  add(job: ExportJob, options?: { delayMs?: number }): Promise<void>
  /** Starts to work off jobs; `stop` lets those under way finish. */
  work(
    handle: (job: ExportJob) => Promise<void>,
    options?: { concurrency?: number },
  ): Promise<{ stop(): Promise<void> }>
  /** How many jobs there are, by state. */
  count(): Promise<Record<string, number>>
  /** Rejects when the queue does not answer. */
  ping(): Promise<void>
  close(): Promise<void>
}
