import { type Sandport, startSandport } from '@sandport/server'
import { pino } from 'pino'
import type { StartOptions } from './embedded.ts'

/** Starts the server of `startSandport`, for which all of it is loaded. */
export function startServer({
  port = 0,
  dataDirectory,
  reading,
  logLevel = 'error',
  ...sizes
}: StartOptions): Promise<Sandport> {
  const log = pino({ level: logLevel }, pino.destination({ dest: 2, sync: true }))
  return startSandport({
    port,
    sizes,
    log,
    ...(dataDirectory !== undefined && { dataDirectory }),
    ...(reading !== undefined && { reading }),
  })
}
