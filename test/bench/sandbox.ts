import { setTimeout } from 'node:timers/promises'
import { read, readJson } from './client.ts'

export type Format = 'json' | 'csv' | 'markdown'
export const formats: readonly Format[] = ['json', 'csv', 'markdown']

/** The clock of a sandbox stands here, so that its data is the same in every run. */
const NOW = '2026-03-01T00:00:00Z'
const HALF_A_YEAR_MS = 180 * 24 * 3_600_000
/** What one call of the control API takes at most. */
const MOST_AT_ONCE = 200_000

/** What a sandbox is known by. */
type View = {
  id: string
  syft: { secretKey: string; motions: { id: string }[] }
  memsolus: { apiKey: string }
}
type Export = { id: string; status: string }
export type Sandbox = ReturnType<typeof sandboxAt>

/** A new sandbox, made up from one seed. */
export async function createSandbox(origin: string, data: Record<string, unknown> = {}): Promise<Sandbox> {
  const body = { clock: { now: NOW, frozen: true }, data }
  return sandboxAt(origin, await readJson<View>(`${origin}/_sandport/sandboxes`, { method: 'POST', body }))
}

/** The calls that measurements make of a sandbox, wherever it is served. */
export function sandboxAt(origin: string, view: View) {
  const { id, syft, memsolus } = view
  const own = `${origin}/_sandport/sandboxes/${id}`
  const syftHeaders = { authorization: `Bearer ${syft.secretKey}` }
  const memsolusHeaders = { 'x-api-key': memsolus.apiKey }

  return {
    view,
    syftHeaders,
    memsolusHeaders,
    control: (method: string, path: string, body?: unknown) => read(own + path, { method, body }),
    /** The address of a page of the sandbox's motion. */
    pageUrl: (query: Record<string, string>) =>
      `${origin}/api/motion/${syft.motions[0]?.id}/export?${new URLSearchParams(query)}`,
    downloadUrl: (exportId: string) => `${origin}/v1/exports/${exportId}/download`,

    /** Adds runs or memories, spread over the half year before the sandbox's time. */
    async add(kind: 'runs' | 'memories', count: number) {
      const stepMs = HALF_A_YEAR_MS / count
      const instant = (position: number) => new Date(Date.parse(NOW) - HALF_A_YEAR_MS + position * stepMs).toISOString()
      for (let done = 0; done < count; done += MOST_AT_ONCE) {
        const part = Math.min(count - done, MOST_AT_ONCE)
        const spread = { from: instant(done), to: instant(done + part - 1) }
        const [path, fields] =
          kind === 'runs'
            ? ['syft/runs', { status: 'completed', createdAt: spread }]
            : ['memsolus/memories', { created_at: spread }]
        await read(`${own}/${path}`, { method: 'POST', body: { count: part, ...fields } })
      }
    },

    /** Creates an export and polls it until it is ready, with a pause between two polls. Answers its id. */
    async exportMemories(format: Format, { pauseMs }: { pauseMs: number }): Promise<string> {
      const headers = memsolusHeaders
      const created = await readJson<Export>(`${origin}/v1/exports?format=${format}`, { method: 'POST', headers })
      for (let { status } = created; status !== 'READY'; ) {
        if (status === 'FAILED') throw new Error(`Export ${created.id} of ${format} failed`)
        await setTimeout(pauseMs)
        status = (await readJson<Export>(`${origin}/v1/exports/${created.id}`, { headers })).status
      }
      return created.id
    },
  }
}

/**
 * The address of the same page, each time as it was never asked for before, so that the server has to read it: no run is
 * updated in the year 9998, so it makes no difference after which of its billionths of a second none is wanted.
 */
export function neverAsked(pageUrl: string): () => string {
  let asked = 0
  return () => `${pageUrl}&until=9998-01-01T00:00:00.${String(++asked).padStart(9, '0')}Z`
}
