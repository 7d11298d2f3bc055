import { spawnSync } from 'node:child_process'
import { onTestFinished } from 'vitest'
import { testDirectory } from './process.ts'

/** Whether this process may mount disks: as root, and not in every container. */
export function canMount(): boolean {
  return spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0
}

/** A disk of so many megabytes, for one test. */
export async function smallDisk(megabytes: number) {
  const directory = await testDirectory()
  mount(['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', directory])
  // A process that is on it still keeps nobody from going on.
  onTestFinished(() => void spawnSync('umount', ['--lazy', directory]))
  return {
    directory,
    /** Makes it as large. */
    grow: (size: number) => mount(['-o', `remount,size=${size}m`, directory]),
  }
}

function mount(args: readonly string[]): void {
  const { status, stderr } = spawnSync('mount', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`Failed to mount: ${stderr}`)
}
