import { readdir, readFile, readlink } from 'node:fs/promises'

/** Whether the system tells what its processes have open, which is where there is /proc. */
export const hasProc = process.platform === 'linux'

/** The files below a directory that a process has open. */
export async function openFiles(pid: number, directory: string): Promise<string[]> {
  const names = await readdir(`/proc/${pid}/fd`)
  const paths = await Promise.all(names.map((name) => readlink(`/proc/${pid}/fd/${name}`).catch(() => '')))
  return paths.filter((path) => path.startsWith(directory))
}

/** How much memory a process has, in bytes. */
export async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024
}

/** Whether a server has let go of the connection between two ports of this machine. */
export async function isLetGo({ server, client }: { server: number; client: number }): Promise<boolean> {
  const hex = (port: number) => port.toString(16).toUpperCase().padStart(4, '0')
  const rows = (await readFile('/proc/net/tcp', 'utf8')).split('\n').map((line) => line.trim().split(/\s+/))
  const own = rows.find(
    ([, local, remote]) => local?.endsWith(`:${hex(server)}`) && remote?.endsWith(`:${hex(client)}`),
  )
  // A connection that belongs to no process has no inode.
  return own === undefined || own[9] === '0'
}
