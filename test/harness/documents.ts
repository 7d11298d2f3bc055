import { type Contract, type Exchange, readContract } from './contract.ts'
import { documentNames } from './document-names.ts'
import { serverUrl } from './url.ts'

let contract: Promise<Contract> | undefined

/** The sandboxes of this worker's tests by their keys, and those in which answers are changed on purpose. */
const sandboxOf = new Map<string, string>()
const scripted = new Set<string>()

/** Throws where an exchange with the server under test is not what its OpenAPI documents say. */
export async function holdToDocuments(exchange: Exchange & { requestHeaders: Record<string, string> }): Promise<void> {
  contract ??= fetchContract()
  noteKeys(exchange)
  if (isScripted(exchange)) return
  const { hold } = await contract
  hold(exchange)
}

async function fetchContract(): Promise<Contract> {
  const documents = documentNames.map(async (name): Promise<[string, Record<string, unknown>]> => {
    const response = await fetch(`${serverUrl()}/_sandport/openapi/${name}`)
    if (!response.ok) throw new Error(`The document ${name} was answered with ${response.status}`)
    return [name, JSON.parse(await response.text())]
  })
  return readContract(Object.fromEntries(await Promise.all(documents)))
}

/** What a control call tells of a sandbox: its keys, and whether a script is armed in it. */
function noteKeys({ method, path, status, text }: Exchange): void {
  const [, own] = /^\/_sandport\/sandboxes\/([^/?]+)/.exec(path) ?? []
  const isNew = method === 'POST' && status === 201 && /^\/_sandport\/sandboxes(\/[^/]+\/clone)?$/.test(path)
  const sandboxId = isNew ? JSON.parse(text).id : own
  if (sandboxId === undefined) return
  for (const key of keysIn(text)) sandboxOf.set(key, sandboxId)
  if (method === 'POST' && status === 201 && path.endsWith('/scripts')) scripted.add(sandboxId)
}

function isScripted({ path, requestHeaders }: { path: string; requestHeaders: Record<string, string> }): boolean {
  if (path.startsWith('/_sandport')) return false
  const keys = keysIn(Object.values(requestHeaders).join('\n'))
  return keys.some((key) => scripted.has(sandboxOf.get(key) ?? ''))
}

function keysIn(text: string): string[] {
  return text.match(/\bm?sk_live_[\w-]+/g) ?? []
}
