import { interleave, median, timed } from '../rounds.ts'
import { createSandbox, type Sandbox } from '../sandbox.ts'
import type { Stage } from '../stage.ts'
import type { Row } from '../table.ts'

/** A server that has just started is slower, as none of its code is compiled for speed yet. */
const FIRST_ROUNDS = 40
const ROUNDS = 60
const SEEDED = { syft: { runs: { count: 100 } }, memsolus: { memories: { count: 200 } } }

/** How long it takes to have a new sandbox, and to have it as it was. */
export async function measureSandboxes(stage: Stage): Promise<Row[]> {
  const { url } = await stage.startServer()
  const created: Sandbox[] = []
  const create = (data?: typeof SEEDED) => timed(async () => created.push(await createSandbox(url, data)))
  // The data of a seed is made up for the first one that has it, and copied for those that follow.
  const firstMs = await create(SEEDED)
  const times = await interleave(
    {
      empty: () => create(),
      seeded: () => create(SEEDED),
      reset: () => timed(async () => created.at(-1)?.control('POST', '/reset')),
      // So that the last is not slower than the first because of all that were made between.
      deleted: () => timed(async () => Promise.all(created.splice(0).map(({ control }) => control('DELETE', '')))),
    },
    FIRST_ROUNDS + ROUNDS,
  )
  const rows = (when: string, [from, to]: [from: number, to: number]) => {
    const of = (values: readonly number[]) => median(values.slice(from, to))
    return [
      row(`new sandbox, empty${when}`, of(times.empty), 5),
      row(`new sandbox, 100 runs and 200 memories${when}`, of(times.seeded), 15),
      row(`its reset${when}`, of(times.reset), 15),
    ]
  }
  return [
    ...rows('', [FIRST_ROUNDS, FIRST_ROUNDS + ROUNDS]),
    ...rows(', just started', [0, FIRST_ROUNDS]),
    { name: 'the first sandbox of a seed', value: firstMs, unit: 'ms' },
  ]
}

function row(name: string, value: number, targetMs: number): Row {
  return {
    name,
    value,
    unit: 'ms',
    comparedWith: 'its target',
    ratio: value / targetMs,
    target: `${targetMs} ms`,
    isMet: value <= targetMs,
  }
}
