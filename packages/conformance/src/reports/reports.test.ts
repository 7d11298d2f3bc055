import { expect, it } from 'vitest'
import { reporters } from '../index.ts'
import type { Report, Result } from '../run.ts'

const base: Omit<Result, 'id' | 'outcome'> = {
  api: 'syft',
  does: 'serves a limit above 100 as 100',
  rules: ['S-PAGE-2'],
  source: 'documented',
  section: 'Limits',
  requests: ['GET /api/motion/m/export?limit=101'],
  durationMs: 12,
}
const unmet = { request: 'GET /api/motion/m/export?limit=101', expected: '100 items', actual: '<101> "items" & | more' }
const report: Report = {
  targets: { syft: 'https://service.test' },
  isSandport: false,
  results: [
    { ...base, id: 'syft/one', outcome: 'passed', reading: { name: 'since', value: 'inclusive', evidence: 'It was.' } },
    { ...base, id: 'syft/two', outcome: 'failed', reason: 'It should be 100.', unmet },
    { ...base, id: 'syft/three', rules: ['S-PAGE-3c'], source: 'chosen', outcome: 'differs', reason: 'Other.', unmet },
    { ...base, id: 'syft/four', outcome: 'skipped', reason: 'Too few runs | too little.' },
  ],
  readings: [
    { name: 'since', value: 'inclusive', evidence: 'GET /api served it.' },
    { name: 'hints', reason: 'No export | could be made.' },
  ],
  counts: { passed: 1, failed: 1, differs: 1, skipped: 1 },
}

it('is for people in a terminal', () => {
  expect(reporters.terminal(report)).toBe(`✓ syft/one  serves a limit above 100 as 100
✗ syft/two  serves a limit above 100 as 100
    request   GET /api/motion/m/export?limit=101
    expected  100 items
    actual    <101> "items" & | more
    S-PAGE-2, documented under “Limits”
≠ syft/three  serves a limit above 100 as 100
    request   GET /api/motion/m/export?limit=101
    expected  100 items
    actual    <101> "items" & | more
    S-PAGE-3c, chosen where “Limits” says nothing
- syft/four  serves a limit above 100 as 100
    skipped: Too few runs | too little.

Readings, where the pages are silent
  since  inclusive      GET /api served it.
  hints  not found out  No export | could be made.

1 passed, 1 failed, 1 differs, 1 skipped; 4 requests
`)
})

it('is for programs as JSON', () => {
  expect(JSON.parse(reporters.json(report))).toEqual(report)
})

it('is for CI servers as JUnit', () => {
  const name = (id: string) => `classname="syft" name="${id}: serves a limit above 100 as 100" time="0.012"`
  expect(reporters.junit(report)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="conformance">
  <testsuite name="syft" tests="4" failures="1" skipped="1" time="0.048">
    <properties>
      <property name="reading.since" value="inclusive"/>
    </properties>
    <testcase ${name('syft/one')}/>
    <testcase ${name('syft/two')}><failure message="It should be 100.">S-PAGE-2, documented under “Limits”</failure></testcase>
    <testcase ${name('syft/three')}><system-out>Differs: Other. (S-PAGE-3c, chosen where “Limits” says nothing)</system-out></testcase>
    <testcase ${name('syft/four')}><skipped message="Too few runs | too little."/></testcase>
  </testsuite>
</testsuites>
`)
})

it('is for pull requests as Markdown', () => {
  const text = reporters.markdown(report)
  expect(text).toContain('# Conformance: 1 passed, 1 failed, 1 differs, 1 skipped')
  expect(text).toContain('## syft at https://service.test')
  expect(text).toContain('### failed: `syft/two` serves a limit above 100 as 100')
  expect(text).toContain(
    '| skipped | `syft/four` | serves a limit above 100 as 100 | S-PAGE-2 | documented | Too few runs \\|',
  )
  expect(text).toContain(
    '| `since` | `inclusive` | GET /api served it. |\n| `hints` | not found out | No export \\| could',
  )
})
