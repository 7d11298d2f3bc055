import { describe, expect, it } from 'vitest'
import { shownRun as run } from '../../../testing.ts'
import { recordRun } from './recorded-run.ts'

describe('a recorded run', () => {
  it('is kept as it was shown', () => {
    expect(recordRun(run)).toEqual({ run, left: [] })
  })

  it('keeps what the page documents, and names what is left out', () => {
    const { run: recorded, left } = recordRun({
      ...run,
      score: 7,
      targetType: 'MarRobot',
      triggerReason: 5,
      account: { ...run.account, industry: 'WIZARDRY', owner: 'Ada' },
      contacts: [...run.contacts, 'Ada', { email: 7, lastName: 'half \ud800 a pair' }],
    })
    const { targetType, ...kept } = run
    expect(recorded).toEqual({
      ...kept,
      triggerReason: null,
      account: { ...run.account, industry: null },
      contacts: [...run.contacts, { email: null, lastName: 'half \ufffd a pair' }],
    })
    expect(left.toSorted()).toEqual(
      [
        'score',
        'targetType',
        'triggerReason',
        'account.industry',
        'account.owner',
        'contacts[]',
        'contacts[].email',
      ].toSorted(),
    )
  })

  it('says nothing of what was left out because it is null', () => {
    const { runId, status, createdAt, updatedAt, targetType } = run
    expect(recordRun({ runId, status, createdAt, updatedAt, targetType }).run).toEqual({
      ...{ runId, status, createdAt, updatedAt, targetType },
      ...{ completedAt: null, triggerSource: null, account: null, contacts: [], session: null },
      ...{ evaluationSummary: null, triggerReason: null, actionPlanSummary: null, error: null },
    })
  })

  it.each([
    ['nothing', null],
    ['an id that no path can hold', { ...run, runId: 'a/b' }],
    ['no instant', { ...run, updatedAt: 'yesterday' }],
    ['an update before the creation', { ...run, updatedAt: '2025-12-31T23:59:59.999Z' }],
  ])('cannot be made of %s', (_, item) => {
    expect(recordRun(item).run).toBeUndefined()
  })
})
