export { type Connection, type ConnectOptions, connectSandport, type TestSandbox } from './connected.ts'
export { type Sandport, type StartOptions, startSandport } from './embedded.ts'
export type { SandboxVariables } from './variables.ts'
