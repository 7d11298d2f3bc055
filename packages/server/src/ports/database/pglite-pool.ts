import { EventEmitter } from 'node:events'
import type { PGlite } from '@electric-sql/pglite'

/**
 * PGlite in the shape of a `pg.Pool`, which is how BullMQ's Postgres backend takes a connection it does not own. PGlite
 * has one connection, so every client of the pool is that one.
 */
export function pgPoolOf(pglite: PGlite) {
  const pool = Object.assign(new EventEmitter(), {
    options: { keepAlive: true },
    query: <R>(text: string, params?: readonly unknown[]) => query<R>(pglite, text, params),
    connect: async () => {
      const client = Object.assign(new EventEmitter(), {
        query: <R>(text: string, params?: readonly unknown[]) => query<R>(pglite, text, params),
        release: () => unsubscribe(),
      })
      const unsubscribe = pglite.onNotification((channel, payload) => client.emit('notification', { channel, payload }))
      return client
    },
    end: async () => {},
  })
  return pool
}

/** Without parameters the text may hold several statements, as migrations do; the last one's rows are answered. */
async function query<R>(pglite: PGlite, text: string, params?: readonly unknown[]) {
  const result = params === undefined ? (await pglite.exec(text)).at(-1) : await pglite.query(text, [...params])
  return { rows: (result?.rows ?? []) as R[], rowCount: result?.affectedRows ?? null }
}
