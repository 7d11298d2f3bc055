import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { drain, read } from '../client.ts'
import { interleave, median, medianRatio, timed } from '../rounds.ts'
import { createSandbox, type Format, formats, type Sandbox } from '../sandbox.ts'
import type { Stage } from '../stage.ts'
import { type Row, showNumber } from '../table.ts'

const ROUNDS = 3
const TARGET = 0.5
const MB = 1_000_000

/** Rendering many memories, in rows a second, against a COPY of the same columns in the same order to a CSV file. */
export async function measureRendering(stage: Stage): Promise<Row[]> {
  const { url } = await stage.startServer()
  const sandbox = await createSandbox(url)
  const { memories } = stage.sizes
  await sandbox.add('memories', memories)
  const latest: Record<Format, string> = { json: '', csv: '', markdown: '' }
  const render = async (format: Format) => {
    latest[format] = await sandbox.exportMemories(format, { pauseMs: 20 })
  }
  await render('csv')
  const copy = await (stage.databaseUrl === undefined
    ? copyInPglite(stage, await read(sandbox.downloadUrl(latest.csv), { headers: sandbox.memsolusHeaders }))
    : copyWithPsql(stage, stage.databaseUrl, sandbox))
  const times = await interleave(
    {
      json: () => timed(() => render('json')),
      csv: () => timed(() => render('csv')),
      markdown: () => timed(() => render('markdown')),
      copy: () => timed(copy),
    },
    ROUNDS,
  )
  const sizeOf = (format: Format) => drain(sandbox.downloadUrl(latest[format]), { headers: sandbox.memsolusHeaders })
  const bytes = { json: await sizeOf('json'), csv: await sizeOf('csv'), markdown: await sizeOf('markdown') }
  return formats.map((format) => {
    const seconds = median(times[format]) / 1000
    const ratio = medianRatio(times.copy, times[format])
    return {
      name: `rendering ${showNumber(memories)} memories, ${format}`,
      value: memories / seconds,
      unit: 'rows/s',
      detail: `${showNumber(bytes[format] / MB / seconds)} MB/s`,
      comparedWith: 'COPY … csv: psql on Postgres, PGlite alone',
      ratio,
      target: `≥ ${TARGET} × psql \\copy (1,000,000 on Postgres)`,
      ...(stage.databaseUrl !== undefined && { isMet: ratio >= TARGET }),
    }
  })
}

/** The memories of a CSV file, copied out of a PGlite that does nothing else. */
async function copyInPglite(stage: Stage, csv: Buffer): Promise<() => Promise<unknown>> {
  const path = join(stage.directory, 'memories.csv')
  await writeFile(path, csv)
  const url = await stage.startReference('copy', path)
  return () => read(url)
}

/** The memories of a sandbox, copied out of its database by psql. */
async function copyWithPsql({ directory }: Stage, databaseUrl: string, { view }: Sandbox) {
  const psql = (command: string) =>
    promisify(execFile)('psql', [databaseUrl, '--no-psqlrc', '--quiet', '--command', command])
  // So that it finds the index of these rows and their order, which it passes by while it knows nothing of the table.
  await psql('analyze memsolus.memory')
  const columns = `id, memory, user_id, agent_id, session_id, priority, categories, metadata, workspace_id, access_count,
    last_accessed_at, created_at, updated_at`
  const rows = `select ${columns} from memsolus.memory where sandbox_id = '${view.id}'
    and workspace_id = (select id from memsolus.workspace where sandbox_id = '${view.id}') order by created_at, id`
  const command = `\\copy (${rows.replaceAll(/\s+/g, ' ')}) to '${join(directory, 'copied.csv')}' csv`
  return () => psql(command)
}
