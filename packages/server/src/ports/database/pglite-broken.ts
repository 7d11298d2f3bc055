import type { PGlite } from '@electric-sql/pglite'

/** The embedded Postgres stopped in the middle of something, and nothing can be asked of it any more. */
class DatabaseBroken extends Error {
  override readonly name = 'DatabaseBroken'
}

/** What Postgres leaves a statement with that failed as statements do. PGlite leads it on from there. */
const FAILED_STATEMENT = 100

/**
 * Watches for the end of a Postgres that panics, as it does where its log cannot be written, or that is trapped. PGlite passes
 * over that and lets what is left answer, or goes round for ever. `onBroken` is called at once, before it does; from then on
 * every statement is rejected. `lastWords` answers what Postgres said.
 */
export function watch(pglite: PGlite, { directory, lastWords, onBroken }: Watching): void {
  const postgres = pglite.Module
  /** Keeps what is left of Postgres from being called: PGlite would do so on its way out of a statement, and of a close. */
  const seal = (error: DatabaseBroken) => {
    const refuse = () => {
      throw error
    }
    const pass = () => {}
    Object.assign(postgres, {
      _PostgresMainLoopOnce: refuse,
      // What PGlite calls first when a statement has thrown; else it would begin it again.
      stackRestore: refuse,
      _PostgresSendReadyForQueryIfNecessary: pass,
      _pgl_pq_flush: pass,
      _pgl_run_atexit_funcs: pass,
    })
  }
  const guarded = (run: () => void, isUsual: (error: unknown) => boolean) => () => {
    try {
      run()
    } catch (error) {
      if (isUsual(error)) throw error
      const stopped = `the embedded database has stopped: ${lastWords() ?? error}.`
      const kept = `What was answered is kept in ${directory}; start again when that is mended.`
      const broken = new DatabaseBroken(directory === undefined ? stopped : `${stopped} ${kept}`, { cause: error })
      seal(broken)
      onBroken(broken)
      throw broken
    }
  }
  const isFailedStatement = (error: unknown) => (error as { status?: number }).status === FAILED_STATEMENT
  postgres._PostgresMainLoopOnce = guarded(postgres._PostgresMainLoopOnce, isFailedStatement)
  postgres._PostgresMainLongJmp = guarded(postgres._PostgresMainLongJmp, () => false)
}

export type OnBroken = (error: DatabaseBroken) => void

type Watching = { directory: string | undefined; lastWords: () => string | undefined; onBroken: OnBroken }

/** Hears what Postgres logs, and keeps why it stopped. */
export function hearLastWords() {
  let words: string | undefined
  return {
    onStderr(line: string) {
      words = /(?:PANIC|FATAL): +(.+)/.exec(line)?.[1] ?? words
      return false
    },
    lastWords: () => words,
  }
}
