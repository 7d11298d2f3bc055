import type { Attributes } from '@opentelemetry/api'

/** A piece of work as a trace shows it. */
type TracedSpan = {
  /** How what follows from it refers to it: a W3C `traceparent`. */
  readonly traceparent: string
  end(attributes?: Attributes, error?: unknown): void
}

/** Where pieces of work are traced to. */
export type Tracing = {
  /** Begins a piece of work; `parent` is the `traceparent` of what it is done for. */
  begin(name: string, options: { kind: SpanRole; parent?: string | undefined; attributes?: Attributes }): TracedSpan
  /** Sends what has ended and was not sent yet. */
  close(): Promise<void>
}

type SpanRole = 'server' | 'producer' | 'consumer'
