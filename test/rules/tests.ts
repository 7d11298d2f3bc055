import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import type { NamedTest } from './rules.ts'

type Location = { location?: { line: number } }
/** What `vitest list --json` writes. */
type Listed = ({ name: string; file: string } & Location)[]
/** What `vitest run --reporter=json` writes. */
type Report = {
  testResults: { name: string; assertionResults: ({ fullName: string; status: string } & Location)[] }[]
}

/** The tests that there are, which are not run: each is taken as one that passes. */
export async function listTests(root: string): Promise<NamedTest[]> {
  const folder = await mkdtemp(join(tmpdir(), 'sandport-rules-'))
  try {
    const path = join(folder, 'tests.json')
    await runVitest(root, ['list', `--json=${path}`, '--includeTaskLocation'])
    const listed = JSON.parse(await readFile(path, 'utf8')) as Listed
    const tests = listed.map(({ name, file, location }) => ({
      name,
      file: relative(root, file),
      line: location?.line,
      hasPassed: true,
    }))
    return mergeRuns(tests)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** The tests of a run, from the report that it has written. */
export async function readReport(root: string, path: string): Promise<NamedTest[]> {
  const { testResults } = JSON.parse(await readFile(path, 'utf8')) as Report
  const tests = testResults.flatMap(({ name: file, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'passed' || status === 'failed')
      .map(({ fullName, status, location }) => ({
        name: fullName,
        file: relative(root, file),
        line: location?.line,
        hasPassed: status === 'passed',
      })),
  )
  return mergeRuns(tests)
}

/** A test that runs in several projects is one test, and has passed if it has in all of them. */
function mergeRuns(runs: readonly NamedTest[]): NamedTest[] {
  const merged = new Map<string, NamedTest>()
  for (const run of runs) {
    const key = `${run.file} ${run.line} ${run.name}`
    merged.set(key, { ...run, hasPassed: run.hasPassed && (merged.get(key)?.hasPassed ?? true) })
  }
  return [...merged.values()]
}

async function runVitest(root: string, args: readonly string[]): Promise<void> {
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs')
  const child = spawn(process.execPath, [vitest, ...args], { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] })
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`Failed to list the tests, vitest ended with ${code}: ${errors}`)
}
