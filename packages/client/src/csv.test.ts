import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createCsvReader, createMemoryReader } from './csv.ts'

/** As RFC 4180 and M-FILE-3c have it. */
const write = (records: (string | null)[][], lineEnd = '\r\n') =>
  records
    .map((record) => record.map((field) => (field === null ? '' : `"${field.replaceAll('"', '""')}"`)).join(','))
    .join(lineEnd)

function readAll(...pieces: string[]) {
  const { read, end } = createCsvReader()
  return [...pieces.flatMap((piece) => [...read(piece)]), ...end()]
}

it('reads back whatever was written, in pieces of any size', () => {
  const anyField = fc.option(fc.string({ unit: fc.constantFrom('a', '"', ',', '\r', '\n', 'é', '😀') }), { nil: null })
  const anyRecords = fc.array(fc.array(anyField, { minLength: 2, maxLength: 3 }), { minLength: 1, maxLength: 5 })
  fc.assert(
    fc.property(
      anyRecords,
      fc.constantFrom('\r\n', '\n'),
      fc.nat(9),
      fc.boolean(),
      (records, lineEnd, size, isEnded) => {
        const text = write(records, lineEnd) + (isEnded ? lineEnd : '')
        const pieces = text.match(new RegExp(`[\\s\\S]{1,${size + 1}}`, 'gu')) ?? []
        expect(readAll(...pieces)).toEqual(records)
      },
    ),
  )
})

it('tells what is empty from an empty text', () => {
  expect(readAll('a,b\r\n,""\r\n')).toEqual([
    ['a', 'b'],
    [null, ''],
  ])
  expect(readAll('')).toEqual([])
})

it.each([
  ['ends within a field', 'a,"b', 'ends within a quoted field'],
  ['has text behind a field', '"a"b', 'text behind one'],
  ['has a quote within a field', 'a"b', 'not quoted'],
])('refuses a file that %s', (_, text, message) => {
  expect(() => readAll(text)).toThrow(message)
})

it('makes memories of records, whatever the order of their fields', () => {
  const toMemory = createMemoryReader()
  expect(toMemory(['categories', 'access_count', 'memory', 'user_id'])).toBeUndefined()
  expect(toMemory(['["food"]', '3', '', null])).toEqual({
    categories: ['food'],
    access_count: 3,
    memory: '',
    user_id: null,
  })
  expect(() => toMemory(['[]'])).toThrow('1 fields, and the header 4')
  expect(() => toMemory(['[', '1', 'm', null])).toThrow('"categories" of a memory is no JSON')
})
