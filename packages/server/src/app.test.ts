import { drizzle } from 'drizzle-orm/pg-proxy'
import pino from 'pino'
import { describe, expect, it } from 'vitest'
import { buildServer } from './app.ts'
import { createMetrics } from './metrics.ts'

const secret = 'relation "syft"."motion" does not exist at 10.0.0.7'

/** A server that fails at everything, with errors that say where on this machine, as those of the system do. */
function brokenServer() {
  const fail = async () => {
    throw new Error(secret)
  }
  const select = () => {
    throw Object.assign(new Error(secret), { code: 'EIO', path: '/home/someone' })
  }
  const lines: string[] = []
  const log = pino({ level: 'error' }, { write: (line) => lines.push(line) })
  const db = drizzle(fail)
  const queue = { add: fail, work: fail, count: fail, ping: fail, close: fail }
  const files = { write: fail, read: fail, remove: fail, list: fail, ping: fail }
  return {
    lines,
    server: buildServer({
      db,
      ping: fail,
      listen: fail,
      queue,
      files,
      log,
      metrics: createMetrics(),
      isAlone: true,
      stopping: new AbortController().signal,
      version: '0',
    }).then((app) => {
      Object.assign(db, { select })
      return app
    }),
  }
}

describe('a 5xx', () => {
  it('X-HTTP-2c S-ERR-2c X-ALIEN-1c says nothing internal, in the form of the API, and is logged', async () => {
    const { server, lines } = brokenServer()
    const app = await server
    const headers = { authorization: 'Bearer sk_live_any' }
    const answer = await app.inject({ url: '/api/motion/m/export', headers })
    expect(answer.statusCode).toBe(500)
    expect(answer.json()).toEqual({ error: 'Internal server error' })
    expect(answer.headers['sandport-exchange']).toMatch(/^ex_/)
    expect(lines.join()).toContain(JSON.stringify(secret).slice(1, -1))
  })

  it('of the control API says nothing internal either: a path on the disk is none into a body', async () => {
    const { server, lines } = brokenServer()
    const answer = await (await server).inject({ url: '/_sandport/sandboxes' })
    expect(answer.statusCode).toBe(500)
    expect(answer.json()).toEqual({ error: 'INTERNAL_ERROR', message: 'Internal server error' })
    expect(lines.join()).toContain('/home/someone')
  })
})
