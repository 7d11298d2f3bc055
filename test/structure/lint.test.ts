import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome')

/** A file as somebody might write it. */
type Example = { file: string; code: string }

/** … and part of what the linter must say to it: a rule's name or a plugin's message. */
type Refused = Example & { says: string }

const src = 'packages/server/src'
const client = 'packages/client/src'
const kit = 'packages/conformance/src'

const forbidden: Record<string, Refused[]> = {
  'another API': [
    { file: `${src}/apis/syft/a.ts`, code: `import { b } from '../memsolus/b.ts'` },
    { file: `${src}/apis/syft/b.ts`, code: `import { b } from '../../apis/memsolus/b.ts'` },
    { file: `${src}/apis/syft/c.ts`, code: `import type { B } from '../memsolus/b.ts'` },
    { file: `${src}/apis/syft/d.ts`, code: `export * from '../memsolus/b.ts'` },
    { file: `${src}/apis/syft/e.ts`, code: `export const b = await import('../memsolus/b.ts')` },
    { file: `${src}/apis/syft/f.ts`, code: `export type B = import('../memsolus/b.ts').B` },
    { file: `${src}/apis/syft/f2.ts`, code: `import '../memsolus/b.ts'` },
    { file: `${src}/apis/memsolus/a.ts`, code: `import { b } from '../syft/b.ts'` },
    { file: `${src}/apis/memsolus/render/a.ts`, code: `import { b } from '../../syft/b.ts'` },
    { file: `${src}/apis/memsolus/render/csv/a.ts`, code: `import { b } from '../../../syft/b.ts'` },
    { file: `${src}/apis/third/a.ts`, code: `import { b } from '../syft/b.ts'` },
  ].map((example) => ({ ...example, says: 'must not import another API' })),

  'a value of control, from an API': [
    { file: `${src}/apis/syft/g.ts`, code: `import { b } from '../../control/clock/b.ts'` },
    { file: `${src}/apis/syft/h.ts`, code: `import { type B } from '../../control/clock/b.ts'` },
    { file: `${src}/apis/syft/i.ts`, code: `import { b, type C } from '../../control/b.ts'` },
    { file: `${src}/apis/syft/j.ts`, code: `export { b } from '../../control/b.ts'` },
    { file: `${src}/apis/syft/k.ts`, code: `export const b = await import('../../control/b.ts')` },
    { file: `${src}/apis/memsolus/render/b.ts`, code: `import { b } from '../../../control/b.ts'` },
  ].map((example) => ({ ...example, says: 'only types of control' })),

  'a folder that an API does not know': [
    {
      file: `${src}/apis/syft/l.ts`,
      code: `import { b } from '../../console/b.ts'`,
      says: 'root files and its own slice',
    },
  ],

  'an API, from control': [
    { file: `${src}/control/a.ts`, code: `import { b } from '../apis/syft/b.ts'` },
    { file: `${src}/control/clock/a.ts`, code: `import { b } from '../../apis/memsolus/b.ts'` },
    { file: `${src}/control/clock/b.ts`, code: `import type { B } from '../../apis/memsolus/b.ts'` },
  ].map((example) => ({ ...example, says: 'control must not import an API' })),

  'a folder that control does not know': [
    { file: `${src}/control/c.ts`, code: `import { b } from '../console/b.ts'`, says: 'root files and its own folder' },
  ],

  'what sandbox and wire are below': [
    { file: `${src}/sandbox/a.ts`, code: `import type { B } from '../control/b.ts'` },
    { file: `${src}/sandbox/b.ts`, code: `import { b } from '../apis/syft/b.ts'` },
    { file: `${src}/wire/a.ts`, code: `import { b } from '../apis/memsolus/b.ts'` },
  ].map((example) => ({ ...example, says: 'sandbox and wire must not' })),

  'anything above a port': [
    { file: `${src}/ports/a.ts`, code: `import { b } from '../control/b.ts'` },
    { file: `${src}/ports/b.ts`, code: `import type { B } from '../apis/syft/b.ts'` },
    { file: `${src}/ports/c.ts`, code: `import { b } from '../deps.ts'` },
    { file: `${src}/ports/d.ts`, code: `import { type Deps } from '../deps.ts'` },
    { file: `${src}/ports/database/a.ts`, code: `import { b } from '../../app.ts'` },
    { file: `${src}/ports/database/b.ts`, code: `import type { B } from '../../sandbox/b.ts'` },
  ].map((example) => ({ ...example, says: 'A port may import' })),

  'what depends on the server': [
    { file: `${src}/a.ts`, code: `import { b } from '../../../apps/cli/src/b.ts'` },
    { file: `${src}/b.ts`, code: `import { b } from '../../../test/harness/b.ts'` },
    { file: `${src}/console/a.ts`, code: `import { b } from '../../../../apps/cli/src/b.ts'` },
    { file: `${src}/apis/syft/m.ts`, code: `import { b } from '../../../../../test/b.ts'` },
    { file: `${src}/control/clock/c.ts`, code: `import type { B } from '../../../../../test/b.ts'` },
    { file: `${src}/ports/e.ts`, code: `import { b } from '../../../client/src/b.ts'` },
  ].map((example) => ({ ...example, says: 'outside packages/server/src' })),

  'the server by its own name': [
    { file: `${src}/c.ts`, code: `import { b } from '@sandport/server'`, says: 'by name' },
    { file: `${src}/control/d.ts`, code: `import { b } from '@sandport/server'`, says: 'by name' },
  ],

  'what the rules cannot follow': [
    { file: `${src}/apis/syft/n.ts`, code: `import { b } from './../memsolus/b.ts'`, says: 'Cannot tell' },
    { file: `${src}/apis/syft/o.ts`, code: `import { b } from './render/../../memsolus/b.ts'`, says: 'Cannot tell' },
    { file: `${src}/apis/syft/p.ts`, code: `import { b } from '..'`, says: 'Cannot tell' },
    { file: `${src}/apis/syft/1/2/3/a.ts`, code: `import { b } from './b.ts'`, says: 'Folders this deep' },
  ],

  'what the client would need at run time': [
    { file: `${client}/a.ts`, code: `import { Type } from '@sinclair/typebox'` },
    { file: `${client}/b.ts`, code: `import { type Static } from '@sinclair/typebox'` },
    { file: `${client}/c.ts`, code: `import { once } from 'node:events'` },
    { file: `${client}/d.ts`, code: `import type { B } from '@sandport/server'` },
    { file: `${client}/e.ts`, code: `export const b = await import('fastify')` },
  ].map((example) => ({ ...example, says: 'no dependency at run time' })),

  'what the client is not to know of the server': [
    { file: `${client}/f.ts`, code: `import { RunPage } from '../../server/src/apis/syft/schemas.ts'` },
    { file: `${client}/g.ts`, code: `import { type RunPage } from '../../server/src/apis/syft/schemas.ts'` },
    { file: `${client}/h.ts`, code: `import type { Row } from '../../server/src/apis/syft/queries.ts'` },
    { file: `${client}/i.ts`, code: `export type B = import('../../server/src/app.ts').B` },
    { file: `${client}/j.test.ts`, code: `import { b } from '../../server/src/app.ts'` },
    { file: `${client}/k.ts`, code: `import type { B } from '../../../test/harness/b.ts'` },
  ].map((example) => ({ ...example, says: "types of the server's schemas.ts files" })),

  'a folder of the client': [
    { file: `${client}/m.ts`, code: `import { b } from './deep/b.ts'`, says: 'The client is one folder' },
  ],

  'the server, from the conformance kit': [
    { file: `${kit}/a.ts`, code: `import { b } from '@sandport/server'` },
    { file: `${kit}/b.ts`, code: `import type { B } from '../../server/src/app.ts'` },
    { file: `${kit}/cases/syft/a.ts`, code: `export const b = await import('../../../../server/src/app.ts')` },
    { file: `${kit}/c.test.ts`, code: `import { b } from '../../../test/harness/b.ts'` },
  ].map((example) => ({ ...example, says: 'The conformance kit must not import a server' })),

  'the server, from test/': [
    { file: 'test/a.test.ts', code: `import { b } from '@sandport/server'` },
    { file: 'test/b.test.ts', code: `import type { B } from '@sandport/server'` },
    { file: 'test/memsolus/a.test.ts', code: `import { b } from '../../packages/server/src/app.ts'` },
    { file: 'test/memsolus/b.test.ts', code: `import { b } from '../../apps/cli/src/main.ts'` },
    { file: 'test/harness/a.ts', code: `export const b = await import('../../packages/server/src/app.ts')` },
  ].map((example) => ({ ...example, says: 'test/ must not import the server' })),

  'the time': [
    { file: `${src}/d.ts`, code: 'export const now = Date.now()', says: 'asks the machine' },
    { file: `${src}/e.ts`, code: 'export const deps = { now: Date.now }', says: 'asks the machine' },
    { file: `${src}/control/clock/d.ts`, code: 'export const now = new Date()', says: 'asks the machine' },
    { file: `${src}/apis/syft/q.ts`, code: 'export const now = new Date', says: 'asks the machine' },
    { file: `${src}/ports/queue.ts`, code: 'export const now = Date()', says: 'asks the machine' },
    { file: `${src}/ports/database.ts`, code: 'export const at = performance.timeOrigin', says: 'asks the machine' },
    { file: `${client}/l.ts`, code: 'export const now = Date.now()', says: 'asks the machine' },
    { file: `${src}/apis/syft/r.ts`, code: 'export const q = sql`select now(), 1`', says: 'asks the database' },
    {
      file: `${src}/apis/syft/s.ts`,
      code: `export const q = sql\`update x set a = \${1},\n b = clock_timestamp()\``,
      says: 'asks the database',
    },
    { file: `${src}/apis/syft/t.ts`, code: `export const q = 'set at = CURRENT_TIMESTAMP'`, says: 'asks the database' },
    {
      file: `${src}/apis/syft/u.ts`,
      code: `export const at = timestamp('at').defaultNow()`,
      says: 'asks the database',
    },
  ],

  'what every project should not': [
    { file: `${src}/f.ts`, code: 'export const a = (b: any) => b', says: 'noExplicitAny' },
    { file: 'test/c.test.ts', code: 'export const a = (b: any) => b', says: 'noExplicitAny' },
    { file: `${src}/g.ts`, code: `console.log('x')`, says: 'noConsole' },
    { file: 'test/d.test.ts', code: `console.log('x')`, says: 'noConsole' },
    {
      file: `${src}/h.ts`,
      code: `import { readFile } from 'fs'\nexport { readFile }`,
      says: 'useNodejsImportProtocol',
    },
    { file: `${src}/i.ts`, code: `import { b } from 'fastify'\nexport type B = typeof b`, says: 'useImportType' },
    { file: `${src}/j.ts`, code: `import { b } from 'fastify'`, says: 'noUnusedImports' },
    { file: `${src}/k.ts`, code: 'const b = 1', says: 'noUnusedVariables' },
    {
      file: `${src}/l.ts`,
      code: 'const b = async () => {}\nexport const c = () => {\n  b()\n}',
      says: 'noFloatingPromises',
    },
    {
      file: `${src}/m.ts`,
      code: `import { later } from './later.ts'\nexport const c = () => {\n  later()\n}`,
      says: 'noFloatingPromises',
    },
  ],
}

