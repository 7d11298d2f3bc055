import { expect, it } from 'vitest'
import { parseCsv } from './csv.ts'

const strict = { strict: true }

it('reads fields with quotes, commas and line breaks, and tells null from an empty text', () => {
  expect(parseCsv('a,b,c\r\n,"","x ""y"", z\r\n"\r\n', strict)).toEqual([
    ['a', 'b', 'c'],
    [null, '', 'x "y", z\r\n'],
  ])
  expect(parseCsv('a,\r\n', strict)).toEqual([['a', null]])
  expect(parseCsv('', strict)).toEqual([])
})

it.each(['a', 'a\n', 'a\r', 'a"b\r\n', '"a', '"a"b\r\n', '"a""\r\n', 'a,b\n1,2\n', 'a,'])(
  'does not take %j for CSV of lines that end in CRLF',
  (text) => {
    expect(parseCsv(text, strict)).toBeUndefined()
  },
)

it('takes LF, and no end of the last line, where it is not strict', () => {
  const records = [
    ['a', 'b'],
    ['1', 'x\ny'],
  ]
  for (const text of ['a,b\n1,"x\ny"\n', 'a,b\n1,"x\ny"', 'a,b\r\n1,"x\ny"\r\n'])
    expect(parseCsv(text, { strict: false })).toEqual(records)
  for (const text of ['a"b\n', '"a', '"a"b\n']) expect(parseCsv(text, { strict: false })).toBeUndefined()
})
