import { describe, expect, it } from 'vitest'
import { type Query, request, testSandbox } from '../../harness/sandbox.ts'

const limit = { status: 400, error: "Invalid 'limit'. Use a positive integer." }
const since = { status: 400, error: "Invalid 'since' timestamp format. Use ISO8601." }
const until = { status: 400, error: "Invalid 'until' timestamp format. Use ISO8601." }
const order = { status: 400, error: "Invalid 'order'. Use 'asc' or 'desc'." }
const fields = { status: 400, error: expect.stringMatching(/^Invalid fields: x\. Valid fields: runId, /) }
const cursor = { status: 400, error: 'Invalid cursor.' }

/** Everything that a query can have wrong, in the order in which it is judged. */
const wrong: [name: string, value: string, answer: { status: number; error: string }][] = [
  ['limit', 'x', limit],
  ['since', 'x', since],
  ['until', 'x', until],
  ['order', 'x', order],
  ['fields', 'x', fields],
  ['cursor', 'x', cursor],
]
const allWrong = Object.fromEntries(wrong.map(([name, value]) => [name, value]))

describe('a request that is wrong in several ways', () => {
  it('S-ERR-2c is answered for the key, then the plan, then the motion, then the query', async () => {
    const { syft, control, motionId } = await testSandbox()
    const { body: starter } = await control<{ id: string; secretKey: string }>('POST', '/syft/organizations', {
      plan: 'starter',
    })
    const { body: theirs } = await control<{ id: string }>('POST', '/syft/motions', { organizationId: starter.id })
    const status = async (call: Parameters<typeof syft.page>[1]) => (await syft.page(allWrong, call)).status
    expect(await status({ key: 'wrong', motion: 'none' })).toBe(401)
    expect(await status({ key: starter.secretKey, motion: 'none' })).toBe(403)
    expect(await status({ key: starter.secretKey, motion: theirs.id })).toBe(403)
    expect(await status({ motion: 'none' })).toBe(404)
    expect(await status({ motion: theirs.id })).toBe(404)
    expect(await status({ motion: motionId })).toBe(400)
  })

  it('S-ERR-2c is answered for the first of limit, since, until, order, fields and cursor', async () => {
    const { syft } = await testSandbox()
    const answered = async (query: Query) => {
      const { status, body } = await syft.page(query)
      return { status, error: body.error }
    }
    for (const [at, [, , first]] of wrong.entries()) {
      const query = Object.fromEntries(wrong.slice(at).map(([name, value]) => [name, value]))
      expect(await answered(query)).toEqual(first)
      // The order in which they are written says nothing.
      expect(await answered(Object.fromEntries(Object.entries(query).toReversed()))).toEqual(first)
    }
    for (const [name, value, answer] of wrong) expect(await answered({ [name]: value })).toEqual(answer)
  })

  it('S-ERR-2c is wrong also where the page would be empty', async () => {
    const { syft } = await testSandbox()
    const impossible = { status: 'nothing', since: '2027-01-01', until: '2026-01-01' }
    expect((await syft.page({ ...impossible, fields: 'x' })).status).toBe(400)
    expect((await syft.page({ ...impossible, cursor: 'x' })).status).toBe(400)
  })
})

describe('an error', () => {
  it('S-ERR-1 X-ALIEN-1c X-HTTP-2c is {"error": string}, as JSON, with an exchange of its own', async () => {
    const { syft, control, motionId } = await testSandbox()
    const { body: starter } = await control<{ secretKey: string }>('POST', '/syft/organizations', { plan: 'starter' })
    const key = syft.page({}, { key: 'wrong' })
    const plan = syft.page({}, { key: starter.secretKey })
    const motion = syft.page({}, { motion: 'none' })
    const queries = wrong.map(([name, value]) => syft.page({ [name]: value }))
    const path = request(`/api/motion/${motionId}`)
    const undecodable = request(`/api/motion/%zz/export`)
    const method = request(`/api/motion/${motionId}/export`, { method: 'POST' })
    const answers = await Promise.all([key, plan, motion, ...queries, path, undecodable, method])

    const statuses = answers.map(({ status }) => status)
    expect(statuses).toEqual([401, 403, 404, ...wrong.map(() => 400), 404, 404, 405])
    for (const { body, headers } of answers) {
      expect(body).toEqual({ error: expect.stringMatching(/./) })
      expect(headers.get('content-type')).toBe('application/json; charset=utf-8')
    }
    const exchanges = answers.map(({ headers }) => headers.get('sandport-exchange'))
    for (const exchange of exchanges) expect(exchange).toMatch(/^ex_[0-9a-f-]{36}$/)
    expect(new Set(exchanges).size).toBe(answers.length)
  })

  it('X-ALIEN-1c is no other than an answer in this: each has an exchange', async () => {
    const { syft } = await testSandbox()
    const [once, again] = [await syft.page(), await syft.page()]
    expect(once.headers.get('sandport-exchange')).toMatch(/^ex_/)
    expect(again.headers.get('sandport-exchange')).not.toBe(once.headers.get('sandport-exchange'))
  })
})

describe('a path that there is not', () => {
  it.each([
    ...['/api', '/api/', '/api?limit=5', '/api/motion', '/api/motions/demo/export', '/api/v1/motion/demo/export'],
    ...['/api/motion/demo', '/api/motion/demo/', '/api/motion/demo/exports', '/api/motion/demo/export/'],
    ...['/api/motion/demo/export/1', '/api/motion/a/b/export', '/api/motion/%zz/export', '/api/motion/%ff/export'],
    ...['/api/motion/demo/Export', '/api/%', `/api/${'x'.repeat(8000)}`],
  ])('X-HTTP-1c S-ERR-2c is answered 404 before any key is looked at: %s', async (path) => {
    for (const method of ['GET', 'POST', 'DELETE']) {
      const { status, body, headers } = await request(path, { method })
      expect({ status, body }).toEqual({ status: 404, body: { error: 'Not found' } })
      expect(headers.has('allow')).toBe(false)
    }
  })
})
