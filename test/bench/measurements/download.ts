import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { drain, read } from '../client.ts'
import { interleave, median, medianRatio } from '../rounds.ts'
import { createSandbox } from '../sandbox.ts'
import type { Stage } from '../stage.ts'
import { type Row, showNumber } from '../table.ts'

const ROUNDS = 15
const TARGET = 0.8
const MB = 1_000_000

/** Downloading a large file, against a bare server that streams the same bytes from a file of its own. */
export async function measureDownload(stage: Stage): Promise<Row[]> {
  const { url } = await stage.startServer()
  const sandbox = await createSandbox(url)
  await sandbox.add('memories', stage.sizes.memories)
  const headers = sandbox.memsolusHeaders
  const file = sandbox.downloadUrl(await sandbox.exportMemories('json', { pauseMs: 20 }))
  const path = join(stage.directory, 'memories.json')
  const bytes = await read(file, { headers })
  await writeFile(path, bytes)
  const bare = await stage.startReference('download', path)
  const rates = await interleave({ file: () => rate(file, headers), bare: () => rate(bare) }, ROUNDS)
  const ratio = medianRatio(rates.file, rates.bare)
  return [
    {
      name: `download of ${showNumber(bytes.length / MB)} MB`,
      value: median(rates.file),
      unit: 'MB/s',
      comparedWith: 'bare fs.createReadStream server, the same bytes',
      ratio,
      target: `≥ ${TARGET} ×`,
      isMet: ratio >= TARGET,
    },
  ]
}

async function rate(url: string, headers: Record<string, string> = {}): Promise<number> {
  const from = performance.now()
  const bytes = await drain(url, { headers })
  return bytes / MB / ((performance.now() - from) / 1000)
}
