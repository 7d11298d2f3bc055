import type { Exchange } from '../../exchange.ts'
import { expectThat } from '../../expect.ts'
import { readExport } from '../../memsolus-kit.ts'
import { memsolusCase } from './case.ts'
import { held, released } from './sandbox.ts'

const HINTS = ['location', 'retry-after', 'etag']

function expectHints(exchange: Exchange, wanted: readonly string[]): void {
  const found = HINTS.filter((name) => exchange.headers.has(name))
  expectThat(exchange, found.join() === wanted.join(), {
    expected: wanted.join(' and ') || `neither of ${HINTS.join(', ')}`,
    actual: found.join(' and ') || 'none',
  })
}

export const hintCases = [
  memsolusCase({
    name: 'hints',
    does: 'sends Location, Retry-After and ETag under the reading hints',
    rules: ['M-HINT-1c'],
    section: 'Create Export',
    needs: 'control',
    async run({ sandbox }) {
      const own = await sandbox({ ...held, reading: { hints: true } })
      const creation = await own.memsolus.create()
      const { id } = readExport(creation, 202)
      expectHints(creation, ['location', 'retry-after'])
      expectThat(creation, creation.headers.get('location') === `/v1/exports/${id}`, {
        expected: 'Location: /v1/exports/ and the id',
        actual: 'another one',
      })
      expectHints(await own.memsolus.ask(`/${id}`), ['retry-after'])
      const file = await released(own, id)
      expectHints(file, ['etag'])
      expectThat(file, /^"[^"]+"$/.test(file.headers.get('etag') ?? ''), {
        expected: 'a strong ETag',
        actual: 'another form',
      })
      expectHints(await own.memsolus.ask(`/${id}`), [])
    },
  }),
  memsolusCase({
    name: 'hints-none',
    does: 'sends neither Location nor Retry-After nor ETag without that reading',
    rules: ['M-HINT-1c'],
    section: 'Create Export',
    needs: 'control',
    async run({ sandbox }) {
      const own = await sandbox(held)
      const creation = await own.memsolus.create()
      const { id } = readExport(creation, 202)
      for (const exchange of [creation, await own.memsolus.ask(`/${id}`), await released(own, id)])
        expectHints(exchange, [])
    },
  }),
]
