import fc from 'fast-check'
import { expect, it } from 'vitest'
import { copiedTexts } from './copied-texts.ts'

const header = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
const end = Buffer.from([0xff, 0xff])

function rowOf(text: string): Buffer {
  const bytes = Buffer.from(text)
  const row = Buffer.alloc(6 + bytes.length)
  row.writeInt16BE(1)
  row.writeInt32BE(bytes.length, 2)
  bytes.copy(row, 6)
  return row
}

async function* cut(bytes: Buffer, sizes: readonly number[]) {
  let at = 0
  for (const size of sizes) {
    yield Buffer.from(bytes.subarray(at, at + size))
    at += size
  }
  yield Buffer.from(bytes.subarray(at))
}

async function readAll(chunks: AsyncIterable<Buffer>) {
  let text = ''
  let count = 0
  let batches = 0
  for await (const batch of copiedTexts(chunks)) {
    text += Buffer.from(batch.texts).toString('latin1')
    count += batch.count
    batches += 1
  }
  return { text: Buffer.from(text, 'latin1').toString(), count, batches }
}

it('gives the texts as they are, wherever their bytes are cut', async () => {
  const lines = fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }))
  await fc.assert(
    fc.asyncProperty(lines, fc.array(fc.integer({ min: 0, max: 25 })), async (texts, sizes) => {
      const bytes = Buffer.concat([header, ...texts.map(rowOf), end])
      expect(await readAll(cut(bytes, sizes))).toMatchObject({ text: texts.join(''), count: texts.length })
    }),
  )
})

it('gives many texts, and one that is longer than a batch, in few batches', async () => {
  const texts = [
    ...Array.from({ length: 10_000 }, (_, index) => `${index} ${'é'.repeat(50)}`),
    'x'.repeat(1_000_000),
    'end',
  ]
  const bytes = Buffer.concat([header, ...texts.map(rowOf), end])
  const sizes = Array.from({ length: Math.floor(bytes.length / 8192) }, () => 8192)
  expect(await readAll(cut(bytes, sizes))).toEqual({ text: texts.join(''), count: texts.length, batches: 7 })
})

it('passes over what a header may have more', async () => {
  const longer = Buffer.concat([header, Buffer.from('more')])
  longer.writeUInt32BE(4, 15)
  const bytes = Buffer.concat([longer, rowOf('text'), end])
  for (let size = 0; size < bytes.length; size++) {
    expect(await readAll(cut(bytes, [size]))).toMatchObject({ text: 'text', count: 1 })
  }
})

it('rejects where the end is missing, and for a null', async () => {
  const bytes = Buffer.concat([header, rowOf('one'), rowOf('two')])
  await expect(readAll(cut(bytes, [30]))).rejects.toThrow('A COPY ended before its end')
  await expect(readAll(cut(bytes.subarray(0, -2), []))).rejects.toThrow('A COPY ended before its end')
  await expect(readAll(cut(Buffer.alloc(0), []))).rejects.toThrow('A COPY ended before its end')
  const nullRow = Buffer.from([0, 1, 0xff, 0xff, 0xff, 0xff])
  await expect(readAll(cut(Buffer.concat([header, nullRow, end]), []))).rejects.toThrow('A COPY of texts has a null')
})
