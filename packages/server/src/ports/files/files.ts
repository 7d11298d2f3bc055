import type { Readable } from 'node:stream'

/** Where export files are kept, whichever adapter it is. Keys are made by the server: letters, digits, `-` and `.`. */
export interface FilesPort {
  /** Stores a file that appears only when it is whole. Answers its size in bytes. */
  write(key: string, content: AsyncIterable<string | Uint8Array>): Promise<number>
  /** Opens a file; undefined where there is none. What was opened can be read to its end even if it is removed. */
  read(key: string): Promise<{ sizeBytes: number; content: Readable } | undefined>
  /** Removes a file; does nothing where there is none. */
  remove(key: string): Promise<void>
  /** The keys of all files, whole or half written. */
  list(): Promise<string[]>
  /** Rejects when nothing can be stored. */
  ping(): Promise<void>
}
