import { interleave, median, timed } from '../rounds.ts'
import { createSandbox, type Format, formats } from '../sandbox.ts'
import type { Stage } from '../stage.ts'
import type { Row } from '../table.ts'

const ROUNDS = 20
const TARGET_MS = 25

/** From the POST of an export of 1,000 memories to the poll that says READY. */
export async function measureReady(stage: Stage): Promise<Row[]> {
  const { url } = await stage.startServer()
  const sandbox = await createSandbox(url, { memsolus: { memories: { count: 1000 } } })
  const ready = (format: Format) => () => timed(() => sandbox.exportMemories(format, { pauseMs: 1 }))
  const times = await interleave({ json: ready('json'), csv: ready('csv'), markdown: ready('markdown') }, ROUNDS)
  return formats.map((format) => {
    const value = median(times[format])
    return {
      name: `POST to READY, 1,000 memories, ${format}`,
      value,
      unit: 'ms',
      comparedWith: 'its target',
      ratio: value / TARGET_MS,
      target: `${TARGET_MS} ms, embedded`,
      ...(stage.databaseUrl === undefined && { isMet: value <= TARGET_MS }),
    }
  })
}
