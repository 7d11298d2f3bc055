import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cases } from '@sandport/conformance'

/** A rule, what shows it and where it lives. */
type Covered = { id: string; source: string; cases: string[]; places: string[] }

const ROW = /^\| ([XSM]-[A-Z]+-\d+[a-z]?) \| (documented|chosen) \|/gm
const CODE = 'packages/server/src'

/**
 * The table of docs/coverage.md: each rule of the Markdown text, its conformance cases, and the files of the server that name
 * it. Throws where a rule has no case or no place, or a case names what is no rule.
 */
export async function coverageTable(root: string, rules: string): Promise<string> {
  const files = await readSources(root)
  const covered = [...rules.matchAll(ROW)].map(([, id = '', source = '']): Covered => {
    const name = new RegExp(`\\b${id}\\b`)
    return {
      id,
      source,
      cases: cases.filter((each) => each.rules.includes(id)).map((each) => each.id),
      places: files.filter(({ text }) => name.test(text)).map(({ file }) => file),
    }
  })
  const problems = [
    ...covered.filter((rule) => rule.cases.length === 0).map(({ id }) => `${id} has no conformance case.`),
    ...covered.filter(({ places }) => places.length === 0).map(({ id }) => `${id} is named nowhere in ${CODE}.`),
    ...cases.flatMap((each) =>
      each.rules
        .filter((id) => !covered.some((rule) => rule.id === id))
        .map((id) => `${each.id} names ${id}, which is no rule.`),
    ),
  ]
  if (problems.length > 0) throw new Error(problems.join('\n'))
  const rows = covered.map(
    (rule) =>
      `| ${rule.id} | ${rule.source} | ${rule.cases.map(code).join(', ')} | ${rule.places.map(link).join(', ')} |`,
  )
  return `${HEAD}\n${rows.join('\n')}\n`
}

const HEAD = `# Coverage

Every [rule](rules.md), the [conformance](conformance.md) cases that find out whether a service keeps it, and the files of
the server that are as they are because of it. Made by \`npx -y pnpm@10 coverage\`; not to be edited.

| rule | source | cases | code |
|---|---|---|---|`

async function readSources(root: string): Promise<{ file: string; text: string }[]> {
  const names = await readdir(join(root, CODE), { recursive: true })
  const files = names.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts')).sort()
  return Promise.all(files.map(async (file) => ({ file, text: await readFile(join(root, CODE, file), 'utf8') })))
}

function code(text: string): string {
  return `\`${text}\``
}

function link(file: string): string {
  return `[${file}](../${CODE}/${file})`
}
