import fc from 'fast-check'
import { expect, it } from 'vitest'
import { copiedRows } from './copied-rows.ts'

const header = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
const end = Buffer.from([0xff, 0xff])

type Row = (string | null)[]

function binaryOf(row: Row): Buffer {
  const count = Buffer.alloc(2)
  count.writeInt16BE(row.length)
  const fields = row.map((text) => {
    const length = Buffer.alloc(4)
    length.writeInt32BE(text === null ? -1 : Buffer.byteLength(text))
    return Buffer.concat([length, Buffer.from(text ?? '')])
  })
  return Buffer.concat([count, ...fields])
}

async function* cut(bytes: Buffer, sizes: readonly number[]) {
  let at = 0
  for (const size of sizes) {
    yield Buffer.from(bytes.subarray(at, at + size))
    at += size
  }
  yield Buffer.from(bytes.subarray(at))
}

async function readAll(chunks: AsyncIterable<Buffer>): Promise<Row[]> {
  const all: Row[] = []
  for await (const { bytes, view, fields, count } of copiedRows(chunks)) {
    expect(count).toBeGreaterThan(0)
    expect(view.byteLength).toBe(bytes.length)
    const width = fields.length / count
    for (let first = 0; first < count * width; first += width) {
      const places = Array.from({ length: width / 2 }, (_, field) =>
        fields.slice(first + 2 * field, first + 2 * field + 2),
      )
      all.push(places.map(([at = 0, length = 0]) => (length < 0 ? null : bytes.toString('utf8', at, at + length))))
    }
  }
  return all
}

it('gives the fields of all rows, wherever their bytes are cut', async () => {
  const field = fc.option(fc.string({ unit: 'grapheme', maxLength: 30 }))
  const rowsOf = (width: number) => fc.array(fc.array(field, { minLength: width, maxLength: width }))
  const rows = fc.integer({ min: 1, max: 4 }).chain(rowsOf)
  await fc.assert(
    fc.asyncProperty(rows, fc.array(fc.integer({ min: 0, max: 25 })), async (all, sizes) => {
      const bytes = Buffer.concat([header, ...all.map(binaryOf), end])
      expect(await readAll(cut(bytes, sizes))).toEqual(all)
    }),
  )
})

it('gives a field that is longer than what comes at once', async () => {
  const rows = [['first'], ['é'.repeat(100_000)], ['end']]
  const bytes = Buffer.concat([header, ...rows.map(binaryOf), end])
  const sizes = Array.from({ length: Math.floor(bytes.length / 8192) }, () => 8192)
  expect(await readAll(cut(bytes, sizes))).toEqual(rows)
})

it('passes over what a header may have more', async () => {
  const longer = Buffer.concat([header, Buffer.from('more')])
  longer.writeUInt32BE(4, 15)
  const bytes = Buffer.concat([longer, binaryOf(['text', null]), end])
  for (let size = 0; size < bytes.length; size++) expect(await readAll(cut(bytes, [size]))).toEqual([['text', null]])
})

it('rejects where the end is missing', async () => {
  const bytes = Buffer.concat([header, binaryOf(['one']), binaryOf(['two']), end])
  for (let size = 0; size < bytes.length; size++) {
    await expect(readAll(cut(bytes.subarray(0, size), []))).rejects.toThrow('A COPY ended before its end')
  }
})