const allowed: Example[] = [
  { file: `${src}/later.ts`, code: 'export const later = async () => {}' },
  {
    file: `${src}/app.ts`,
    code: `import { a } from './apis/syft/index.ts'\nimport { b } from './control/index.ts'\nexport const app = [a, b]`,
  },
  {
    file: `${src}/apis/syft/routes.ts`,
    code: `import { randomUUID } from 'node:crypto'
import Fastify from 'fastify'
import type { SmallRow } from '../../control/sandboxes/queries.ts'
import type { Deps } from '../../deps.ts'
import { database } from '../../ports/database.ts'
import { random } from '../../random.ts'
import { sandboxes } from '../../sandbox/tables.ts'
import { toInstant } from '../../wire/instant.ts'
import { find } from './queries.ts'
import { toCsv } from './render/csv.ts'
export type { Other } from '../../control/other.ts'
export type Third = import('../../control/third.ts').Third
export const all: [SmallRow, Deps, unknown] = [randomUUID, Fastify, [database, random, sandboxes, toInstant, find, toCsv]]`,
  },
  {
    file: `${src}/apis/memsolus/render/csv.ts`,
    code: `import type { SmallRow } from '../../../control/queries.ts'
import { random } from '../../../random.ts'
import { database } from '../../../wire/database.ts'
import { table } from '../tables.ts'
import { line } from './line.ts'
export const all: SmallRow = [random, database, table, line]`,
  },
  {
    file: `${src}/control/clock/routes.ts`,
    code: `import { modules } from '../../api-module.ts'
import { files } from '../../ports/files.ts'
import { sandboxes } from '../../sandbox/tables.ts'
import { toInstant } from '../../wire/instant.ts'
import { sandbox } from '../sandboxes/queries.ts'
import { walk } from './walk.ts'
export const all = [modules, files, sandboxes, toInstant, sandbox, walk]`,
  },
  {
    file: `${src}/sandbox/queries.ts`,
    code: `import type { Deps } from '../deps.ts'
import { instant } from '../ports/database/columns.ts'
import { toInstant } from '../wire/instant.ts'
import { sandboxes } from './tables.ts'
export const all: Deps = [instant, toInstant, sandboxes]`,
  },
  {
    file: `${src}/ports/files.ts`,
    code: `import { readFile } from 'node:fs/promises'
import postgres from 'postgres'
import type { Deps } from '../deps.ts'
import { toInstant } from '../wire/instant.ts'
import { database } from './database/pglite.ts'
export const all: Deps = [readFile, postgres, toInstant, database]`,
  },
  {
    file: `${client}/syft.ts`,
    code: `import type { Static } from '@sinclair/typebox'
import type { RunPage } from '../../server/src/apis/syft/schemas.ts'
import { http } from './http.ts'
export type { Match } from '../../server/src/control/scripts/schemas.ts'
export const all: Static<typeof RunPage> = http`,
  },
  { file: `${client}/syft.test.ts`, code: `import { it } from 'vitest'\nit('is', () => {})` },
  { file: `${client}/clock.ts`, code: 'export const now = () => Date.now()' },
  { file: `${kit}/cases/syft/b.ts`, code: `import { readRetryAfter } from '@sandport/client'\nreadRetryAfter()` },
  { file: `${kit}/breakages/b.ts`, code: `import { b } from '../../../server/src/app.ts'\nexport const a = b` },
  { file: 'test/client.test.ts', code: `import { createSyftClient } from '@sandport/client'\ncreateSyftClient()` },
  {
    file: 'test/memsolus/c.test.ts',
    code: `import { it } from 'vitest'\nimport { b } from '../harness/packages.ts'\nimport { c } from './apps.ts'\nit('is', () => [b, c])`,
  },
  {
    file: 'test/structure/a.test.ts',
    code: `import { b } from '../../packages/server/src/app.ts'\nexport const a = b`,
  },
  { file: `${src}/ports/clock.ts`, code: 'export const now = () => [new Date(), sql`select clock_timestamp()`]' },
  { file: `${src}/control/clock/walk.test.ts`, code: 'export const now = Date.now()' },
  {
    file: `${src}/control/clock/walk.ts`,
    code: `// Date.now(), new Date() and SQL's now() are said here only.
export const at = (clock: { now(): Date }, ms: number) => [clock.now(), new Date(ms), performance.now(), Date.parse('x')]
export const text = 'see clock.now() and known()'`,
  },
  { file: 'apps/cli/src/a.ts', code: `import { b } from '@sandport/server'\nconsole.log(b)` },
  { file: 'test/bench/main.ts', code: `console.log('x')` },
  { file: 'test/rules/main.ts', code: `console.log('x')` },
]

