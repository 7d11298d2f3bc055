import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { coverageTable } from './coverage-table.ts'

/** Writes docs/coverage.md anew; with `--check`, fails where it is not as it would be written. */
const { values } = parseArgs({ options: { check: { type: 'boolean' } } })
const root = fileURLToPath(new URL('../..', import.meta.url))
const path = join(root, 'docs/coverage.md')

const table = await coverageTable(root, await readFile(join(root, 'docs/rules.md'), 'utf8'))
if (!values.check) await writeFile(path, table)
else if ((await readFile(path, 'utf8').catch(() => '')) !== table) {
  console.error('docs/coverage.md is not current. Write it anew: npx -y pnpm@10 coverage')
  process.exitCode = 1
}
