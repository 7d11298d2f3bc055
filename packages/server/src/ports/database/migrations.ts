import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The project's own migrations: `drizzle/` beside the built command, or at the root of the workspace. */
export function migrationsFolder(): string {
  const candidates = ['./drizzle', '../../../../../drizzle'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  )
  const found = candidates.find((path) => existsSync(path))
  if (!found) throw new Error(`Failed to find the migrations: none of ${candidates.join(', ')} exists`)
  return found
}
