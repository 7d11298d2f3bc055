import type { Sandbox } from '@sandport/client'

/** What a client in a process of its own finds a sandbox by, and the words that templates have for it. */
export const variables = {
  SYFT_BASE_URL: 'syftUrl',
  SYFT_SECRET_KEY: 'syftKey',
  SYFT_MOTION_ID: 'syftMotion',
  MEMSOLUS_BASE_URL: 'memsolusUrl',
  MEMSOLUS_API_URL: 'memsolusApiUrl',
  MEMSOLUS_API_KEY: 'memsolusKey',
  SANDPORT_URL: 'url',
  SANDPORT_SANDBOX: 'sandbox',
  SANDPORT_TOKEN: 'token',
} as const

/** The environment that names a sandbox. `MEMSOLUS_API_URL` is the base URL with `/v1`. */
export type SandboxVariables = Record<keyof typeof variables, string>

/** What names a sandbox of the server at `url`. */
export function variablesOf({ id, token, syft, memsolus }: Sandbox, url: string): SandboxVariables {
  return {
    SYFT_BASE_URL: syft.baseUrl,
    SYFT_SECRET_KEY: syft.secretKey,
    SYFT_MOTION_ID: syft.motions[0]?.id ?? '',
    MEMSOLUS_BASE_URL: memsolus.baseUrl,
    MEMSOLUS_API_URL: `${memsolus.baseUrl}/v1`,
    MEMSOLUS_API_KEY: memsolus.apiKey,
    SANDPORT_URL: url,
    SANDPORT_SANDBOX: id,
    SANDPORT_TOKEN: token,
  }
}
