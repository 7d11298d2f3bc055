import { expect, it } from 'vitest'
import { factsOf, tableOf } from './table.ts'

const rows = [
  ['sb_1', 'A sandbox with a name that is long', null],
  ['default', 'default', true],
]

it('is as wide as what is in it, where there is room', () => {
  expect(tableOf(['id', 'name', 'frozen'], rows, 80)).toBe(
    [
      'id       name                                frozen',
      'sb_1     A sandbox with a name that is long  -',
      'default  default                             true',
    ].join('\n'),
  )
})

it('cuts what is longest, where there is none', () => {
  const lines = tableOf(['id', 'name', 'frozen'], rows, 30).split('\n')
  expect(lines).toEqual(['id       name           frozen', 'sb_1     A sandbox wi…  -', 'default  default        true'])
  expect(tableOf(['id', 'name', 'frozen'], rows, 10).split('\n')[1]).toBe('sb_1     A sandb…  -')
})

it('shows facts in lines', () => {
  expect(
    factsOf([
      ['id', 'sb_1'],
      ['clock', { rate: 1 }],
    ]),
  ).toBe('id     sb_1\nclock  {"rate":1}')
})
