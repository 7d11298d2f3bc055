import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { testDirectory } from './process.ts'
import { mainOf } from './server.ts'

type Change = { from: RegExp; to: string }

/** What keeps exports whole and sandboxes free, and what its lines in the built programs become where it is taken out. */
const protections = {
  /** Who has lost the claim on an export cannot finish it. */
  claim: [
    { from: /row\.claim !== claim \|\| row\.status/, to: 'row.status' },
    { from: /and\(isExport\(row\), eq\d*\(exportJobs\.claim, claim\)\)\)\.returning/, to: 'isExport(row)).returning' },
  ],
  /** What the queue has lost is put in it again. */
  reconciler: [{ from: /await module\.wakeDue\?\.\(deps\)/, to: '' }],
  /** Who renders for long keeps the claim. */
  renewal: [{ from: /continue;\s+await renew\(rows\)/, to: 'continue' }],
  /** Postgres ends the session of who has begun a transaction and does not go on with it. */
  idleTimeout: [{ from: /idle_in_transaction_session_timeout: \w+,/, to: '' }],
  /** A transaction whose connection is lost rejects whatever is asked in it. */
  lostTransaction: [{ from: /if \(lost\)\s+return q\.reject\(lost\)/, to: '' }],
  /** A file gets its name when it is whole. */
  wholeFile: [{ from: /const partial = pathOf\(key\) \+ PARTIAL/, to: 'const partial = pathOf(key)' }],
} satisfies Record<string, readonly Change[]>

/**
 * A copy of the built worker without one of its protections, for one test: where to start it. It shows that a test sees
 * what the protection is there for.
 */
export function workerWithout(protection: keyof typeof protections): Promise<string> {
  return copyWithout('worker', protection)
}

/** The same of the built API. */
export function apiWithout(protection: keyof typeof protections): Promise<string> {
  return copyWithout('api', protection)
}

async function copyWithout(role: 'api' | 'worker', protection: keyof typeof protections): Promise<string> {
  const main = mainOf(role)
  const copy = join(await testDirectory(), role, 'dist')
  const app = dirname(dirname(main))
  await mkdir(copy, { recursive: true })
  await cp(join(app, 'package.json'), join(copy, '../package.json'))
  await symlink(join(app, 'node_modules'), join(copy, '../node_modules'))
  await cp(dirname(main), copy, { recursive: true })
  const source = await readFile(main, 'utf8')
  const changed = protections[protection].reduce((text, change) => replaceOnce(text, change), source)
  await writeFile(join(copy, 'main.js'), changed)
  return join(copy, 'main.js')
}

function replaceOnce(text: string, { from, to }: Change): string {
  const found = text.split(from).length - 1
  if (found !== 1) throw new Error(`Failed to take out a protection: ${from} is ${found} times in what is built`)
  return text.replace(from, to)
}
