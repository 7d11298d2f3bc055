import type { Exchange } from '../../exchange.ts'
import { expectStatus, expectThat, shapeOf } from '../../expect.ts'
import { type ExportObject, isExport } from '../../memsolus-kit.ts'

/** The exports in a list. The page does not say what they are in, so it is whatever list there is (M-LIST-1). */
export function listed(exchange: Exchange): ExportObject[] {
  expectStatus(exchange, 200)
  const { body } = exchange
  const found = Array.isArray(body) ? body : Object.values(body ?? {}).find(Array.isArray)
  expectThat(exchange, Array.isArray(found) && found.every(isExport), {
    expected: 'a list of exports',
    actual: shapeOf(body),
  })
  return found
}
