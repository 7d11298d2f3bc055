// pnpm openapi [FOLDER]: writes the three OpenAPI documents into the folder, or one that goes again, and lints them.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { documentNames } from '../harness/document-names.ts'
import { startServer } from '../harness/server.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const [given] = process.argv.slice(2)
const folder = given ?? (await mkdtemp(join(tmpdir(), 'sandport-openapi-')))
await mkdir(folder, { recursive: true })

const paths = await writeDocuments()
process.exitCode = await lint(paths)
if (given === undefined) await rm(folder, { recursive: true })

async function writeDocuments(): Promise<string[]> {
  const server = await startServer([], { PUBLIC_URL: 'https://sandport.test' })
  const written: string[] = []
  for (const name of documentNames) {
    const answer = await fetch(`${server.url}/_sandport/openapi/${name}`)
    if (!answer.ok) throw new Error(`The document ${name} was answered with ${answer.status}: ${await answer.text()}`)
    const path = join(folder, name)
    await writeFile(path, `${JSON.stringify(await answer.json(), null, 2)}\n`)
    written.push(path)
  }
  await server.stop()
  return written
}

/** Answers 0 where nothing is wrong with the documents, and tells all that is. */
async function lint(documents: readonly string[]): Promise<number> {
  const redocly = join(root, 'test/node_modules/@redocly/cli/bin/cli.js')
  const env = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }
  const child = spawn(process.execPath, [redocly, 'lint', '--config', join(root, 'redocly.yaml'), ...documents], {
    cwd: root,
    env,
    stdio: 'inherit',
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return code ?? 1
}
