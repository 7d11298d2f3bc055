import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Does what the Dockerfile says in plain directories, one for each stage, and then runs the program: what an image would do,
 * without an engine. Ends with 1 where an instruction fails, is one that is not known here, or the health check does not hold.
 */
const root = fileURLToPath(new URL('../..', import.meta.url))
const scratch = mkdtempSync(join(tmpdir(), 'sandport-image-'))

type Stage = { directory: string; workdir: string; env: Record<string, string> }
type Instruction = { name: string; text: string }

/** Instructions that say something about the image and do nothing to it. */
const SAID_ONLY = ['USER', 'EXPOSE']

function readInstructions(text: string): Instruction[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => ({ name: line.split(' ', 1)[0] ?? '', text: line.slice(line.indexOf(' ') + 1) }))
}

function build(instructions: readonly Instruction[]) {
  const stages = new Map<string, Stage>()
  let stage: Stage | undefined
  let command: string[] = []
  let check: string[] = []
  for (const { name, text } of instructions) {
    process.stdout.write(`${name} ${text}\n`)
    if (name === 'FROM') {
      const alias = /AS (\w+)$/.exec(text)?.[1] ?? 'last'
      stage = { directory: join(scratch, alias), workdir: '/', env: {} }
      mkdirSync(stage.directory)
      stages.set(alias, stage)
      continue
    }
    if (!stage) throw new Error(`${name} comes before any FROM`)
    if (name === 'WORKDIR') {
      stage.workdir = text
      mkdirSync(at(stage, text), { recursive: true })
    } else if (name === 'ENV') {
      Object.assign(stage.env, Object.fromEntries(text.split(' ').map((pair) => pair.split('='))))
    } else if (name === 'COPY') {
      copy(stages, stage, text)
    } else if (name === 'RUN') {
      run(stage, text)
    } else if (name === 'HEALTHCHECK') {
      check = JSON.parse(text.slice(text.indexOf('['))) as string[]
    } else if (name === 'CMD') {
      command = JSON.parse(text) as string[]
    } else if (!SAID_ONLY.includes(name)) {
      throw new Error(`Nobody has taught this script what ${name} does`)
    }
  }
  if (!stage) throw new Error('The Dockerfile has no FROM')
  return { stage, command, check }
}

/** Where a path of the image is here. */
function at(stage: Stage, path: string): string {
  return isAbsolute(path) ? join(stage.directory, path) : join(stage.directory, stage.workdir, path)
}

function copy(stages: ReadonlyMap<string, Stage>, stage: Stage, text: string): void {
  const [, from, source = '', target = ''] = /^(?:--from=(\w+) )?(\S+) (\S+)$/.exec(text) ?? []
  const to = at(stage, target)
  const other = from === undefined ? undefined : stages.get(from)
  if (from !== undefined && !other) throw new Error(`There is no stage ${from}`)
  if (other) {
    cpSync(at(other, source), to, { recursive: true, verbatimSymlinks: true })
    return
  }
  // What is committed or about to be: what .dockerignore leaves out is ignored by git, too.
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root })
  for (const file of files.toString().trim().split('\n')) cpSync(resolve(root, file), join(to, file))
}

/** Absolute paths in a command are those of the stage. `chown` needs to be root, and there is no such user. */
function run(stage: Stage, text: string): void {
  const here = text.replaceAll(/ (\/[\w./-]+)/g, (_, path: string) => ` ${at(stage, path)}`).replace(/ && chown .*/, '')
  execFileSync('sh', ['-c', here], {
    cwd: at(stage, stage.workdir),
    env: { ...process.env, ...stage.env, CI: 'true' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolved) => server.once('listening', resolved))
  const address = server.address()
  await new Promise((resolved) => server.close(resolved))
  return typeof address === 'object' && address ? address.port : 0
}

/** Runs the program as a container would, until its own health check holds. */
async function isHealthy({ stage, command, check }: ReturnType<typeof build>): Promise<boolean> {
  const { PATH, HOME } = process.env
  const env = { PATH, HOME, ...stage.env, PORT: `${await freePort()}`, SANDPORT_ADMIN_TOKEN: 'off' }
  const cwd = at(stage, stage.workdir)
  const start = ([program = '', ...args]: string[]) =>
    spawn(program, args, { cwd, env, stdio: ['ignore', 'ignore', 'inherit'] })
  const ended = (child: ChildProcess) => new Promise<number | null>((resolved) => child.once('exit', resolved))
  const server = start(command)
  const stopped = ended(server)
  const endMs = performance.now() + 30_000
  let isUp = false
  while (!isUp && server.exitCode === null && performance.now() < endMs) isUp = (await ended(start(check))) === 0
  server.kill('SIGTERM')
  return isUp && (await stopped) === 0
}

try {
  const image = build(readInstructions(readFileSync(join(root, 'Dockerfile'), 'utf8')))
  for (const program of ['api/main.js', 'worker/main.js']) readFileSync(join(at(image.stage, '.'), program))
  if (!(await isHealthy(image))) throw new Error('What the image would run is not healthy, or did not end on SIGTERM')
  process.stdout.write('healthy, and ended on SIGTERM\n')
} catch (error) {
  process.stderr.write(`Dockerfile: ${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
