import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { read } from '../client.ts'
import { type Load, load } from '../load.ts'
import { interleave, median, medianRatio } from '../rounds.ts'
import { createSandbox, neverAsked } from '../sandbox.ts'
import type { Stage } from '../stage.ts'
import { type Row, showNumber } from '../table.ts'

const ROUNDS = 3
const FIELDS: Record<string, Record<string, string>> = {
  'all fields': {},
  'narrow fields': { fields: 'status,updatedAt' },
}

/** The 50-item page of a seeded sandbox at 16 connections, against a Fastify route that sends the very same bytes. */
export async function measurePage(stage: Stage): Promise<Row[]> {
  const { url } = await stage.startServer()
  const sandbox = await createSandbox(url, { syft: { runs: { count: 200 } } })
  const headers = sandbox.syftHeaders
  const rows: Row[] = []
  for (const [name, fields] of Object.entries(FIELDS)) {
    const page = sandbox.pageUrl({ limit: '50', ...fields })
    const nextNew = neverAsked(page)
    const bytes = await read(page, { headers })
    const path = join(stage.directory, name)
    await writeFile(path, bytes)
    const bare = await stage.startReference('route', path)
    for (const other of [await read(nextNew(), { headers }), await read(bare)]) {
      if (!other.equals(bytes)) throw new Error(`What is compared are not the same bytes: the page with ${name}`)
    }
    const loads = await interleave(
      {
        cached: () => load(() => page, headers),
        uncached: () => load(nextNew, headers),
        bare: () => load(() => bare),
      },
      ROUNDS,
    )
    const comparedWith = `bare Fastify route, the same ${showNumber(bytes.length / 1024)} KB`
    rows.push(
      {
        ...rowOf(`page, ${name}, cached`, loads.cached, loads.bare),
        comparedWith,
        target: '≥ the fastest of json-server, Mockoon, Prism; on Postgres ≥ WireMock (not run here)',
      },
      { ...rowOf(`page, ${name}, read anew`, loads.uncached, loads.bare), comparedWith },
    )
  }
  return rows
}

function rowOf(name: string, subject: Load[], reference: Load[]): Row {
  const rates = (loads: Load[]) => loads.map(({ perSecond }) => perSecond)
  return {
    name,
    value: median(rates(subject)),
    unit: 'req/s',
    detail: `p50 ${showNumber(median(subject.map(({ p50Ms }) => p50Ms)))} ms`,
    ratio: medianRatio(rates(subject), rates(reference)),
  }
}
