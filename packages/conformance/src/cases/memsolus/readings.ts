import { NotTold } from '../../case.ts'
import type { Exchange } from '../../exchange.ts'
import { expectThat } from '../../expect.ts'
import { isExport, type MemsolusKit, readExport } from '../../memsolus-kit.ts'
import { memsolusCase } from './case.ts'
import { listed } from './listed.ts'
import { nullableFieldNames } from './object-fields.ts'

/** The answer that the shared export was created with. */
async function creationOf(memsolus: MemsolusKit): Promise<Exchange> {
  const { creation } = await memsolus.shared('json')
  if (isExport(creation.body)) return creation
  throw new NotTold(`No export could be made: POST was answered with ${creation.status}.`)
}

/** An export in an answer of its own: one that there is, or else the shared one. */
async function anyExport(memsolus: MemsolusKit): Promise<Exchange> {
  const [found] = listed(await memsolus.ask('', { query: { page_size: 1 } }))
  return found ? memsolus.ask(`/${encodeURIComponent(found.id)}`) : creationOf(memsolus)
}

export const readingCases = [
  memsolusCase({
    name: 'reading-nulls',
    does: 'shows every field of an export that is null, or leaves out each',
    rules: ['M-OBJECT-2c'],
    section: 'Export Object',
    reading: 'nulls',
    async run({ memsolus, tell }) {
      const exchange = await anyExport(memsolus)
      const found = readExport(exchange, exchange.status)
      const shown = nullableFieldNames.filter((name) => found[name] === null)
      const absent = nullableFieldNames.filter((name) => !(name in found))
      if (shown.length === 0 && absent.length === 0)
        throw new NotTold('The newest export has a value in every field, so that none is null or left out.')
      expectThat(exchange, shown.length === 0 || absent.length === 0, {
        expected: 'each null shown, or each left out',
        actual: `null for ${shown.join(', ')}, and ${absent.join(', ')} left out`,
      })
      const evidence =
        shown.length > 0
          ? `${exchange.request} showed null for ${shown.join(', ')}.`
          : `${exchange.request} left out ${absent.join(', ')}.`
      tell({ name: 'nulls', value: shown.length > 0 ? 'present' : 'absent', evidence })
    },
  }),
  memsolusCase({
    name: 'reading-hints',
    does: 'sends Location and Retry-After with a new export and an ETag with its file, or none of the three',
    rules: ['M-HINT-1c'],
    section: 'Create Export',
    reading: 'hints',
    async run({ memsolus, tell }) {
      const creation = await creationOf(memsolus)
      const file = await memsolus.file('json')
      const seen = Object.entries({
        Location: creation.headers.has('location'),
        'Retry-After': creation.headers.has('retry-after'),
        ETag: file.headers.has('etag'),
      })
      const sent = seen.flatMap(([name, isThere]) => (isThere ? [name] : []))
      expectThat(creation, sent.length === 0 || sent.length === seen.length, {
        expected: 'Location and Retry-After, and its file with ETag, or with none of the three',
        actual: `${sent.join(' and ')} alone`,
      })
      const evidence =
        sent.length > 0
          ? `${creation.request} was answered with Location and Retry-After, and the file has an ETag.`
          : `${creation.request} was answered with neither Location nor Retry-After, and the file has no ETag.`
      tell({ name: 'hints', value: sent.length > 0, evidence })
    },
  }),
]
