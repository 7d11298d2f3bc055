import type { Sandbox } from '@sandport/client'
import { InvalidArgumentError } from 'commander'

/** What the environment of a command can be made of, by the names that templates have for it. */
const names = {
  syftUrl: 'SYFT_BASE_URL',
  syftKey: 'SYFT_SECRET_KEY',
  syftMotion: 'SYFT_MOTION_ID',
  memsolusUrl: 'MEMSOLUS_BASE_URL',
  memsolusApiUrl: 'MEMSOLUS_API_URL',
  memsolusKey: 'MEMSOLUS_API_KEY',
  url: 'SANDPORT_URL',
  sandbox: 'SANDPORT_SANDBOX',
  token: 'SANDPORT_TOKEN',
} as const
type Placeholder = keyof typeof names

/** A word in braces; JSON in a template has none. */
const PLACEHOLDER = /\{([A-Za-z]\w*)\}/g

/** Refuses a template before anything is started for it. */
export function refuseUnknown(template: string): void {
  const unknown = [...template.matchAll(PLACEHOLDER)].find(([, word = '']) => !Object.hasOwn(names, word))
  if (!unknown) return
  const known = Object.keys(names).map((name) => `{${name}}`)
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
  const { id, token, syft, memsolus } = sandbox
  const values: Record<Placeholder, string> = {
    syftUrl: syft.baseUrl,
    syftKey: syft.secretKey,
    syftMotion: syft.motions[0]?.id ?? '',
    memsolusUrl: memsolus.baseUrl,
    memsolusApiUrl: `${memsolus.baseUrl}/v1`,
    memsolusKey: memsolus.apiKey,
    url,
    sandbox: id,
    token,
  }
  const filled = (template: string) =>
    template.replaceAll(PLACEHOLDER, (text, word: string) => new Map(Object.entries(values)).get(word) ?? text)
  return {
    ...env,
    ...withoutProxy(env, new URL(url).hostname),
    ...Object.fromEntries(Object.entries(names).map(([name, variable]) => [variable, values[name as Placeholder]])),
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
