import type { ServerProcess } from './server.ts'

const script = `
  import { WriteStream } from 'node:fs'
  const letGo = new Promise((resolve) => process.once('SIGUSR2', resolve))
  for (const method of ['_write', '_writev']) {
    const write = WriteStream.prototype[method]
    WriteStream.prototype[method] = async function (...given) {
      if (this.bytesWritten > 1000) await letGo
      write.apply(this, given)
    }
  }`

/** So many memories that a file has several parts. */
export const SEVERAL_PARTS = 2500

/** The environment of a server that writes the first part of each file, and no more until it is let go. */
export const holdingFiles = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(script)}` }

/** Lets a server that was started so finish what it holds, and hold nothing more. */
export function letFilesGo({ pid }: Pick<ServerProcess, 'pid'>): void {
  process.kill(pid, 'SIGUSR2')
}
