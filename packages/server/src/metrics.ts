import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'

/** What a process counts of its own work, for Prometheus. Durations are in seconds, as is the custom there. */
export type Metrics = {
  readonly registry: Registry
  /** By the vendor's call or the control API's route, and by status: `none` where none was sent. */
  readonly requests: Histogram<'api' | 'operation' | 'status'>
  /** By format, and by what became of it: `ready`, `failed` or `lost` to another process. */
  readonly renders: Histogram<'format' | 'result'>
  readonly renderedRows: Counter
  /** By the status that exports came into. */
  readonly transitions: Counter<'to'>
}

export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  return {
    registry,
    requests: new Histogram({
      name: 'sandport_http_request_duration_seconds',
      help: 'How long requests took, from their first byte to the end of the answer',
      labelNames: ['api', 'operation', 'status'],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
      registers,
    }),
    renders: new Histogram({
      name: 'sandport_render_duration_seconds',
      help: 'How long renders of export files took',
      labelNames: ['format', 'result'],
      buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300],
      registers,
    }),
    renderedRows: new Counter({
      name: 'sandport_rendered_rows_total',
      help: 'Memories written to export files that became whole',
      registers,
    }),
    transitions: new Counter({
      name: 'sandport_export_transitions_total',
      help: 'Transitions of exports, expiries among them, by the status that they came into',
      labelNames: ['to'],
      registers,
    }),
  }
}
