import { readFile, writeFile } from 'node:fs/promises'

/** The memory of a process in bytes: what it has now, and the most that it had since `forgetPeak`. Linux only. */
export async function residentMemory(pid: number): Promise<{ now: number; peak: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const bytesOf = (name: string) => 1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1])
  return { now: bytesOf('VmRSS'), peak: bytesOf('VmHWM') }
}

export function forgetPeak(pid: number): Promise<void> {
  return writeFile(`/proc/${pid}/clear_refs`, '5')
}
