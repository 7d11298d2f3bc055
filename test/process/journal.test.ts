import { describe, expect, inject, it } from 'vitest'
import { testCluster } from '../harness/cluster.ts'
import { ask } from '../harness/process.ts'

const services = inject('services')

/** A process that stands still between giving an answer to the system and noting that it has, as one does that has to wait. */
const SLOW_TO_NOTE = `data:text/javascript,${encodeURIComponent(`
  import { ServerResponse } from 'node:http'
  const { emit } = ServerResponse.prototype
  ServerResponse.prototype.emit = function (name, ...given) {
    const until = performance.now() + (name === 'finish' ? 300 : 0)
    while (performance.now() < until);
    return emit.call(this, name, ...given)
  }`)}`

type Finding = { code: string }

describe.runIf(services)('the journal of two processes, one of which is slow to note the ends of answers', () => {
  it('knows that a client made a request after it had the answer to the one before', async () => {
    const { start } = await testCluster(services)
    const [quick, slow] = await Promise.all([start('api'), start('api', { NODE_OPTIONS: `--import ${SLOW_TO_NOTE}` })])
    const headers = { authorization: 'Bearer sk_live_demo' }
    const page = ({ url }: typeof quick, search: string) => ask(`${url}/api/motion/demo/export?${search}`, { headers })
    // The same mistake, each time at the process that did not answer the one before.
    for (const api of [slow, quick, slow]) expect((await page(api, 'limit=all')).status).toBe(400)
    const { body: found } = await ask<{ items: Finding[] }>(`${quick.url}/_sandport/sandboxes/default/findings`)
    expect(found.items.map(({ code }) => code)).toContain('retry.pointless')
  })
})
