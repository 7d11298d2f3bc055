import { createControlClient, createMemsolusClient, createSyftClient, type SandboxInput } from '@sandport/client'
import { serverUrl } from '../../harness/url.ts'

/** A sandbox of its own, with the three clients that a user has of it. */
export async function clientsOf(input: SandboxInput = {}) {
  const baseUrl = serverUrl()
  const control = createControlClient({ baseUrl })
  const sandbox = await control.sandboxes.create(input)
  return {
    control,
    sandbox,
    motionId: sandbox.syft.motions[0]?.id ?? '',
    own: control.sandbox(sandbox.id),
    syft: createSyftClient({ baseUrl, secretKey: sandbox.syft.secretKey }),
    memsolus: createMemsolusClient({ baseUrl, apiKey: sandbox.memsolus.apiKey }),
  }
}

/** All that an iterator gives. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
