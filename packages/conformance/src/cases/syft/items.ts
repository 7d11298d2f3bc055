import { NotTold } from '../../case.ts'
import { expectThat, shapeOf } from '../../expect.ts'
import type { Item, SyftKit } from '../../syft-kit.ts'
import { syftCase } from './case.ts'
import { fieldNames, isOfKind, itemFields } from './item-fields.ts'

const TARGETS = ['MarContact', 'MarCompany', 'MarSessionSummary']
const ENDED = ['completed', 'failed', 'skipped']

/** Whole runs of several statuses, with the answer that each came in. */
async function wholeRuns(syft: SyftKit) {
  const found = []
  for (const status of [...ENDED, 'in_progress']) {
    const { items, exchange } = await syft.page({ limit: 20, status })
    found.push(...items.map((item) => ({ item, exchange })))
  }
  if (found.length === 0) throw new NotTold('The motion has no runs.')
  return found
}

/** Holds every run that a condition is for to what must be true of it. */
function each(
  condition: (item: Item) => boolean,
  isMet: (item: Item) => boolean,
  [expected, actual]: [string, string],
) {
  return async ({ syft }: { syft: SyftKit }) => {
    const runs = (await wholeRuns(syft)).filter(({ item }) => condition(item))
    if (runs.length === 0) throw new NotTold('The motion has no run that this is about.')
    for (const { item, exchange } of runs) expectThat(exchange, isMet(item), { expected, actual })
  }
}

const is =
  (...statuses: string[]) =>
  ({ status }: Item) =>
    statuses.includes(status)

export const itemCases = [
  syftCase({
    name: 'item-fields',
    does: 'serves runs with the documented fields, each of its documented type',
    rules: ['S-ITEM-1'],
    section: 'Run Item Fields',
    async run({ syft }) {
      for (const { item, exchange } of await wholeRuns(syft)) {
        for (const [name, kind] of Object.entries(itemFields)) {
          expectThat(exchange, isOfKind(item[name], kind), {
            expected: `${name}: ${kind}`,
            actual: `${name}: ${name in item ? shapeOf(item[name]) : 'left out'}`,
          })
        }
        const extra = Object.keys(item).filter((name) => !fieldNames.includes(name))
        expectThat(exchange, extra.length === 0, { expected: 'no other fields', actual: extra.join(', ') })
      }
    },
  }),
  syftCase({
    name: 'item-in-progress',
    does: 'has null for the completedAt of a run that goes on',
    rules: ['S-ITEM-2'],
    section: 'Run Item Fields',
    run: each(is('open', 'running', 'in_progress'), ({ completedAt }) => (completedAt ?? null) === null, [
      'completedAt: null while the run is in progress',
      'completedAt: text',
    ]),
  }),
  syftCase({
    name: 'item-failed',
    does: 'says in error why a run failed',
    rules: ['S-ITEM-2'],
    section: 'Run Item Fields',
    run: each(is('failed'), ({ error }) => typeof error === 'string' && error !== '', [
      'an error on a failed run',
      'none, or an empty one',
    ]),
  }),
  syftCase({
    name: 'item-target-type',
    does: 'has a targetType of the three that there are',
    rules: ['S-ITEM-3'],
    section: 'Run Item Fields',
    run: each(
      () => true,
      ({ targetType }) => TARGETS.includes(`${targetType}`),
      [`targetType: ${TARGETS.join(', ')}`, 'another one'],
    ),
  }),
  syftCase({
    name: 'item-ended',
    does: 'has a completedAt for runs that have ended, and an error only for those that failed',
    rules: ['S-ITEM-4c'],
    section: 'Run Item Fields',
    run: each(
      is(...ENDED),
      ({ completedAt, status, error }) =>
        typeof completedAt === 'string' && (status === 'failed' || (error ?? null) === null),
      ['a completedAt, and no error unless it failed', 'no completedAt, or an error on a run that did not fail'],
    ),
  }),
  syftCase({
    name: 'item-instants',
    does: 'shows times in UTC with three decimals',
    rules: ['X-TIME-2c'],
    section: 'Run Item Fields',
    run: each(
      () => true,
      ({ createdAt, updatedAt }) =>
        [createdAt, updatedAt].every((at) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(at)),
      ['times such as 2026-01-31T09:30:00.000Z', 'another form'],
    ),
  }),
  syftCase({
    name: 'item-changed',
    does: 'moves the updatedAt of a run that is changed, and serves nothing of one that is deleted',
    rules: ['S-DATA-1c'],
    section: 'Run Item Fields',
    needs: 'control',
    async run({ sandbox }) {
      const { syft, control } = await sandbox({ clock: { now: '2026-06-01T00:00:00Z', frozen: true } })
      const at = '2026-01-01T00:00:00.000Z'
      const items = ['one', 'two'].map((runId) => ({ runId, status: 'completed', createdAt: at, updatedAt: at }))
      await control('POST', '/syft/runs', { items })
      await control('PATCH', '/syft/runs/one', { evaluationSummary: 'Changed' })
      await control('DELETE', '/syft/runs/two')
      const page = await syft.page({ fields: 'updatedAt' })
      const found = page.items.map(({ runId, updatedAt }) => `${runId} of ${updatedAt}`).join(', ')
      expectThat(page.exchange, found === 'one of 2026-06-01T00:00:00.000Z', {
        expected: 'run one, updated when it was changed',
        actual: found || 'no run',
      })
    },
  }),
]
