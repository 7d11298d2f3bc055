import { NotTold } from '../../case.ts'
import type { Exchange } from '../../exchange.ts'
import { expectStatus, expectThat, shapeOf } from '../../expect.ts'
import { readExport } from '../../memsolus-kit.ts'
import { ABSENT_ID, expectCode, expectEnvelope, memsolusCase, messageIn } from './case.ts'
import { fileOf, finished, frozen, held, released } from './sandbox.ts'

const TYPES = { json: 'application/json', csv: 'text/csv', markdown: 'text/markdown' } as const
const EXTENSIONS = { json: '.json', csv: '.csv', markdown: '.md' } as const
type Format = keyof typeof TYPES

/** Holds a download to the headers that are documented; a charset may follow the type. */
function expectFile(exchange: Exchange, format: Format): void {
  expectStatus(exchange, 200)
  const type = exchange.headers.get('content-type') ?? 'none'
  expectThat(exchange, type.split(';')[0]?.trim().toLowerCase() === TYPES[format], {
    expected: `Content-Type: ${TYPES[format]}`,
    actual: `Content-Type: ${type}`,
  })
  expectThat(exchange, exchange.headers.has('content-disposition'), {
    expected: 'a Content-Disposition',
    actual: 'none',
  })
}

/** Holds a download to the headers that Sandport has chosen (M-DOWN-4c). */
function expectExactFile(exchange: Exchange, format: Format): void {
  const [type, disposition, length, encoding] = [
    ...['content-type', 'content-disposition', 'content-length', 'content-encoding'],
  ].map((name) => exchange.headers.get(name))
  expectThat(exchange, type === TYPES[format], {
    expected: `Content-Type: ${TYPES[format]}, and nothing behind it`,
    actual: `Content-Type: ${type}`,
  })
  const name = /^attachment; filename="([^"\\/]+)"$/.exec(disposition ?? '')?.[1]
  expectThat(exchange, name?.endsWith(EXTENSIONS[format]) ?? false, {
    expected: `attachment; filename="…${EXTENSIONS[format]}"`,
    actual: name === undefined ? 'another form of disposition' : 'another extension',
  })
  const bytes = Buffer.byteLength(exchange.text)
  // Of a compressed answer it is another length.
  const isMet = /^\d+$/.test(length ?? '') && ((encoding ?? '') !== '' || Number(length) === bytes)
  expectThat(exchange, isMet, { expected: `Content-Length: ${bytes}`, actual: `Content-Length: ${length}` })
}

export const downloadCases = [
  memsolusCase({
    name: 'download',
    does: 'answers the download of a READY export with the bare file, its type and a disposition',
    rules: ['M-DOWN-1'],
    section: 'Download Export',
    async run({ memsolus }) {
      for (const format of ['json', 'csv'] as const) expectFile(await memsolus.download(format), format)
    },
  }),
  memsolusCase({
    name: 'download-markdown',
    does: 'answers the download of a Markdown file as such',
    rules: ['M-DOWN-1', 'M-DOWN-4c'],
    section: 'Download Export',
    needs: 'control',
    async run({ sandbox }) {
      const exchange = await fileOf(await sandbox(), { format: 'markdown' })
      expectFile(exchange, 'markdown')
      expectExactFile(exchange, 'markdown')
    },
  }),
  memsolusCase({
    name: 'download-headers',
    does: 'sends the type without a charset, a file name with the format’s extension, and the length',
    rules: ['M-DOWN-4c'],
    section: 'Download Export',
    async run({ memsolus }) {
      for (const format of ['json', 'csv'] as const) expectExactFile(await memsolus.file(format), format)
    },
  }),
  memsolusCase({
    name: 'download-early',
    does: 'answers 409 EXPORT_NOT_READY to a download right after the creation',
    rules: ['M-DOWN-2'],
    section: 'Download Export',
    async run({ memsolus }) {
      const { early } = await memsolus.shared('json')
      if (early?.status === 200) throw new NotTold('The export was ready at once.')
      if (!early) throw new NotTold('No export could be made.')
      expectCode(early, 409, 'EXPORT_NOT_READY')
    },
  }),
  memsolusCase({
    name: 'download-not-ready',
    does: 'answers 409 EXPORT_NOT_READY as long as the export is PENDING or PROCESSING',
    rules: ['M-DOWN-2'],
    section: 'Download Export',
    needs: 'control',
    async run({ sandbox }) {
      const own = await sandbox(held)
      const { id } = readExport(await own.memsolus.create(), 202)
      expectCode(await own.memsolus.ask(`/${id}/download`), 409, 'EXPORT_NOT_READY')
      await own.control('POST', `/memsolus/exports/${id}/step`)
      expectCode(await own.memsolus.ask(`/${id}/download`), 409, 'EXPORT_NOT_READY')
      expectStatus(await released(own, id), 200)
    },
  }),
  memsolusCase({
    name: 'download-absent',
    does: 'answers 404 EXPORT_NOT_FOUND to the download of an export that there is not',
    rules: ['M-DOWN-3'],
    section: 'Download Export',
    async run({ memsolus }) {
      expectCode(await memsolus.ask(`/${ABSENT_ID}/download`), 404, 'EXPORT_NOT_FOUND')
    },
  }),
  memsolusCase({
    name: 'download-failed',
    does: 'answers 409 EXPORT_NOT_READY to the download of an export that failed, and says that it did',
    rules: ['M-DOWN-5c'],
    section: 'Download Export',
    needs: 'control',
    async run({ sandbox }) {
      const own = await sandbox({ clock: frozen, data: { memsolus: { behavior: { outcome: 'fail' } } } })
      const { id } = await finished(own)
      const exchange = await own.memsolus.ask(`/${id}/download`)
      expectCode(exchange, 409, 'EXPORT_NOT_READY')
      expectThat(exchange, /fail/i.test(messageIn(exchange)), {
        expected: 'a message that says that it failed',
        actual: shapeOf(exchange.body, { withTexts: true }),
      })
    },
  }),
  memsolusCase({
    name: 'download-lost',
    does: 'answers 500 EXPORT_FILE_MISSING where the file of a READY export was lost',
    rules: ['M-DOWN-5c'],
    section: 'Download Export',
    needs: 'control',
    async run({ sandbox }) {
      const own = await sandbox({ clock: frozen })
      const { id } = await finished(own)
      await own.control('POST', `/memsolus/exports/${id}/lose-file`)
      const exchange = await own.memsolus.ask(`/${id}/download`)
      expectCode(exchange, 500, 'EXPORT_FILE_MISSING')
      expectEnvelope(exchange, 500)
    },
  }),
]
