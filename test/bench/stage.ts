import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ownServices } from '../harness/own-services.ts'
import { type ServerProcess, startServer } from '../harness/server.ts'
import type { TestServices } from '../harness/services.ts'

export type Sizes = { runs: number; memories: number }

/** What one measurement is made on: servers, and what they are compared with. All of it ends with the stage. */
export type Stage = {
  sizes: Sizes
  /** The database of the servers where it is Postgres, as a URL. */
  databaseUrl: string | undefined
  /** For files of this measurement. */
  directory: string
  /** Starts the built command; all servers of a stage on services share one new database. */
  startServer(args?: readonly string[], env?: NodeJS.ProcessEnv): Promise<ServerProcess>
  /** Starts one of `references/` in a process of its own and answers its URL. */
  startReference(name: 'route' | 'download' | 'copy', ...args: string[]): Promise<string>
  /** May be called more than once. */
  close(): Promise<void>
}

/** A stage on given services, or with everything embedded. */
export async function openStage(sizes: Sizes, services: TestServices | undefined): Promise<Stage> {
  const endings: (() => Promise<void>)[] = []
  const own = services && (await ownServices(services, `sandport_bench_${process.pid}`))
  if (own) endings.push(own.drop)
  const directory = await mkdtemp(join(tmpdir(), 'sandport-bench-'))
  endings.push(() => rm(directory, { recursive: true, force: true }))
  return {
    sizes,
    databaseUrl: own?.env.DATABASE_URL,
    directory,
    async startServer(args = [], env = {}) {
      const server = await startServer(args, { ...own?.env, ...env })
      endings.push(async () => {
        await server.stop('SIGKILL')
      })
      return server
    },
    async startReference(name, ...args) {
      const reference = fork(fileURLToPath(new URL(`references/${name}.ts`, import.meta.url)), args)
      const ended = once(reference, 'exit')
      endings.push(async () => {
        reference.kill('SIGKILL')
        await ended
      })
      const [url] = await Promise.race([
        once(reference, 'message'),
        ended.then(([code]) => {
          throw new Error(`The reference ${name} ended with ${code} before it was ready`)
        }),
      ])
      return String(url)
    },
    async close() {
      for (let end = endings.pop(); end; end = endings.pop()) await end()
    },
  }
}
