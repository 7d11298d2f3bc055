import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Packs the package, installs it with npm into an empty project, and uses it there as its users would: with each example
 * as it is, from TypeScript, and as a command. Ends with 1 where any of it fails. What a machine has no program for is
 * said, and left out.
 */
const root = fileURLToPath(new URL('../..', import.meta.url))
const source = join(root, 'apps/cli')
const scratch = mkdtempSync(join(tmpdir(), 'sandport-package-'))
const project = join(scratch, 'project')

/** Nothing of this workspace, and of no server that runs by chance, is to be found by the project. */
const env = Object.fromEntries(
  Object.entries(process.env).filter(
    ([name]) => !/^(SANDPORT_|SYFT_|MEMSOLUS_|npm_(?!config_registry)|NODE_PATH|TEST_)/.test(name),
  ),
)

/** Runs a program in the project, and shows what it printed, where that is wanted or it fails, which ends all. */
function run(program: string, args: readonly string[], directory = project, isShown = false) {
  process.stdout.write(`$ ${[program, ...args].join(' ')}\n`)
  const { status, signal, stdout, stderr } = spawnSync(program, args, { cwd: directory, env, encoding: 'utf8' })
  if (isShown || status !== 0) process.stdout.write(`${stdout}${stderr}`)
  if (status !== 0) throw new Error(`${program} ended with ${status ?? signal}`)
}

function use(program: string, args: readonly string[], directory?: string) {
  run(program, args, directory, true)
}

function hasProgram(program: string, ...args: string[]): boolean {
  if (spawnSync(program, args, { stdio: 'ignore' }).status === 0) return true
  process.stdout.write(`${[program, ...args].join(' ')} does not run here: what needs it is not tested\n`)
  return false
}

function pack(): string {
  run('pnpm', ['pack', '--pack-destination', scratch], source)
  const name = readdirSync(scratch).find((each) => each.endsWith('.tgz'))
  if (name === undefined) throw new Error('pnpm pack made no tarball')
  return join(scratch, name)
}

/** An example, copied into the project. */
function example(name: string): string {
  const directory = join(project, name)
  cpSync(join(source, 'examples', name), directory, { recursive: true })
  return directory
}

const TYPES = `
import { connectSandport, startSandport, type TestSandbox } from 'sandport'
import { ApiError, createSyftClient } from 'sandport/client'

export async function use(): Promise<string | null> {
  const server = process.argv.length > 2 ? connectSandport({ url: 'http://127.0.0.1:1' }) : await startSandport({ runs: 3 })
  const sandbox: TestSandbox = await server.createSandbox({ seed: 7, clock: { frozen: true } })
  const syft = createSyftClient({ baseUrl: sandbox.env.SYFT_BASE_URL, secretKey: sandbox.syft.secretKey })
  try {
    const page = await syft.page(sandbox.syft.motionId, { fields: ['status'], limit: 1 })
    // @ts-expect-error: that field was not asked for
    page.items[0]?.createdAt
    // @ts-expect-error: there is no such field
    await sandbox.control.clock.set({ frosen: true })
    return page.nextCursor
  } catch (error) {
    return error instanceof ApiError ? error.code : null
  }
}
`

const MODULE_TYPES = `${TYPES}
import { cases, verify } from 'sandport/conformance'
import setUp from 'sandport/global-setup'
import tearDown from 'sandport/global-teardown'
import { test } from 'sandport/vitest'

export const id: string | undefined = cases[0]?.id
export const report: ReturnType<typeof verify> | undefined = undefined
export const all: Promise<void>[] = [setUp().then((end) => end()), tearDown()]
test('a test', async ({ sandbox }) => {
  const id: string = sandbox.id
  await sandbox.control.clock.advance(id)
})
`

function checkTypes() {
  writeFileSync(join(project, 'types.mts'), MODULE_TYPES)
  writeFileSync(join(project, 'types.cts'), TYPES)
  const strict = ['--strict', '--exactOptionalPropertyTypes', '--noEmit', '--target', 'es2022', '--types', 'node']
  for (const module of ['node20', 'nodenext']) {
    run(join(root, 'node_modules/.bin/tsc'), [...strict, '--module', module, 'types.mts', 'types.cts'])
  }
}

function checkContents() {
  const installed = join(project, 'node_modules/sandport')
  const texts = readdirSync(installed, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(c?js|ts)$/.test(name),
  )
  for (const name of texts) {
    const text = readFileSync(join(installed, name), 'utf8')
    if (text.includes(root)) throw new Error(`${name} names a directory of the machine that it was made on`)
    if (/(?:from|import|require)\s*\(?["']@sandport\//.test(text))
      throw new Error(`${name} needs a package that is not published`)
  }
  for (const name of ['README.md', 'LICENSE']) {
    if (!existsSync(join(installed, name))) throw new Error(`The package has no ${name}`)
  }
}

/** The package's README shows nothing that is not in an example, and so is run. */
function checkReadme() {
  const files = readdirSync(join(source, 'examples'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.c?js$/.test(name),
  )
  const examples = files.map((name) => readFileSync(join(source, 'examples', name), 'utf8'))
  const readme = readFileSync(join(source, 'README.md'), 'utf8')
  for (const [, block = ''] of readme.matchAll(/^```js\n(.*?)^```$/gms)) {
    if (!examples.some((text) => text.includes(block)))
      throw new Error(`No example has what README.md shows:\n${block}`)
  }
}

try {
  checkReadme()
  const tarball = pack()
  mkdirSync(project)
  run('npm', ['init', '--yes'])
  run('npm', ['pkg', 'set', 'type=module'])
  run('npm', ['install', '--save-dev', '--no-audit', '--no-fund', tarball, 'vitest@4', 'jest@30', '@types/node@20'])
  checkContents()
  checkTypes()
  use('npx', ['sandport', '--version'])
  use('npx', ['vitest', 'run'], example('vitest'))
  use('npx', ['sandport', 'exec', '--quiet', '--', 'npx', 'vitest', 'run'], join(project, 'vitest'))
  use('node', ['--test'], example('node-test'))
  use('npx', ['jest'], example('jest'))
  if (hasProgram('python3', '--version')) {
    use('npx', ['sandport', 'exec', '--', 'python3', 'script.py'], example('python'))
  }
  const pytest = ['python3', '/usr/bin/python3'].find((python) => hasProgram(python, '-m', 'pytest', '--version'))
  if (pytest !== undefined) {
    const directory = example('pytest')
    use(pytest, ['-m', 'pytest', '-q'], directory)
    use('npx', ['sandport', 'exec', '--quiet', '--', pytest, '-m', 'pytest', '-q'], directory)
  }
  if (hasProgram('go', 'version')) {
    const directory = example('go')
    use('go', ['test', './...'], directory)
    use('npx', ['sandport', 'exec', '--quiet', '--', 'go', 'test', '-count=1', './...'], directory)
  }
  process.stdout.write('the package works in an empty project\n')
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