let found: Map<string, string[]>
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandport-lint-'))
  found = await lint(folder, [...Object.values(forbidden).flat(), ...allowed])
})

afterAll(() => rm(folder, { recursive: true }))

describe.each(Object.entries(forbidden))('refuses %s', (_, examples) => {
  it.each(examples)('in $file: $code', ({ file, says }) => {
    expect(found.get(file)).toContainEqual(expect.stringContaining(says))
  })
})

describe('accepts', () => {
  it.each(allowed)('$file', ({ file }) => {
    expect(found.get(file) ?? []).toEqual([])
  })
})

it('has each example in a file of its own', () => {
  const files = [...Object.values(forbidden).flat(), ...allowed].map(({ file }) => file)
  expect(new Set(files).size).toBe(files.length)
})

/** Lints the examples under the project's own configuration, in `folder`: `rule: message` of each finding, by file. */
async function lint(folder: string, examples: Example[]): Promise<Map<string, string[]>> {
  await cp(join(root, 'biome.json'), join(folder, 'biome.json'))
  await cp(join(root, 'lint'), join(folder, 'lint'), { recursive: true })
  for (const { file, code } of examples) {
    await mkdir(dirname(join(folder, file)), { recursive: true })
    await writeFile(join(folder, file), `${code}\n`)
  }
  const args = [biome, 'lint', '--vcs-enabled=false', '--max-diagnostics=none', '--reporter=json', '.']
  // It exits with 1 when it finds something, as it must here.
  const report = await new Promise<string>((resolve) =>
    execFile(process.execPath, args, { cwd: folder }, (_, out) => resolve(out)),
  )
  const { diagnostics } = JSON.parse(report) as {
    diagnostics: { category: string; message: string; location: { path: string } }[]
  }
  const byFile = new Map<string, string[]>()
  for (const { category, message, location } of diagnostics) {
    byFile.set(location.path, [...(byFile.get(location.path) ?? []), `${category}: ${message}`])
  }
  return byFile
}
