import type { Case } from '../../case.ts'
import type { Exchange } from '../../exchange.ts'
import { expectStatus, expectThat, shapeOf } from '../../expect.ts'

/** The sections of the vendor's page; `Authentication` is its guide, and `Overview` what it says of all its APIs. */
export type Section =
  | 'Authentication'
  | 'Overview'
  | 'Endpoint Overview'
  | 'Export Object'
  | 'Create Export'
  | 'List Exports'
  | 'Get Export Status'
  | 'Download Export'
  | 'Export Lifecycle'

/** A case of the Memsolus Exports API. */
export function memsolusCase({
  name,
  ...rest
}: Omit<Case, 'id' | 'api' | 'section'> & { name: string; section: Section }): Case {
  return { id: `memsolus/${name}`, api: 'memsolus', ...rest }
}

/** Looks like an export's id, and is nobody's. */
export const ABSENT_ID = '00000000-0000-4000-8000-000000000000'

/** Holds an answer to a status and to the code that the page has for it. */
export function expectCode(exchange: Exchange, status: number, code: string): void {
  expectStatus(exchange, status)
  const { error } = (exchange.body ?? {}) as { error?: unknown }
  expectThat(exchange, error === code, {
    expected: `error: "${code}"`,
    actual: `error: ${shapeOf(error, { withTexts: true })}`,
  })
}

/** The words for people in an error. */
export function messageIn({ body }: Exchange): string {
  const { message } = (body ?? {}) as { message?: unknown }
  return typeof message === 'string' ? message : ''
}

/** Holds an error to the form that Sandport has chosen for all of them (M-ERR-2c). */
export function expectEnvelope(exchange: Exchange, status: number): void {
  expectStatus(exchange, status)
  const { error, message, statusCode, ...more } = (exchange.body ?? {}) as Record<string, unknown>
  const isMet =
    typeof error === 'string' && typeof message === 'string' && statusCode === status && Object.keys(more).length === 0
  expectThat(exchange, isMet, {
    expected: `{error: text, message: text, statusCode: ${status}}`,
    actual: shapeOf(exchange.body),
  })
}
