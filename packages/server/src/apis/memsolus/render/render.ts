import type { Deps } from '../../../deps.ts'
import type { Db } from '../../../ports/database/database.ts'
import type { ExportSelection } from '../exports.ts'
import type { ExportFormat } from '../schemas.ts'
import { csv } from './csv.ts'
import type { Format } from './format.ts'
import { json } from './json.ts'
import { markdown } from './markdown.ts'
import { countMemories, readMemories, selectCopied } from './memories.ts'
import { type TextBatch, writtenTexts } from './written-texts.ts'

export const formats: Record<ExportFormat, Format> = { json, csv, markdown }

const RENEW_AFTER_MS = 5000

/**
 * Writes the file of an export, streaming: what it needs does not grow with the memories in it. `renew` is called with the
 * number of rows written, at the end and every few seconds. Answers the file's size in bytes.
 */
export async function renderFile(
  { db, readSnapshot, files, stopping }: Pick<Deps, 'db' | 'readSnapshot' | 'files' | 'stopping'>,
  { row, key, renew }: Rendering,
): Promise<number> {
  const format = formats[row.format]
  if (!readSnapshot) return files.write(key, content(db, formatMemories(db, row)))
  return readSnapshot(
    ({ db: from, copyRows }) => files.write(key, content(from, writtenTexts(copyRows(selectCopied(row)), format.put))),
    stopping,
  )

  async function* content(from: Db, batches: AsyncIterable<TextBatch>) {
    const total = format.needsCount ? await countMemories(from, row) : 0
    let rows = 0
    let renewedAt = performance.now()
    yield format.open(row, total)
    for await (const { texts, count } of batches) {
      yield rows === 0 ? texts.subarray(format.separator.length) : texts
      rows += count
      stopping.throwIfAborted()
      if (performance.now() - renewedAt < RENEW_AFTER_MS) continue
      await renew(rows)
      renewedAt = performance.now()
    }
    yield format.close(rows)
    await renew(rows)
  }
}
type Rendering = { row: ExportSelection; key: string; renew: (rowsDone: number) => Promise<void> }

async function* formatMemories(db: Db, row: ExportSelection): AsyncGenerator<TextBatch> {
  const { text } = formats[row.format]
  for await (const batch of readMemories(db, row)) {
    yield { texts: Buffer.from(batch.map(text).join('')), count: batch.length }
  }
}
