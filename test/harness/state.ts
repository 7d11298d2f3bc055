import type { TestSandbox } from './sandbox.ts'

const paths = [
  '/clock',
  '/keys',
  '/syft/organizations',
  '/syft/motions',
  '/syft/runs?limit=1000',
  '/memsolus/workspaces',
  '/memsolus/memories?limit=1000',
  '/memsolus/exports',
  '/memsolus/behavior',
]

/** All that the control API tells of the state of a sandbox. */
export async function stateOf({ control }: Pick<TestSandbox, 'control'>): Promise<Record<string, unknown>> {
  const entries: [string, unknown][] = []
  for (const path of paths) entries.push([path, (await control<unknown>('GET', path)).body])
  return Object.fromEntries(entries)
}
