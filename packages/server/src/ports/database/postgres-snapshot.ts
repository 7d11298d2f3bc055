import { connect, type Socket } from 'node:net'
import { type SQL, sql } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import { copiedRows } from './copied-rows.ts'
import type { CopiedRows, Snapshot } from './database.ts'

const END_SECONDS = 5

/**
 * Reads in one snapshot of the database, on a connection of its own that ends with it: after a COPY that was read slowly,
 * or not to its end, postgres.js leaves a connection paused for ever. `signal` cuts it, whatever it waits for.
 */
export async function readPostgresSnapshot<T>(
  url: string,
  read: (snapshot: Snapshot) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  signal.throwIfAborted()
  const { options, wire } = oneConnection()
  const client = postgres(url, options)
  const cut = () => wire.socket?.destroy()
  signal.addEventListener('abort', cut)
  try {
    await client.unsafe('begin isolation level repeatable read, read only')
    const answer = await read({ db: drizzle(client), copyRows: (query) => copyRows(client, query) })
    wire.socket?.resume()
    await client.end({ timeout: END_SECONDS })
    return answer
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    signal.removeEventListener('abort', cut)
    cut()
  }
}

async function* copyRows(client: postgres.Sql, query: SQL): AsyncGenerator<CopiedRows> {
  // COPY takes no parameters.
  const { sql: text } = new PgDialect().sqlToQuery(sql`copy (${query}) to stdout (format binary)`.inlineParams())
  yield* copiedRows(await client.unsafe(text).readable())
}

/** Options for a client that connects once, and the socket it does so by. */
function oneConnection() {
  const wire: { socket?: Socket } = {}
  const options = {
    max: 1,
    max_lifetime: null,
    fetch_types: false,
    onnotice: () => {},
    connection: {
      TimeZone: 'UTC',
      // The literals of a COPY are written for this. It is the default, but a database may have another.
      standard_conforming_strings: 'on',
      // The first rows are to come at once, and nothing is to be kept on the disk meanwhile: in the order of an index.
      enable_sort: 'off',
      // Neither made a COPY faster.
      jit: 'off',
      max_parallel_workers_per_gather: '0',
    },
    socket({ host: [host = ''], port: [port = 0], path }: Address) {
      if (wire.socket) throw new Error('Lost the connection of a snapshot, and the snapshot with it')
      wire.socket = path ? connect(path) : Object.assign(connect(port, host), { host })
      return wire.socket
    },
  }
  return { options, wire }
}
type Address = { host: string[]; port: number[]; path: string | false }
