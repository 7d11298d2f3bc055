import { describe, expect, it } from 'vitest'
import { testSandbox } from '../../harness/sandbox.ts'

type Made = { id: string; secretKey: string }

describe('an organization', () => {
  it('S-PLAN-1 without API access is answered 403, and served from the pro plan up', async () => {
    const { syft, control } = await testSandbox()
    const organization = await control<Made>('POST', '/syft/organizations', { plan: 'starter' })
    const motion = await control<Made>('POST', '/syft/motions', { organizationId: organization.body.id })
    const call = { key: organization.body.secretKey, motion: motion.body.id }

    const refused = await syft.page({}, call)
    expect(refused.status).toBe(403)
    expect(Object.keys(refused.body)).toEqual(['error'])
    expect(refused.body.error).toMatch(/^API access requires a Pro plan/)

    for (const plan of ['pro', 'agency']) {
      await control('PATCH', `/syft/organizations/${organization.body.id}`, { plan })
      expect((await syft.page({}, call)).status).toBe(200)
    }
    await control('PATCH', `/syft/organizations/${organization.body.id}`, { plan: 'starter' })
    expect((await syft.page({}, call)).status).toBe(403)
  })
})

describe('a motion', () => {
  it('S-MOTION-1 that does not exist is answered 404', async () => {
    const { syft } = await testSandbox()
    const { status, body } = await syft.page({}, { motion: 'cl0000000000000000000000' })
    expect({ status, body }).toEqual({ status: 404, body: { error: 'Motion not found' } })
  })

  it('S-MOTION-1 S-MOTION-2c of another organization is answered as one that does not exist, to the byte', async () => {
    const { syft, motionId, control } = await testSandbox({ clock: { now: '2026-03-01T00:00:00Z', frozen: true } })
    const other = await control<Made>('POST', '/syft/organizations', {})
    const theirs = await control<Made>('POST', '/syft/motions', { organizationId: other.body.id })
    const answers = [
      await syft.page({}, { motion: theirs.body.id }),
      await syft.page({}, { motion: motionId, key: other.body.secretKey }),
      await syft.page({}, { motion: 'no-such-motion' }),
    ]
    const shown = answers.map(({ status, text, headers }) => ({ status, text, headers: withoutIds(headers) }))
    expect(shown[0]).toMatchObject({ status: 404, text: '{"error":"Motion not found"}' })
    expect(shown).toEqual([shown[0], shown[0], shown[0]])
    expect((await syft.page({}, { motion: theirs.body.id, key: other.body.secretKey })).status).toBe(200)
  })

  it('S-MOTION-1 of another sandbox does not exist', async () => {
    const mine = await testSandbox()
    const theirs = await testSandbox({ data: { syft: { motions: [{ id: 'theirs' }] } } })
    expect((await theirs.syft.page({}, { motion: 'theirs' })).status).toBe(200)
    const { status, body } = await mine.syft.page({}, { motion: 'theirs' })
    expect({ status, body }).toEqual({ status: 404, body: { error: 'Motion not found' } })
  })

  it('S-MOTION-1 is gone as soon as it is deleted', async () => {
    const { syft, motionId, control } = await testSandbox()
    expect((await syft.page()).status).toBe(200)
    await control('DELETE', `/syft/motions/${motionId}`)
    expect((await syft.page()).status).toBe(404)
  })

  it('S-MOTION-1 serves its own runs only', async () => {
    const { syft, motionId, addRuns, control } = await testSandbox()
    const other = await control<Made>('POST', '/syft/motions', {})
    await addRuns({ items: [{ runId: 'here', status: 'completed' }], motionId })
    await addRuns({ items: [{ runId: 'there', status: 'completed' }], motionId: other.body.id })
    const here = await syft.page()
    const there = await syft.page({}, { motion: other.body.id })
    expect(here.body.items.map(({ runId }) => runId)).toEqual(['here'])
    expect(there.body.items.map(({ runId }) => runId)).toEqual(['there'])
  })
})

function withoutIds(headers: Headers) {
  return [...headers].filter(([name]) => name !== 'sandport-exchange')
}
