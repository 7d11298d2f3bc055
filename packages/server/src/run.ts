import { DataDirectoryError } from './embedded/lock.ts'
import type { OnBroken } from './ports/database/pglite-broken.ts'
import { ServiceError } from './services.ts'
import { StartError } from './start-error.ts'

const FAILED = 1
const USAGE_ERROR = 2

type Running = { close(): Promise<void> }

/**
 * Runs what `start` starts until the process is told to stop, and lets what is in flight finish. `announce` is called once
 * it runs and a signal stops it in good order. Answers the exit code; what whoever started it can mend is a line on stderr,
 * and anything else is thrown. A database that breaks ends the process at once.
 */
export async function runUntilStopped<T extends Running>({
  start,
  announce,
}: {
  start: (endings: { onBroken: OnBroken }) => Promise<T>
  announce: (running: T) => void
}): Promise<number> {
  try {
    const running = await start({ onBroken })
    const stop = stopSignal()
    announce(running)
    await stop
    await running.close()
    return 0
  } catch (error) {
    const message = explain(error)
    if (message === undefined) throw error
    process.stderr.write(`sandport: ${message}\n`)
    return error instanceof StartError ? USAGE_ERROR : FAILED
  }
}

/** Nothing can be saved by an orderly end: it would ask the database. */
function onBroken({ message }: Error): never {
  process.stderr.write(`sandport: ${message}\n`)
  process.exit(FAILED)
}

/** Resolves at the first Ctrl-C or SIGTERM; a second one ends the process at once. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let isTold = false
    const onSignal = () => {
      if (isTold) process.exit(130)
      isTold = true
      resolve()
    }
    process.on('SIGINT', onSignal)
    process.on('SIGTERM', onSignal)
  })
}

/** One line for what whoever started the server can mend; undefined for what they cannot. */
function explain(error: unknown): string | undefined {
  if (error instanceof StartError || error instanceof DataDirectoryError || error instanceof ServiceError) {
    return error.message
  }
  if (!(error instanceof Error)) return undefined
  const { code, port, address, hostname }: ListenError = error
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} is in use. Stop the program that has it, or choose another with --port (0 is any free one).`
    case 'EACCES':
      return `not allowed to listen on port ${port}. Choose one above 1023 with --port.`
    case 'EADDRNOTAVAIL':
    case 'EAFNOSUPPORT':
    case 'EINVAL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${address ?? hostname} is no address of this machine. Choose another with --host.`
    default:
      return undefined
  }
}
type ListenError = Error & { code?: string; port?: number; address?: string; hostname?: string }
