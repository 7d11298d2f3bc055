/** A change to the server that breaks a rule. */
export type Breakage = {
  /** What the server does then. */
  what: string
  /** The file, from packages/server/src, and what in it becomes what: a text that is there once. */
  file: string
  from: string
  to: string
  /** A case that fails because of it. */
  caughtBy: string
}

/** Breakages of one file. */
export function inFile(file: string, changes: readonly Omit<Breakage, 'file'>[]): Breakage[] {
  return changes.map((change) => ({ file, ...change }))
}
