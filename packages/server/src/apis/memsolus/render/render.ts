import type { Deps } from '../../../deps.ts'
import type { ExportRow } from '../exports.ts'
import type { ExportFormat } from '../schemas.ts'
import { csv } from './csv.ts'
import type { Format } from './format.ts'
import { json } from './json.ts'
import { markdown } from './markdown.ts'
import { countMemories, readMemories } from './memories.ts'

export const formats: Record<ExportFormat, Format> = { json, csv, markdown }

const RENEW_AFTER_MS = 5000

/**
 * Writes the file of an export, streaming: what it needs does not grow with the memories in it. `renew` is called with the
 * number of rows written, at the end and every few seconds. Answers the file's size in bytes.
 */
export async function renderFile({ db, files, stopping }: Deps, { row, key, renew }: Rendering): Promise<number> {
  return files.write(key, content())

  async function* content() {
    const format = formats[row.format]
    const total = format.needsCount ? await countMemories(db, row) : 0
    let rows = 0
    let renewedAt = performance.now()
    yield format.open(row, total)
    for await (const batch of readMemories(db, row)) {
      yield format.rows(batch, rows)
      rows += batch.length
      stopping.throwIfAborted()
      if (performance.now() - renewedAt < RENEW_AFTER_MS) continue
      await renew(rows)
      renewedAt = performance.now()
    }
    yield format.close(rows)
    await renew(rows)
  }
}
type Rendering = { row: ExportRow; key: string; renew: (rowsDone: number) => Promise<void> }
