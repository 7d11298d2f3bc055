import {
  type ControlClient,
  createControlClient,
  createMemsolusClient,
  createSyftClient,
  type MemsolusClient,
  type Sandbox,
  type SandboxControl,
  type SandboxInput,
  type SyftClient,
} from '@sandport/client'
import { type SandboxVariables, variablesOf } from './variables.ts'

export type ConnectOptions = {
  /** Its origin: `SANDPORT_URL` if not given. */
  url?: string
  /** What commands the whole server, where it asks for one: `SANDPORT_ADMIN_TOKEN` if not given. */
  token?: string
}

/** A server, as tests use it. */
export type Connection = {
  /** The origin of both APIs and of the control API, such as `http://127.0.0.1:4646`. */
  url: string
  /** All calls of the control API. */
  control: ControlClient
  /** Creates a sandbox, empty unless `data` is given; with keys and a clock of its own. */
  createSandbox(input?: SandboxInput): Promise<TestSandbox>
}

/** A sandbox, with what reaches and what commands it. It deletes itself at the end of an `await using`. */
export type TestSandbox = AsyncDisposable & {
  id: string
  /** Commands this sandbox alone. */
  token: string
  /** What a Syft client needs, and one that has it. `motionId` is its first motion. */
  syft: { baseUrl: string; secretKey: string; motionId: string; client: SyftClient }
  /** What a Memsolus client needs, and one that has it. `baseUrl` is the bare origin. */
  memsolus: { baseUrl: string; apiKey: string; workspaceId: string; client: MemsolusClient }
  /** The variables that `sandport exec` gives a command, for a client that is a process of its own. */
  env: SandboxVariables
  /** The control API's calls about this sandbox. */
  control: SandboxControl
  delete(): Promise<void>
}

/** Making 200,000 runs takes a while. */
const CREATE_MS = 600_000

/**
 * A server that runs already, such as the one of `sandport exec` or of a test run's set-up.
 *
 * @throws TypeError where neither `url` nor `SANDPORT_URL` is given
 */
export function connectSandport({ url, token }: ConnectOptions = {}): Connection {
  const { SANDPORT_URL, SANDPORT_ADMIN_TOKEN } = process.env
  const origin = url ?? (SANDPORT_URL || undefined)
  if (origin === undefined) {
    throw new TypeError('No server is named: give connectSandport a url, or set SANDPORT_URL.')
  }
  const secret = token ?? (SANDPORT_ADMIN_TOKEN === 'off' ? undefined : SANDPORT_ADMIN_TOKEN || undefined)
  const made = { baseUrl: origin, timeoutMs: CREATE_MS, ...(secret !== undefined && { token: secret }) }
  const control = createControlClient(made)
  return {
    url: origin,
    control,
    createSandbox: async (input) => testSandboxOf(await control.sandboxes.create(input), origin),
  }
}

function testSandboxOf(sandbox: Sandbox, url: string): TestSandbox {
  const { id, token, syft, memsolus } = sandbox
  const env = variablesOf(sandbox, url)
  const control = createControlClient({ baseUrl: url, token }).sandbox(id)
  const remove = () => control.delete()
  return {
    id,
    token,
    syft: {
      baseUrl: syft.baseUrl,
      secretKey: syft.secretKey,
      motionId: env.SYFT_MOTION_ID,
      client: createSyftClient(syft),
    },
    memsolus: { ...memsolus, client: createMemsolusClient(memsolus) },
    env,
    control,
    delete: remove,
    [Symbol.asyncDispose]: remove,
  }
}
