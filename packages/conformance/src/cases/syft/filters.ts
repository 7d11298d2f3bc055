import { NotTold } from '../../case.ts'
import { expectError, expectThat } from '../../expect.ts'
import type { Item, SyftKit } from '../../syft-kit.ts'
import { syftCase } from './case.ts'

const NARROW = { fields: 'status,createdAt,updatedAt' }
const millis = ({ updatedAt }: Pick<Item, 'updatedAt'>) => Date.parse(updatedAt)

/** An instant that some of the motion's completed runs were updated before, and some after. */
async function middle(syft: SyftKit): Promise<string> {
  const instants = [...new Set((await syft.sample()).map(({ updatedAt }) => updatedAt))].sort()
  const found = instants[Math.floor(instants.length / 2)]
  if (found === undefined || instants.length < 3) throw new NotTold('The motion has too few runs of different times.')
  return found
}

/** Runs of three instants, two of each. */
const spread = ['2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z', '2026-01-03T00:00:00.000Z'].flatMap((at, day) =>
  ['a', 'b'].map((letter) => ({
    runId: `run-${day}${letter}`,
    status: 'completed',
    createdAt: at,
    updatedAt: at,
    completedAt: at,
  })),
)

const statusIs = (name: string) =>
  syftCase({
    name: `status-${name}`,
    does: `serves only runs that are ${name}, with status=${name}`,
    rules: ['S-STATUS-2'],
    section: 'Query Parameters',
    async run({ syft }) {
      const { items, exchange } = await syft.page({ ...NARROW, limit: 100, status: name })
      const others = items.filter(({ status }) => status !== name).length
      expectThat(exchange, others === 0, { expected: `runs that are ${name}`, actual: `${others} that are not` })
    },
  })

