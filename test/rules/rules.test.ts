import { expect, it } from 'vitest'
import { coverRules, findProblems, type NamedTest, parseRules, showRules } from './rules.ts'

const first = 'X-A-1'
const second = 'S-NAME-2c'
const third = 'M-B-10'

const test = (name: string, more: Partial<NamedTest> = {}): NamedTest => ({
  name,
  file: 'a.test.ts',
  line: 3,
  hasPassed: true,
  ...more,
})

it('reads a rule from each row of a table that an id heads, and from nothing else', () => {
  const markdown = [
    '# About S-TITLE-1',
    '| id | by | rule |',
    '|---|---|---|',
    `| ${first} | documented | as ${second} says |`,
    `| \`${second}\` | chosen | more |`,
    '| `since` | M-READING-1 | a reading |',
    `Text on ${third} | of a kind`,
  ].join('\n')
  expect(parseRules(markdown)).toEqual([first, second])
})

it('counts a test for each rule that its name holds, once', () => {
  const tests = [test(`${first} ${second} are shown, ${first} again`), test('shows nothing')]
  const { rules, unknown } = coverRules([first, second], tests)
  expect([...rules].map(([id, { length }]) => [id, length])).toEqual([
    [first, 1],
    [second, 1],
  ])
  expect(unknown.size).toBe(0)
})

it('takes an id with another letter or digit behind it for another rule', () => {
  const { rules, unknown } = coverRules([first], [test(`${first}c is shown`), test(`${first}0 is shown`)])
  expect(rules.get(first)).toEqual([])
  expect([...unknown.keys()]).toEqual([`${first}c`, `${first}0`])
})

it('finds nothing wrong where every rule is there once and has a test', () => {
  expect(findProblems(coverRules([first, second], [test(first), test(second)]))).toEqual([])
})

it('names a rule without a test', () => {
  expect(findProblems(coverRules([first, second], [test(first)]))).toEqual([`${second} has no test.`])
})

it('does not count a test that failed', () => {
  const problems = findProblems(coverRules([first], [test(`${first} is shown`, { hasPassed: false })]))
  expect(problems).toEqual([`${first} has no test.`])
})

it('names a test of what is no rule, though it failed, and where it is', () => {
  const problems = findProblems(coverRules([first], [test(first), test(third, { line: 17, hasPassed: false })]))
  expect(problems).toEqual([`${third} is not in the list, and named by a.test.ts:17`])
})

it('names a rule that is listed twice', () => {
  expect(findProblems(coverRules([first, second, first], [test(`${first} ${second}`)]))).toEqual([
    `${first} is in the list twice.`,
  ])
})

it('does not take an empty list for a good one', () => {
  expect(findProblems(coverRules([], []))).toEqual(['The list holds no rules.'])
})

it('shows a line a rule, with each file once; in full, each test by name', () => {
  const tests = [test(`${third} b`, { line: 17 }), test(`${third} a`), test(`${third} c`, { file: 'b.test.ts' })]
  const coverage = coverRules([first, third], tests)
  expect(showRules(coverage)).toBe('X-A-1     0\nM-B-10    3  a.test.ts:3,17 b.test.ts:3')
  expect(showRules(coverage, { full: true }).split('\n')).toEqual([
    'X-A-1     0',
    'M-B-10    3',
    '    a.test.ts:17 M-B-10 b',
    '    a.test.ts:3 M-B-10 a',
    '    b.test.ts:3 M-B-10 c',
  ])
})
