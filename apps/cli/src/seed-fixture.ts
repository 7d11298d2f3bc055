import { ApiError, type SandboxControl } from '@sandport/client'
import type { Fixture } from '@sandport/server/fixture'
import { print, type SandboxOptions } from './connection.ts'
import { openProgress } from './progress.ts'
import type { Stop } from './seed.ts'

type Put = { fixture: Fixture; path: string; sandboxId: string; options: SandboxOptions; stop: Stop }

/** As much a call: under what a body may have, and so that a stop is soon. */
const BATCH_ROWS = 10_000
const BATCH_BYTES = 16 * 1024 * 1024
const INTERRUPTED = 130

/**
 * Puts what a fixture holds into a sandbox, by calls of a size that the server takes, and answers the exit code. Motions and
 * workspaces that are there already stay as they are; a run or a memory that is there is refused.
 */
export async function putFixture(
  own: SandboxControl,
  { fixture: { syft = {}, memsolus = {} }, path, sandboxId, options, stop }: Put,
): Promise<number> {
  const parts = partsOf(own, { syft, memsolus })
  const done: Record<string, number> = Object.fromEntries(parts.map(({ what }) => [what, 0]))
  const said = () => parts.map(({ what, total }) => countOf(what, done[what] ?? 0, total)).join(' and ') || 'nothing'
  let isWhole = false
  try {
    await putOwners(own, { syft, memsolus })
    for (const { what, total, batches } of parts) {
      if (total === 0) continue
      const progress = openProgress(what, total)
      try {
        for (const { at, rows, put } of batches) {
          if (stop.isTold()) break
          await put().catch((error) => {
            throw inFile(error, { at, path })
          })
          done[what] = (done[what] ?? 0) + rows
          progress.show(done[what])
        }
      } finally {
        progress.end()
      }
    }
    isWhole = parts.every(({ what, total }) => done[what] === total)
    if (isWhole) await putOthers(own, { memsolus })
  } finally {
    stop.end()
    if (!isWhole) process.stderr.write(`sandport: stopped. Put ${said()} in ${sandboxId}.\n`)
  }
  if (options.json || isWhole) print({ sandbox: sandboxId, ...done }, options, () => `Put ${said()} in ${sandboxId}.`)
  return isWhole ? 0 : INTERRUPTED
}

type Parts = Required<Pick<Fixture, 'syft' | 'memsolus'>>
type Batch = { at: { pointer: string; first: number }; rows: number; put: () => Promise<unknown> }
type Rows = { what: 'runs' | 'memories'; total: number; batches: Batch[] }

/** What runs and memories belong to. */
async function putOwners(own: SandboxControl, { syft, memsolus }: Parts): Promise<void> {
  const { organizations, motions } = own.syft
  if (syft.organizations?.length) await organizations.createMany({ items: syft.organizations })
  if (syft.motions?.length) await createMissing(motions, syft.motions)
  if (memsolus.workspaces?.length) await createMissing(own.memsolus.workspaces, memsolus.workspaces)
}

async function createMissing<One extends { id?: string }>(
  kind: { list(): Promise<{ id: string }[]>; createMany(input: { items: One[] }): Promise<unknown> },
  items: readonly One[],
): Promise<void> {
  const known = new Set((await kind.list()).map(({ id }) => id))
  const missing = items.filter(({ id }) => id === undefined || !known.has(id))
  if (missing.length > 0) await kind.createMany({ items: missing })
}

/** What there is beside rows. */
async function putOthers(own: SandboxControl, { memsolus }: Pick<Parts, 'memsolus'>): Promise<void> {
  if (memsolus.behavior) await own.memsolus.behavior.set(memsolus.behavior)
  if (memsolus.exports?.length) await own.memsolus.exports.createMany({ items: memsolus.exports })
}

function partsOf(own: SandboxControl, { syft: { runs }, memsolus: { memories } }: Parts): Rows[] {
  return [
    ...(runs ? [rowsOf('runs', '/syft/runs', runs, own.syft.runs)] : []),
    ...(memories ? [rowsOf('memories', '/memsolus/memories', memories, own.memsolus.memories)] : []),
  ]
}

type Bulk<One> = { items?: One[]; count?: number }

/** A bulk body by parts: its items in batches, or all of a count at once. */
function rowsOf<One, Body extends Bulk<One>>(
  what: Rows['what'],
  pointer: string,
  body: Body,
  kind: {
    create(input: One): Promise<unknown>
    createMany(input: Body & ({ items: One[] } | { count: number })): Promise<unknown>
  },
): Rows {
  const { items, count, ...common } = body
  if (!items) {
    const put = () =>
      count === undefined ? kind.create(common as One) : kind.createMany(body as Body & { count: number })
    return { what, total: count ?? 1, batches: [{ at: { pointer, first: 0 }, rows: count ?? 1, put }] }
  }
  const batches = batchesOf(items).map(
    ({ first, batch }): Batch => ({
      at: { pointer, first },
      rows: batch.length,
      put: () => kind.createMany({ ...common, items: batch } as Body & { items: One[] }),
    }),
  )
  return { what, total: items.length, batches }
}

function batchesOf<One>(items: readonly One[]): { first: number; batch: One[] }[] {
  const batches: { first: number; batch: One[] }[] = []
  let bytes = 0
  for (const [index, item] of items.entries()) {
    const last = batches.at(-1)
    const size = Buffer.byteLength(JSON.stringify(item))
    if (last && last.batch.length < BATCH_ROWS && bytes + size <= BATCH_BYTES) {
      last.batch.push(item)
      bytes += size
    } else {
      batches.push({ first: index, batch: [item] })
      bytes = size
    }
  }
  return batches
}

/** A refusal that points into a batch, as one that points into the file. */
function inFile(error: unknown, { at: { pointer, first }, path }: { at: Batch['at']; path: string }): unknown {
  if (!(error instanceof ApiError) || typeof error.body !== 'object' || error.body === null) return error
  if (!('path' in error.body) || typeof error.body.path !== 'string') return error
  const within = error.body.path.replace(/^\/items\/(\d+)/, (_, index) => `/items/${first + Number(index)}`)
  const { message, status, code } = error
  const body = { ...error.body, path: `${pointer}${within} of ${path}` }
  return new ApiError(message, { request: `The part of ${path} from ${first} on`, status, code, body })
}

function countOf(what: string, done: number, total: number): string {
  return done < total ? `${done} of ${total} ${what}` : `${total} ${what}`
}
