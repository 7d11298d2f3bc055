import type { Sandbox } from '@sandport/client'
import { InvalidArgumentError } from 'commander'
import { type SandboxVariables, variables, variablesOf } from './variables.ts'

const placeholders = new Map(
  Object.entries(variables).map(([variable, word]) => [word as string, variable as keyof SandboxVariables]),
)

/** A word in braces; JSON in a template has none. */
const PLACEHOLDER = /\{([A-Za-z]\w*)\}/g

/** Refuses a template before anything is started for it. */
export function refuseUnknown(template: string): void {
  const unknown = [...template.matchAll(PLACEHOLDER)].find(([, word = '']) => !placeholders.has(word))
  if (!unknown) return
  const known = [...placeholders.keys()].map((word) => `{${word}}`)
  throw new InvalidArgumentError(`There is no ${unknown[0]}; there are ${known.join(', ')}.`)
}

type Surroundings = {
  /** The environment that the command would have by itself. */
  env: NodeJS.ProcessEnv
  url: string
  sandbox: Sandbox
  /** Variables with names of the caller's choice, as templates. */
  more: readonly [name: string, template: string][]
}

/** The environment of a command that is to find a sandbox, and to reach it where others are reached by a proxy. */
export function environmentOf({ env, url, sandbox, more }: Surroundings): NodeJS.ProcessEnv {
  const own = variablesOf(sandbox, url)
  const filled = (template: string) =>
    template.replaceAll(PLACEHOLDER, (text, word: string) => {
      const variable = placeholders.get(word)
      return variable === undefined ? text : own[variable]
    })
  return {
    ...env,
    ...withoutProxy(env, new URL(url).hostname),
    ...own,
    ...Object.fromEntries(more.map(([name, template]) => [name, filled(template)])),
  }
}

/** Some programs read one of these, some the other, and most pass over the second where they find the first. */
function withoutProxy({ no_proxy: lower, NO_PROXY: upper }: NodeJS.ProcessEnv, host: string): NodeJS.ProcessEnv {
  const added = (hosts = '') => {
    const known = hosts.split(/[\s,]+/).filter((each) => each !== '')
    return known.includes(host) || known.includes('*') ? hosts : [...known, host].join(',')
  }
  return { no_proxy: added(lower ?? upper), NO_PROXY: added(upper ?? lower) }
}
