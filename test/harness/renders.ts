import { readdir } from 'node:fs/promises'
import postgres from 'postgres'
import { expect, onTestFinished } from 'vitest'
import type { clientOf } from './cluster.ts'
import type { ExportView, Memory } from './memsolus.ts'

/** How long the system may take to be well again. */
export const PATIENCE = { timeout: 60_000, interval: 100 }

/** Waits until a render is under way: a part of its file is on the disk. */
export async function untilRendering(directory: string): Promise<void> {
  const isRendering = async () => (await readdir(directory)).some((name) => name.endsWith('.part'))
  await expect.poll(isRendering, { timeout: 30_000, interval: 5 }).toBe(true)
}

type Expected = { directory: string; memories: number }

/** An export is READY with one whole file, and no other file is there. */
export async function expectWhole(
  client: ReturnType<typeof clientOf>,
  id: string,
  { directory, memories }: Expected,
): Promise<void> {
  await expect.poll(() => client.status(id), PATIENCE).toBe('READY')
  const { body } = await client.download<Memory[]>(id)
  expect(new Set(body.map((memory) => memory.id)).size).toBe(memories)
  const { body: view } = await client.control<ExportView>('GET', `/sandboxes/default/memsolus/exports/${id}`)
  await expect.poll(() => readdir(directory), PATIENCE).toEqual([view.file?.key])
}

/** A connection to a test's database, which ends with the test. */
export function databaseOf({ DATABASE_URL }: { DATABASE_URL: string }): postgres.Sql {
  const sql = postgres(DATABASE_URL, { max: 1, onnotice: () => {} })
  onTestFinished(() => sql.end({ timeout: 0 }))
  return sql
}

/**
 * Keeps renders waiting for the first of their memories, however few there are, until they are let go. What is begun
 * meanwhile has a claim and half a file.
 */
export async function holdRenders(env: { DATABASE_URL: string }) {
  const [holder, watcher] = [databaseOf(env), databaseOf(env)]
  await holder.unsafe('begin; lock table memsolus.memory in access exclusive mode')
  return {
    /** Waits until so many renders are held. */
    async untilHeld(count = 1): Promise<void> {
      const held = async () =>
        (await watcher`select 1 from pg_locks where relation = 'memsolus.memory'::regclass and not granted`).length
      await expect.poll(held, { timeout: 30_000, interval: 5 }).toBe(count)
    },
    async letGo(): Promise<void> {
      await holder.unsafe('commit')
    },
  }
}

/** Lets all claims lapse now, as if nobody had renewed them for long. */
export async function lapseClaims(sql: postgres.Sql): Promise<void> {
  await sql`update memsolus.export_job set claim_until = claim_until - interval '1 hour', woken_at = null`
}
