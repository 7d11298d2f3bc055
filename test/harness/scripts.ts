import type { TestSandbox } from './sandbox.ts'

export type Script = {
  id: string
  spent: boolean
  steps: ({ consumed: number; remaining: number | null } & Record<string, unknown>)[]
}

/** Arms a script and answers its id. Throws where it is refused. */
export async function arm(sandbox: TestSandbox, script: Record<string, unknown>): Promise<string> {
  const { status, text, body } = await sandbox.control<Script>('POST', '/scripts', script)
  if (status !== 201) throw new Error(`A script was answered with ${status}: ${text}`)
  return body.id
}

/** How often each step of a script was taken. */
export async function consumed(sandbox: TestSandbox, scriptId: string): Promise<number[]> {
  const { body } = await sandbox.control<Script>('GET', `/scripts/${scriptId}`)
  return body.steps.map((step) => step.consumed)
}
