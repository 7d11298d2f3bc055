import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from '@sinclair/typebox'
import type { ApiModule } from '../../api-module.ts'
import type { Deps } from '../../deps.ts'
import { changeSandbox } from '../../sandbox/change.ts'
import { issueKey } from '../../sandbox/keys.ts'
import { SandboxParams } from '../../wire/control-types.ts'
import { formatInstant } from '../../wire/instant.ts'
import { Nothing, refusals } from '../../wire/operation.ts'
import { invalid } from '../../wire/validation.ts'
import { KeyNotFound } from '../errors.ts'
import { type KeyRow, listKeyRows } from '../sandboxes/queries.ts'
import { Key } from '../sandboxes/schemas.ts'
import { revokeKey } from './revoke.ts'
import { keyInput } from './schemas.ts'

const KeyParams = Type.Object({
  ...SandboxParams.properties,
  key: Type.String({ description: 'A key', examples: ['msk_live_sp_w7PT'] }),
})

/** A sandbox's API keys: issued with what they may do, listed, revoked. */
export const keyRoutes: FastifyPluginAsyncTypebox<{ deps: Deps; modules: readonly ApiModule[] }> = async (
  app,
  context,
) => {
  const { deps, modules } = context
  const { db } = deps
  const KeyInput = keyInput(modules.map(({ name }) => name))

  app.post(
    '/',
    {
      schema: {
        operationId: 'issueKey',
        summary: 'Issue a key',
        description: 'For the first organization or workspace, unless told otherwise.',
        tags: ['keys'],
        params: SandboxParams,
        body: KeyInput,
        response: { 201: Key, ...refusals(...modules.flatMap(({ keys }) => keys.refusals)) },
      },
    },
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
    {
      schema: {
        operationId: 'listKeys',
        summary: 'List all keys',
        description: 'Revoked ones too; always whole.',
        tags: ['keys'],
        params: SandboxParams,
        response: { 200: Type.Object({ items: Type.Array(Key), nextCursor: Type.Null() }) },
      },
    },
    async ({ params }) => {
      const rows = await listKeyRows(db, params.sandboxId)
      return { items: rows.map((row) => showKey(row, modules)), nextCursor: null }
    },
  )

  app.delete(
    '/:key',
    {
      schema: {
        operationId: 'revokeKey',
        summary: 'Revoke a key',
        tags: ['keys'],
        params: KeyParams,
        response: { 204: Nothing('It is revoked'), ...refusals(new KeyNotFound()) },
      },
    },
    async ({ params: { sandboxId, key } }, reply) => {
      await changeSandbox(db, sandboxId, (tx, sandbox) => revokeKey(tx, sandbox, key), {
        told: { what: 'keys', how: 'deleted' },
      })
      return reply.status(204).send()
    },
  )

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
