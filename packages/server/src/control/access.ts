import { createHash, timingSafeEqual } from 'node:crypto'
import createError from '@fastify/error'
import type { FastifyRequest } from 'fastify'
import type { Deps } from '../deps.ts'
import { SandboxNotFound } from '../sandbox/errors.ts'
import type { ControlContext } from './index.ts'
import { getSandboxRow } from './sandboxes/queries.ts'
import { touchSandboxes } from './sandboxes/ttl.ts'
import { isOverdue, settleTimeline } from './timeline/due.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Of a control call: made with the admin token, or on a server that asks for none. */
    isAdmin: boolean
  }
}

export const Unauthorized = createError(
  'UNAUTHORIZED',
  'This server asks for its admin token, or the token of the sandbox, as "Authorization: Bearer …"',
  401,
)

/** Where the server has an admin token, a control call needs it, or the token of the sandbox that it is about. */
export function requireAdmin({ db, adminToken }: Deps) {
  return async (request: FastifyRequest): Promise<void> => {
    if (adminToken === undefined) request.isAdmin = true
    if (adminToken === undefined || request.routeOptions.config.isOpen) return
    const given = /^bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1]
    if (given === undefined) throw new Unauthorized()
    request.isAdmin = isSame(given, adminToken)
    if (request.isAdmin) return
    const sandboxId = readSandboxId(request)
    const sandbox = sandboxId === undefined ? undefined : await getSandboxRow(db, sandboxId)
    if (!sandbox || !isSame(given, sandbox.token)) throw new Unauthorized()
  }
}

/**
 * A call about a sandbox that there is not is refused before anything is read of it. Any other is a use of it, and what its
 * timeline holds up to now happens first.
 */
export function requireSandbox(context: ControlContext) {
  const { db, log } = context.deps
  return async (request: FastifyRequest): Promise<void> => {
    const sandboxId = readSandboxId(request) ?? ''
    const sandbox = await getSandboxRow(db, sandboxId)
    if (!sandbox) throw new SandboxNotFound(sandboxId)
    if (sandbox.isTouchDue) {
      void touchSandboxes(db, [sandboxId]).catch((error) => log.warn({ err: error, sandboxId }, 'use not noted'))
    }
    if (isOverdue(sandbox)) await settleTimeline(context, sandboxId)
  }
}

function readSandboxId({ params }: FastifyRequest): string | undefined {
  const sandboxId = (params as { sandboxId?: string }).sandboxId
  return sandboxId?.replaceAll('\0', '\uFFFD')
}

/** Compares in a time that does not depend on where two texts differ. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(expected))
}
