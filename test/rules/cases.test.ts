import { readFile } from 'node:fs/promises'
import { cases } from '@sandport/conformance'
import { expect, it } from 'vitest'
import { parseRules } from './rules.ts'

const rules = parseRules(await readFile(new URL('../../docs/rules.md', import.meta.url), 'utf8'))

it('has a case for every rule', () => {
  const shown = new Set(cases.flatMap((each) => each.rules))
  expect(rules.filter((id) => !shown.has(id))).toEqual([])
})

it('has no case for what is no rule, or for a rule of another API', () => {
  const letters = { syft: 'SX', memsolus: 'MX' }
  const strange = cases.flatMap(({ id, api, rules: shown }) =>
    shown.filter((rule) => !rules.includes(rule) || !letters[api].includes(rule.charAt(0))).map((rule) => [id, rule]),
  )
  expect(strange).toEqual([])
})
