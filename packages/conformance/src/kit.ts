import type { MemsolusKit } from './memsolus-kit.ts'
import type { Observation } from './readings.ts'
import type { SandboxData } from './sandboxes.ts'
import type { SyftKit } from './syft-kit.ts'

/** What a case has to work with. Of the two APIs, only its own is sure to be there. */
export type Kit = {
  syft: SyftKit
  memsolus: MemsolusKit
  /** A sandbox of its own, with data that it is told; gone when the case has ended. Only for cases that need `control`. */
  sandbox(data?: SandboxData): Promise<SandboxKit>
  /** Takes down which reading the service has. Only for cases that are about that `reading`. */
  tell(observation: Observation): void
}

/** A sandbox that a case commands. */
export type SandboxKit = {
  syft: SyftKit
  /** Here as many exports as a case wants may be made. */
  memsolus: MemsolusKit
  /** A call of its control API, below `/_sandport/sandboxes/{id}`. Throws where it is refused. */
  control<T = unknown>(method: string, path: string, body?: unknown): Promise<T>
}
