import { Type } from '@sinclair/typebox'
import type { FastifyPluginAsync } from 'fastify'
import { Gauge, Registry } from 'prom-client'
import type { ApiModule } from '../api-module.ts'
import type { Deps } from '../deps.ts'
import { answer } from '../wire/operation.ts'

const Text = Type.String({
  examples: ['# HELP sandport_exports Exports of all sandboxes\nsandport_exports{api="memsolus",status="READY"} 3\n'],
})
const Metrics = answer(Text, { description: 'In the text format of Prometheus', types: { 'text/plain': Text } })

/** What the process and what it shares with others are like, for Prometheus. */
export const metricsRoutes: FastifyPluginAsync<{ deps: Deps; modules: readonly ApiModule[] }> = async (
  app,
  { deps, modules },
) => {
  const { db, queue, log } = deps
  const shared = new Registry()
  const jobs = new Gauge({
    name: 'sandport_queue_jobs',
    help: 'Jobs in the queue, by state; the same from every process',
    labelNames: ['state'],
    registers: [shared],
  })
  const exports = new Gauge({
    name: 'sandport_exports',
    help: 'Exports of all sandboxes, by API and status; the same from every process',
    labelNames: ['api', 'status'],
    registers: [shared],
  })

  async function look(): Promise<void> {
    jobs.reset()
    for (const [state, count] of Object.entries(await queue.count())) jobs.set({ state }, count)
    exports.reset()
    for (const { name: api, countJobs } of modules) {
      for (const { status, count } of (await countJobs?.(db)) ?? []) exports.set({ api, status }, count)
    }
  }

  const schema = {
    operationId: 'getMetrics',
    summary: 'Read what Prometheus reads',
    description: 'What this process has counted, and what all processes share: exports and jobs.',
    tags: ['server'],
    response: { 200: Metrics },
  }
  app.get('/metrics', { schema }, async (_request, reply) => {
    // What the process itself has counted is told even where the services are away.
    await look().catch((error) => log.warn({ err: error }, 'metrics without what the services tell'))
    const { registry } = deps.metrics
    return reply.type(registry.contentType).send(await Registry.merge([registry, shared]).metrics())
  })
}