export const filterCases = [
  syftCase({
    name: 'since',
    does: 'serves with since only runs that were created or updated after it, and all of those',
    rules: ['S-TIME-1'],
    section: 'Query Parameters',
    async run({ syft }) {
      const since = await middle(syft)
      const { items, exchanges } = await syft.walk({ ...NARROW, limit: 100, since })
      const [exchange] = exchanges
      if (!exchange) return
      // A run at exactly that instant is a matter of reading.
      const early = items.filter((item) => millis(item) < Date.parse(since)).length
      expectThat(exchange, early === 0, { expected: 'runs updated after it', actual: `${early} updated before it` })
      const served = new Set(items.map(({ runId }) => runId))
      const missed = (await syft.sample()).filter((item) => millis(item) > Date.parse(since) && !served.has(item.runId))
      expectThat(exchange, missed.length === 0, {
        expected: 'every run updated after it',
        actual: `all but ${missed.length}`,
      })
    },
  }),
  syftCase({
    name: 'until',
    does: 'serves with until only runs that were created or updated before it, and all of those',
    rules: ['S-TIME-2'],
    section: 'Query Parameters',
    async run({ syft }) {
      const until = await middle(syft)
      const { items, exchanges } = await syft.walk({ ...NARROW, limit: 100, until })
      const [exchange] = exchanges
      if (!exchange) return
      const late = items.filter((item) => millis(item) > Date.parse(until)).length
      expectThat(exchange, late === 0, { expected: 'runs updated before it', actual: `${late} updated after it` })
      const served = new Set(items.map(({ runId }) => runId))
      const missed = (await syft.sample()).filter((item) => millis(item) < Date.parse(until) && !served.has(item.runId))
      expectThat(exchange, missed.length === 0, {
        expected: 'every run updated before it',
        actual: `all but ${missed.length}`,
      })
    },
  }),
  syftCase({
    name: 'since-invalid',
    does: 'refuses a since that is no ISO 8601',
    rules: ['S-TIME-3'],
    section: 'Error Responses',
    async run({ syft }) {
      const error = "Invalid 'since' timestamp format. Use ISO8601."
      for (const since of ['yesterday', '2026-13-01T00:00:00Z']) expectError(await syft.ask({ since }), 400, { error })
    },
  }),
  syftCase({
    name: 'until-invalid',
    does: 'refuses an until that is no ISO 8601, in the words for since',
    rules: ['S-TIME-4c'],
    section: 'Error Responses',
    async run({ syft }) {
      const error = "Invalid 'until' timestamp format. Use ISO8601."
      expectError(await syft.ask({ until: 'yesterday' }), 400, { error })
    },
  }),
  syftCase({
    name: 'window-borders',
    does: 'leaves out what was updated at exactly until, and serves at exactly since what its reading says',
    rules: ['S-TIME-4c'],
    section: 'Query Parameters',
    needs: 'control',
    async run({ sandbox }) {
      for (const since of ['exclusive', 'inclusive'] as const) {
        const { syft, control } = await sandbox({ reading: { since } })
        await control('POST', '/syft/runs', { items: spread })
        const from = await syft.page({ ...NARROW, since: '2026-01-02T00:00:00Z' })
        const wanted = since === 'exclusive' ? 2 : 4
        expectThat(from.exchange, from.items.length === wanted, {
          expected: `${wanted} runs where since is ${since}`,
          actual: `${from.items.length}`,
        })
        const to = await syft.page({ ...NARROW, until: '2026-01-02T00:00:00Z' })
        expectThat(to.exchange, to.items.length === 2, { expected: '2 runs', actual: `${to.items.length}` })
      }
    },
  }),
  syftCase({
    name: 'window-empty',
    does: 'answers an empty page where since is not before until',
    rules: ['S-TIME-4c'],
    section: 'Query Parameters',
    async run({ syft }) {
      const at = await middle(syft)
      for (const window of [
        { since: at, until: at },
        { since: at, until: '2000-01-01T00:00:00Z' },
      ]) {
        const { items, exchange } = await syft.page({ ...NARROW, ...window })
        expectThat(exchange, items.length === 0, { expected: 'an empty page', actual: `${items.length} items` })
      }
    },
  }),
  syftCase({
    name: 'instants',
    does: 'reads instants as ISO 8601 has them, to any fraction of a second, and refuses what is none',
    rules: ['X-TIME-1c'],
    section: 'Query Parameters',
    async run({ syft }) {
      const good = ['2026-01-01', '2026-01-01T10:00Z', '2026-01-01T10:00:00.123456Z', '2026-01-01T10:00:00+0200']
      for (const since of [...good, '2026-01-01T10:00:00-02:00', '2026-01-01T10:00:00'])
        await syft.page({ ...NARROW, limit: 1, since })
      const error = "Invalid 'since' timestamp format. Use ISO8601."
      for (const since of ['undefined', '1767225600', '2026-02-30T00:00:00Z'])
        expectError(await syft.ask({ since }), 400, { error })
      expectError(await syft.ask('since=2026-01-01T10:00:00+02:00'), 400, { error })
    },
  }),
  syftCase({
    name: 'status-default',
    does: 'serves only completed runs where no status is given',
    rules: ['S-STATUS-1'],
    section: 'Query Parameters',
    async run({ syft }) {
      const { items, exchange } = await syft.page({ ...NARROW, limit: 100 })
      const others = items.filter(({ status }) => status !== 'completed').length
      expectThat(exchange, others === 0, { expected: 'completed runs', actual: `${others} that are not completed` })
    },
  }),
  ...['completed', 'failed', 'skipped'].map(statusIs),
  syftCase({
    name: 'status-in-progress',
    does: 'serves with status=in_progress the runs that are open, running or in_progress',
    rules: ['S-STATUS-3c'],
    section: 'Run Item Fields',
    needs: 'control',
    async run({ sandbox }) {
      const { syft, control } = await sandbox()
      const statuses = ['open', 'running', 'in_progress', 'completed', 'failed', 'of its own']
      await control('POST', '/syft/runs', { items: statuses.map((status) => ({ status })) })
      const { items, exchange } = await syft.page({ ...NARROW, status: 'in_progress' })
      const found = items.map(({ status }) => status).sort()
      expectThat(exchange, found.join() === 'in_progress,open,running', {
        expected: 'one run of each of open, running and in_progress',
        actual: found.join(', ') || 'none',
      })
      const own = await syft.page({ ...NARROW, status: 'of its own' })
      expectThat(own.exchange, own.items.length === 1, { expected: '1 run', actual: `${own.items.length}` })
    },
  }),
  syftCase({
    name: 'status-unknown',
    does: 'answers an empty page for a status that no run has',
    rules: ['S-STATUS-4c'],
    section: 'Query Parameters',
    async run({ syft }) {
      const { items, exchange } = await syft.page({ ...NARROW, status: 'no-such-status' })
      expectThat(exchange, items.length === 0, { expected: 'an empty page', actual: `${items.length} items` })
    },
  }),
  syftCase({
    name: 'parameters',
    does: 'takes empty parameters for absent ones, the first of repeated ones, and passes over unknown ones',
    rules: ['X-PARAM-1c'],
    section: 'Query Parameters',
    async run({ syft }) {
      const plain = (await syft.page({ ...NARROW, limit: 1 })).items.map(({ runId }) => runId).join()
      for (const more of ['&since=&status=&order=&cursor=', '&limit=7&limit=9', '&unknown=1&Limit=9']) {
        const exchange = await syft.ask(`fields=status&limit=1${more}`)
        const { items = [] } = (exchange.body ?? {}) as { items?: Item[] }
        expectThat(exchange, exchange.status === 200 && items.map(({ runId }) => runId).join() === plain, {
          expected: 'the page of limit=1',
          actual: exchange.status === 200 ? `another one, of ${items.length} items` : `status ${exchange.status}`,
        })
      }
    },
  }),
]
