import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { ApiModule } from '../../api-module.ts'
import type { Deps } from '../../deps.ts'
import { changeSandbox } from '../../sandbox/change.ts'
import { issueKey } from '../../sandbox/keys.ts'
import { ObjectId, objectOf, oneOf } from '../../wire/control-types.ts'
import { formatInstant } from '../../wire/instant.ts'
import { invalid } from '../../wire/validation.ts'
import { KeyNotFound } from '../errors.ts'
import { type KeyRow, listKeyRows } from '../sandboxes/queries.ts'
import { Key } from '../sandboxes/schemas.ts'
import { revokeKey } from './revoke.ts'

const Params = Type.Object({ sandboxId: Type.String() })
const KeyParams = Type.Object({ sandboxId: Type.String(), key: Type.String() })

/** A sandbox's API keys: issued with what they may do, listed, revoked. */
export const keyRoutes: FastifyPluginAsyncTypebox<{ deps: Deps; modules: readonly ApiModule[] }> = async (
  app,
  context,
) => {
  const { deps, modules } = context
  const { db } = deps
  const KeyInput = objectOf({
    api: oneOf(modules.map(({ name }) => name)),
    organizationId: Type.Optional(ObjectId),
    workspaceId: Type.Optional(ObjectId),
    permissions: Type.Optional(Type.Array(Type.String())),
  })

  app.post(
    '/',
    { schema: { params: Params, body: KeyInput, response: { 201: Key } } },
    async ({ params, body }, reply) => {
      const { api, permissions, ...owner } = body
      const rules = rulesOf(api)
      for (const field of Object.keys(owner)) {
        if (field !== rules.ownerField)
          throw invalid(`/${field}`, `A ${api} key is for "${rules.ownerField}", not "${field}"`)
      }
      const unknown = permissions?.findIndex((permission) => !rules.permissions.includes(permission)) ?? -1
      if (unknown >= 0)
        throw invalid(
          `/permissions/${unknown}`,
          permissionMessage(api, permissions?.[unknown] ?? '', rules.permissions),
        )
      const row = await changeSandbox(
        db,
        params.sandboxId,
        async (tx, sandbox) => {
          const { id } = await rules.findOwner(tx, sandbox.id, owner[rules.ownerField])
          const key = await issueKey(tx, sandbox, { api, rules, ownerId: id, ...(permissions && { permissions }) })
          const rows = await listKeyRows(tx, sandbox.id)
          return rows.find((known) => known.key === key)
        },
        { told: { what: 'keys', how: 'created' } },
      )
      if (!row) throw new KeyNotFound()
      return reply.status(201).send(showKey(row, modules))
    },
  )

  app.get(
    '/',
    { schema: { params: Params, response: { 200: Type.Object({ items: Type.Array(Key), nextCursor: Type.Null() }) } } },
    async ({ params }) => {
      const rows = await listKeyRows(db, params.sandboxId)
      return { items: rows.map((row) => showKey(row, modules)), nextCursor: null }
    },
  )

  app.delete('/:key', { schema: { params: KeyParams } }, async ({ params: { sandboxId, key } }, reply) => {
    await changeSandbox(db, sandboxId, (tx, sandbox) => revokeKey(tx, sandbox, key), {
      told: { what: 'keys', how: 'deleted' },
    })
    return reply.status(204).send()
  })

  function rulesOf(api: string) {
    const rules = modules.find(({ name }) => name === api)?.keys
    if (!rules) throw invalid('/api', `There is no API "${api}"`)
    return rules
  }
}

function permissionMessage(api: string, permission: string, allowed: readonly string[]): string {
  if (allowed.length === 0) return `Keys of ${api} have no permissions to choose from; leave "permissions" out`
  return `"${permission}" is no permission; use ${allowed.map((name) => `"${name}"`).join(' or ')}`
}

export function showKey(
  { key, api, ownerId, permissions, createdAt, revokedAt }: KeyRow,
  modules: readonly ApiModule[],
) {
  const ownerField = modules.find(({ name }) => name === api)?.keys.ownerField
  return {
    key,
    api,
    ...(ownerField && { [ownerField]: ownerId }),
    permissions,
    createdAt: formatInstant(createdAt.getTime()),
    revokedAt: revokedAt && formatInstant(revokedAt.getTime()),
  }
}
