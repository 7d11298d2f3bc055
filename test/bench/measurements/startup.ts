import { read } from '../client.ts'
import { median, timed } from '../rounds.ts'
import type { Stage } from '../stage.ts'
import type { Row } from '../table.ts'

const STARTS = 5
const TARGET_MS = 1000

/** From the spawn of the built command to its first 200. */
export async function measureStartup(stage: Stage): Promise<Row[]> {
  // Makes the tables and the sandbox `default` where there is no image of them.
  await (await stage.startServer()).stop()
  const times: number[] = []
  for (let start = 0; start < STARTS; start++) {
    times.push(
      await timed(async () => {
        const { url, syft } = await stage.startServer()
        const headers = { authorization: `Bearer ${syft.secretKey}` }
        await read(`${url}/api/motion/${syft.motionId}/export?limit=1`, { headers })
      }),
    )
  }
  const value = median(times)
  return [
    {
      name: 'start to first 200',
      value,
      unit: 'ms',
      comparedWith: 'its target',
      ratio: value / TARGET_MS,
      target: '≤ 1.0 s, embedded',
      ...(stage.databaseUrl === undefined && { isMet: value <= TARGET_MS }),
    },
  ]
}
