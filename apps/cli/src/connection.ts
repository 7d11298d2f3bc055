import { type ControlClient, createControlClient, type SandboxControl } from '@sandport/client'
import { type Command, InvalidArgumentError } from 'commander'
import { explain } from './failure.ts'
import { given } from './options.ts'

/** What every verb takes that talks to a server which runs elsewhere. */
export type ServerOptions = { url?: string; token?: string; json?: boolean }
export type SandboxOptions = ServerOptions & { sandbox?: string }

/** What verbs are made with: the environment, and what is told the exit code. */
export type Surroundings = { env: NodeJS.ProcessEnv; exit: (code: number) => void }

const DEFAULT_URL = 'http://127.0.0.1:4646'

export function withServer(command: Command): Command {
  return command
    .option('--url <origin>', `where the server is (default: SANDPORT_URL, or ${DEFAULT_URL})`, origin)
    .option(
      '--token <token>',
      'the admin token or that of the sandbox (default: SANDPORT_TOKEN, SANDPORT_ADMIN_TOKEN)',
      given,
    )
    .option('--json', 'print what the server answers, as one document of JSON')
}

export function withSandbox(command: Command): Command {
  return withServer(command).option('--sandbox <id>', 'which sandbox (default: SANDPORT_SANDBOX, or "default")', given)
}

type Server = { control: ControlClient; own: SandboxControl; sandboxId: string }

/** Makes calls of a server, and answers the exit code. What goes wrong is a line on stderr. */
export async function onServer(
  { url: chosen, token, sandbox }: SandboxOptions,
  { env, isAboutAll = false, timeoutMs }: { env: NodeJS.ProcessEnv; isAboutAll?: boolean; timeoutMs?: number },
  act: (server: Server) => Promise<number | undefined> | Promise<void>,
): Promise<number> {
  const { SANDPORT_URL, SANDPORT_TOKEN, SANDPORT_ADMIN_TOKEN, SANDPORT_SANDBOX } = env
  const url = originOf(chosen ?? (SANDPORT_URL || DEFAULT_URL))
  if (url === undefined) {
    process.stderr.write(`sandport: SANDPORT_URL is "${SANDPORT_URL}"; give an origin such as ${DEFAULT_URL}.\n`)
    return 2
  }
  const admin = SANDPORT_ADMIN_TOKEN === 'off' ? undefined : SANDPORT_ADMIN_TOKEN
  const known = token || (isAboutAll ? admin || SANDPORT_TOKEN : SANDPORT_TOKEN || admin)
  const control = createControlClient({
    baseUrl: url,
    // Whoever waits at a terminal is told at once that nothing answers.
    retry: { retries: 0 },
    ...(known && { token: known }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  })
  const sandboxId = sandbox ?? (SANDPORT_SANDBOX || 'default')
  try {
    const code = await act({ control, own: control.sandbox(sandboxId), sandboxId })
    return typeof code === 'number' ? code : 0
  } catch (error) {
    const sandboxIds = async () => (await control.sandboxes.list()).map(({ id }) => id)
    return explain(error, { url, ...(!isAboutAll && { sandboxId }), sandboxIds })
  }
}

/** What a server answered: as one document of JSON, or in words for people. */
export function print(value: unknown, { json }: ServerOptions, words: () => string): void {
  console.log(json ? JSON.stringify(value, null, 2) : words())
}

function origin(text: string): string {
  if (originOf(text) === undefined) throw new InvalidArgumentError(`Use an origin such as ${DEFAULT_URL}.`)
  return text
}

/** An origin without what is often copied with it. */
function originOf(text: string): string | undefined {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return undefined
  return text.replace(/\/+$/, '').replace(/\/_sandport$/, '')
}
