import { join } from 'node:path'
import { forgetPeak, residentMemory } from '../memory.ts'
import { createSandbox, formats, sandboxAt } from '../sandbox.ts'
import type { Stage } from '../stage.ts'
import { type Row, showNumber } from '../table.ts'

const TARGET_MB = 100
const MB = 1_000_000

/** How much the server's process grows while it renders many memories: each format in a process that has just started. */
export async function measureMemory(stage: Stage): Promise<Row[]> {
  const data = stage.databaseUrl === undefined ? ['--data', join(stage.directory, 'data')] : []
  const { memories } = stage.sizes
  const first = await stage.startServer(data)
  const sandbox = await createSandbox(first.url)
  await sandbox.add('memories', memories)
  await first.stop()
  const rows: Row[] = []
  for (const format of formats) {
    const server = await stage.startServer(data)
    const before = await residentMemory(server.pid)
    await forgetPeak(server.pid)
    await sandboxAt(server.url, sandbox.view).exportMemories(format, { pauseMs: 20 })
    const { peak } = await residentMemory(server.pid)
    await server.stop()
    const value = (peak - before.now) / MB
    rows.push({
      name: `memory growth, ${showNumber(memories)} memories, ${format}`,
      value,
      unit: 'MB',
      detail: `from ${showNumber(before.now / MB)}`,
      comparedWith: 'before the render',
      ratio: peak / before.now,
      target: `≤ ${TARGET_MB} MB`,
      isMet: value <= TARGET_MB,
    })
  }
  return rows
}
