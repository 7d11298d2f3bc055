import type { Call, Exchange } from '../../exchange.ts'
import { expectStatus, expectThat } from '../../expect.ts'
import type { SandboxKit } from '../../kit.ts'
import { type ExportObject, readExport } from '../../memsolus-kit.ts'

/** Where the clocks of sandboxes stand still. */
export const NOW = '2026-06-01T00:00:00.000Z'
export const frozen = { now: NOW, frozen: true }

/** A sandbox in which exports stay as they are made, until they are told to go on. */
export const held = { clock: frozen, data: { memsolus: { behavior: { hold: 'PENDING' } } } }

/** A new export of a sandbox, after what is due for it at once. */
export async function finished({ memsolus, control }: SandboxKit, query: Call['query'] = ''): Promise<ExportObject> {
  const { id } = readExport(await memsolus.create(query), 202)
  await control('POST', '/clock/advance', { by: '0s' })
  return readExport(await memsolus.ask(`/${id}`))
}

/** The download of a new export of a sandbox. */
export async function fileOf(own: SandboxKit, query: Call['query'] = ''): Promise<Exchange> {
  const { id } = await finished(own, query)
  const exchange = await own.memsolus.ask(`/${id}/download`)
  expectStatus(exchange, 200)
  return exchange
}

/** Lets an export that is held go on, and downloads it. */
export async function released({ memsolus, control }: SandboxKit, id: string): Promise<Exchange> {
  await control('POST', `/memsolus/exports/${id}/release`)
  await control('POST', '/clock/advance', { by: '0s' })
  return memsolus.ask(`/${id}/download`)
}

/** Holds a JSON file to the memories that it has, in their order. Only for memories that the case has made itself. */
export function expectMemories(exchange: Exchange, ids: readonly string[]): void {
  expectStatus(exchange, 200)
  const found = Array.isArray(exchange.body) ? exchange.body.map(({ id }: { id?: unknown }) => `${id}`) : []
  const say = (of: readonly string[]) => `${of.length} memories: ${of.join(', ')}`
  expectThat(exchange, found.join() === ids.join(), { expected: say(ids), actual: say(found) })
}
