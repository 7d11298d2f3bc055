import type { SyftKit } from './syft-kit.ts'

/** What a case has to work with. */
export type Kit = {
  syft: SyftKit
  /** A sandbox of its own, with data that it is told; gone when the case has ended. Only for cases that need `control`. */
  sandbox(data?: Record<string, unknown>): Promise<SandboxKit>
}

/** A sandbox that a case commands. */
export type SandboxKit = {
  syft: SyftKit
  /** A call of its control API, below `/_sandport/sandboxes/{id}`. Throws where it is refused. */
  control<T = unknown>(method: string, path: string, body?: unknown): Promise<T>
}
