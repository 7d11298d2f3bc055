import type { Sandport, StartOptions } from './embedded.ts'

export { type Connection, type ConnectOptions, connectSandport, type TestSandbox } from './connected.ts'
export type { Sandport, StartOptions } from './embedded.ts'
export type { SandboxVariables } from './variables.ts'

/** As in the module that is imported, which this loads when it is called. */
export async function startSandport(options?: StartOptions): Promise<Sandport> {
  const embedded = await import('./index.ts')
  return embedded.startSandport(options)
}
