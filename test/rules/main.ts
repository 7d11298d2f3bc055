import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { coverRules, findProblems, parseRules, showRules } from './rules.ts'
import { listTests, readReport } from './tests.ts'

/**
 * Shows each rule of docs/rules.md with the tests that name it, and fails where one has none. With `--report FILE` (what
 * `vitest run --reporter=json --includeTaskLocation` wrote) only tests that have passed count; without, those that there are.
 */
const { values } = parseArgs({ options: { report: { type: 'string' }, full: { type: 'boolean' } } })
const root = fileURLToPath(new URL('../..', import.meta.url))

const ids = parseRules(await readFile(join(root, 'docs/rules.md'), 'utf8'))
const tests = await (values.report === undefined ? listTests(root) : readReport(root, resolve(values.report)))
const coverage = coverRules(ids, tests)
console.log(showRules(coverage, { full: values.full ?? false }))

const problems = findProblems(coverage)
const counted = values.report === undefined ? 'has a test; whether it passes, a run tells' : 'has a test that passed'
console.log(problems.length === 0 ? `\n${ids.length} rules, each of which ${counted}` : `\n${problems.join('\n')}`)
process.exitCode = problems.length === 0 ? 0 : 1
