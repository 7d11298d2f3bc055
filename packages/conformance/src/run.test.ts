import { describe, expect, it } from 'vitest'
import { cases, isDocumented, verify } from './index.ts'
import { chooseCases } from './run.ts'

const syft = { baseUrl: 'http://service.test/', secretKey: 'sk_live_secret', motionId: 'm' }

/** A service that answers everything alike. */
function service(status: number, body: unknown, headers: Record<string, string> = {}) {
  const urls: string[] = []
  const fetch = async (url: string | URL | Request) => {
    urls.push(`${url}`)
    return Response.json(body, { status, headers })
  }
  return { urls, fetch }
}

describe('verify', () => {
  it('tells what was asked, what should have come and what came, without a key', async () => {
    const { fetch, urls } = service(200, { items: [], nextCursor: null, hasMore: false })
    const report = await verify({ syft }, { only: ['syft/no-key'], fetch })
    expect(urls).toEqual(['http://service.test/api/motion/m/export?limit=1'])
    expect(report.counts).toEqual({ passed: 0, failed: 1, differs: 0, skipped: 0 })
    expect(report.results).toMatchObject([
      {
        id: 'syft/no-key',
        source: 'documented',
        outcome: 'failed',
        requests: ['GET /api/motion/m/export?limit=1'],
        unmet: { request: 'GET /api/motion/m/export?limit=1', expected: 'status 401', actual: 'status 200' },
      },
    ])
    expect(JSON.stringify(report)).not.toContain('sk_live_secret')
  })

  it('takes no other choice for a failure, unless it is Sandport that has chosen', async () => {
    const body = { error: 'No' }
    const outcomeOf = async (headers: Record<string, string>) => {
      const { fetch } = service(400, body, headers)
      const { results } = await verify({ syft }, { only: ['syft/limit-invalid'], fetch })
      return results[0]?.outcome
    }
    expect(await outcomeOf({})).toBe('differs')
    expect(await outcomeOf({ 'sandport-exchange': 'ex_1' })).toBe('failed')
  })

  it('shows nothing of anybody’s data', async () => {
    const run = { runId: 'r', status: 'failed', account: { name: 'Initech' }, error: 'Call Bill at 555' }
    const { fetch } = service(200, { items: [run], nextCursor: null, hasMore: false })
    const report = await verify({ syft }, { fetch })
    expect(report.counts.failed).toBeGreaterThan(0)
    expect(JSON.stringify(report)).not.toMatch(/Initech|Bill|555/)
  })

  it('skips what it cannot find out, and says why', async () => {
    const { fetch } = service(200, { items: [], nextCursor: null, hasMore: false })
    const { results } = await verify({ syft }, { only: ['syft/plan', 'syft/walk'], fetch })
    expect(results.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['skipped', 'It needs a sandbox of its own, which only a Sandport gives.'],
      ['skipped', 'The motion has fewer than three completed runs.'],
    ])
    expect((await verify({}, { only: ['syft/bearer'] })).results[0]?.reason).toMatch(/no base URL and key/)
  })

  it('says of a service that does not answer that it could not be asked', async () => {
    const fetch = async () => {
      throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') })
    }
    const { results } = await verify({ syft }, { only: ['syft/bearer'], fetch })
    expect(results[0]?.reason).toBe('It could not be asked: fetch failed (connect ECONNREFUSED).')
  })

  it('has no key in the report, though an answer has', async () => {
    const { fetch: telling } = service(403, { error: 'Your key sk_live_secret may not, ask sk_live_sp_0123456789' })
    const report = await verify({ syft }, { only: ['syft/bearer'], fetch: telling })
    expect(report.results[0]?.unmet?.actual).toBe('status 403 and {error: "Your key … may not, ask …"}')

    const [id, key] = ['sb_1', 'msk_live_sp_0123456789']
    const view = { id, key, syft: { secretKey: key, motions: [{ id: 'm' }] }, memsolus: { apiKey: key } }
    const fetch: typeof globalThis.fetch = async (url, { method } = {}) =>
      Response.json(view, { status: method === 'DELETE' && `${url}`.includes('/keys/') ? 500 : 200 })
    const target = {
      memsolus: { baseUrl: 'http://service.test', apiKey: 'mine' },
      control: { url: 'http://service.test' },
    }
    const { results } = await verify(target, { only: ['memsolus/revoked-key'], fetch })
    expect(results[0]?.reason).toContain('DELETE /_sandport/sandboxes/sb_1/keys/… was refused with 500')
    expect(JSON.stringify([report, results])).not.toMatch(/sk_live_secret|0123456789/)
  })

  it('goes on where a sandbox cannot be removed', async () => {
    const view = { id: 'sb_1', syft: { secretKey: 'sk_live_sp_1', motions: [{ id: 'm' }] }, memsolus: { apiKey: 'k' } }
    const fetch: typeof globalThis.fetch = async (_, { method } = {}) =>
      Response.json(view, { status: method === 'DELETE' ? 500 : 200 })
    const { results } = await verify({ syft, control: { url: 'http://service.test' } }, { only: ['X-KEY-1c'], fetch })
    expect(results.map(({ id, outcome }) => `${id} ${outcome}`)).toContain('syft/keys-marked passed')
  })

  it('ends when it is told to', async () => {
    const told = new AbortController()
    const { fetch } = service(200, {})
    const verifying = verify({ syft }, { fetch, signal: told.signal, onResult: () => told.abort(new Error('Enough')) })
    await expect(verifying).rejects.toThrow('Enough')
  })
})

describe('the cases', () => {
  it('are chosen by id, by API or by rule', () => {
    expect(chooseCases(['syft/limit']).map(({ id }) => id)).toContain('syft/limit-capped')
    expect(chooseCases(['S-PAGE-2']).map(({ id }) => id)).toEqual(['syft/limit-capped'])
    expect(chooseCases([])).toBe(cases)
    expect(() => chooseCases(['syft/nonsense'])).toThrow('There is no case, API or rule "syft/nonsense".')
  })

  it('have ids of their own, and go back to the page or to Sandport', () => {
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length)
    expect(isDocumented({ rules: ['S-PAGE-6c', 'S-PAGE-5'] })).toBe(true)
    expect(isDocumented({ rules: ['S-PAGE-6c'] })).toBe(false)
  })
})
