import { type Load, load } from '../load.ts'
import { interleave, median, medianRatio } from '../rounds.ts'
import { createSandbox } from '../sandbox.ts'
import type { Stage } from '../stage.ts'
import type { Row } from '../table.ts'

const ROUNDS = 5

/** What the journal and its findings cost: the throughput of a server that keeps one, against one that keeps none. */
export async function measureJournal(stage: Stage): Promise<Row[]> {
  const [keeping, without] = [await stage.startServer(), await stage.startServer([], { JOURNAL_LIMIT: '0' })]
  const subjects = await Promise.all(
    [keeping, without].map(({ url }) => createSandbox(url, { syft: { runs: { count: 200 } } })),
  )
  const rows: Row[] = []
  for (const [name, fields] of [
    ['all fields', {}],
    ['narrow fields', { fields: 'status,updatedAt' }],
  ] as const) {
    const [kept, unkept] = subjects.map((sandbox) => {
      const page = sandbox.pageUrl({ limit: '50', ...fields })
      return () => load(() => page, sandbox.syftHeaders)
    })
    if (!kept || !unkept) throw new Error('There are two servers')
    const loads = await interleave({ kept, unkept }, ROUNDS)
    const rates = (each: Load[]) => each.map(({ perSecond }) => perSecond)
    rows.push({
      name: `page, ${name}, cached, with a journal`,
      value: median(rates(loads.kept)),
      unit: 'req/s',
      comparedWith: 'the same with JOURNAL_LIMIT=0',
      ratio: medianRatio(rates(loads.kept), rates(loads.unkept)),
      target: '≥ 0.9',
    })
  }
  return rows
}
