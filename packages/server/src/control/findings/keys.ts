import type { KeyRules } from '../../api-module.ts'
import type { Finding, JudgedExchange } from '../../judging.ts'
import { mark } from '../../wire/wording.ts'
import type { KeyFacts } from '../journal/exchange.ts'

/** What is questionable in where a client sends its key. */
export function judgeKeys({ api, facts }: JudgedExchange, { sentAs }: Pick<KeyRules, 'sentAs'>): Finding[] {
  const { keys = [], ownerApi }: Partial<KeyFacts> = facts
  const findings: Finding[] = keys.flatMap(({ where }) => {
    const name = parameterOf(where)
    if (name === undefined) return []
    const message = `A key is in the URL, as ${mark(name)}, where logs and proxies keep it, and it is not read there. Send it as ${mark(sentAs)} and revoke it.`
    return [{ code: 'auth.in-url', message }]
  })
  const misplaced = keys.find(({ where, isOwner }) => isOwner && parameterOf(where) === undefined)
  if (misplaced && ownerApi === api && !keys.some(({ counts }) => counts)) {
    const message = `The key is valid, but not read where it is, in ${mark(misplaced.where)}. Send it as ${mark(sentAs)}.`
    findings.push({ code: 'auth.wrong-header', message })
  }
  return findings
}

/** The parameters that hold a key. */
export function parametersWithKeys({ facts }: JudgedExchange): string[] {
  const { keys = [] }: Partial<KeyFacts> = facts
  return keys.flatMap(({ where }) => parameterOf(where) ?? [])
}

function parameterOf(where: string): string | undefined {
  return where.startsWith('query:') ? where.slice('query:'.length) : undefined
}
