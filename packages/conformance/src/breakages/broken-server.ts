import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import type { Breakage } from './breakage.ts'

const SERVER = fileURLToPath(new URL('../../../server/', import.meta.url))

type Server = Pick<typeof import('../../../server/src/app.ts'), 'buildServer' | 'modules'> &
  Pick<typeof import('../../../server/src/worker.ts'), 'startWorker'>

/**
 * The server's code with one thing in it changed, built and loaded: all of it is its own, but for packages. Throws where
 * what is to be changed is not there exactly once.
 */
export async function loadBroken({ file, from, to }: Pick<Breakage, 'file' | 'from' | 'to'>): Promise<Server> {
  const path = join(SERVER, 'src', file)
  const text = await readFile(path, 'utf8')
  const times = text.split(from).length - 1
  if (times !== 1) throw new Error(`"${from}" is ${times} times in ${file}, not once: change the breakage, too`)
  // Beside the server's sources, so that its packages are found.
  const directory = await mkdtemp(join(SERVER, 'node_modules', '.broken-'))
  try {
    const outfile = join(directory, 'server.mjs')
    await build({
      stdin: {
        contents: "export * from './src/app.ts'\nexport { startWorker } from './src/worker.ts'",
        resolveDir: SERVER,
      },
      outfile,
      bundle: true,
      packages: 'external',
      format: 'esm',
      platform: 'node',
      target: 'node20',
      logLevel: 'silent',
      plugins: [
        {
          name: 'break',
          setup({ onLoad }) {
            // Only what may be it is asked for, as each question takes a while.
            onLoad({ filter: new RegExp(`/${basename(path)}$`) }, (loaded) =>
              loaded.path === path ? { contents: text.replace(from, () => to), loader: 'ts' } : undefined,
            )
          },
        },
      ],
    })
    return await import(pathToFileURL(outfile).href)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
