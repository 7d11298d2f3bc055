import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { migrationsFolder } from '../ports/database/migrations.ts'
import type { EmbeddedDatabase } from '../ports/database/pglite.ts'

/**
 * The image is the tar of a data directory that holds the migrated tables and the sandbox `default`. Its name is made from
 * the code that made it, so code that differs in anything passes it over.
 */
const here = dirname(fileURLToPath(import.meta.url))

/** The image that this very code made; undefined where there is none, as when running from source. */
export async function findImage(): Promise<string | undefined> {
  const path = await imagePath()
  return existsSync(path) ? path : undefined
}

/** Writes the image of a database beside the built code, in place of those of other code. */
export async function writeImage({ pglite }: EmbeddedDatabase): Promise<string> {
  const path = await imagePath()
  const dump = await pglite.dumpDataDir('none')
  for (const name of await readdir(here)) if (/^image-.*\.tar$/.test(name)) await rm(join(here, name))
  await writeFile(`${path}.part`, Buffer.from(await dump.arrayBuffer()))
  await rename(`${path}.part`, path)
  return path
}

/** What programs share is named by a hash of it, which is in the code of those that use it. */
const SHARED = /-[0-9A-Z]{8}\.js$/

async function imagePath(): Promise<string> {
  const migrations = migrationsFolder()
  const code = (await readdir(here)).filter((name) => name.endsWith('.js') && !SHARED.test(name)).toSorted()
  const sql = (await readdir(migrations)).filter((name) => name.endsWith('.sql')).toSorted()
  const hash = createHash('sha256').update(pgliteVersion())
  for (const path of [...code.map((name) => join(here, name)), ...sql.map((name) => join(migrations, name))]) {
    hash.update(await readFile(path))
  }
  return join(here, `image-${hash.digest('hex').slice(0, 16)}.tar`)
}

function pgliteVersion(): string {
  const path = join(dirname(createRequire(import.meta.url).resolve('@electric-sql/pglite')), '../package.json')
  return createRequire(import.meta.url)(path).version
}
