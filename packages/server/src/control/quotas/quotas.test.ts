import { describe, expect, it } from 'vitest'
import { createQuotaKeeper, publicQuotas } from './quotas.ts'

describe('a quota keeper', () => {
  it('lets so many requests of each sandbox through in a second', () => {
    const keeper = createQuotaKeeper({ ...publicQuotas, requestsPerSecond: 100 })
    // Wherever in them a second ends, one of the two has more than a hundred.
    const answers = Array.from({ length: 202 }, () => keeper.isTooFast('a'))
    expect(answers.slice(0, 100)).not.toContain(true)
    expect(answers).toContain(true)
    expect(keeper.isTooFast('b')).toBe(false)
  })

  it('gives a place back when it is left', () => {
    const keeper = createQuotaKeeper({ ...publicQuotas, eventStreams: 1 })
    const leave = keeper.enter('a', 'eventStreams')
    expect(keeper.enter('a', 'eventStreams')).toBeUndefined()
    expect(keeper.enter('a', 'waitingRequests')).toBeDefined()
    leave?.()
    expect(keeper.enter('a', 'eventStreams')).toBeDefined()
  })

  it('refuses nothing where there are no quotas', () => {
    const keeper = createQuotaKeeper(undefined)
    expect(Array.from({ length: 5000 }, () => keeper.isTooFast('a'))).not.toContain(true)
  })
})
