import { createCsvReader, createMemoryReader } from './csv.ts'
import { IncompleteDownload, InvalidResponse } from './errors.ts'
import type { ExportFormat, Memory } from './memsolus-wire.ts'

/**
 * The file of an export. Its content can be read once, in one of the ways; what is not read is to be cancelled. All of
 * them reject with `IncompleteDownload` where the file is not whole, at its end at the latest: what was read of it until
 * then must not be used. No part is asked for again by itself (`Range` is not offered, X-HTTP-1c).
 */
export type Download = {
  readonly format: ExportFormat
  /** As the server calls the file, such as `memories-….csv`; undefined where it does not. */
  readonly fileName: string | undefined
  /** What `Content-Length` announces; undefined where nothing does. */
  readonly sizeBytes: number | undefined
  /** The bytes as they come, with their number checked. It errors, rather than ends, where they are too few or too many. */
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>>
  /** All of it as text, as which Markdown is best read. */
  text(): Promise<string>
  /** All memories of a JSON or a CSV file, which hold the same (M-FILE-3c). A Markdown file rejects with a `TypeError`. */
  memories(): Promise<Memory[]>
  /**
   * The memories of a CSV file one after the other, without holding all of it: use each only for what can be taken back,
   * until the end shows that the file was whole. A JSON file is read whole first.
   */
  eachMemory(): AsyncGenerator<Memory, void, undefined>
  /** Ends the download without reading the rest. */
  cancel(): Promise<void>
}

const formats: Readonly<Record<string, ExportFormat>> = {
  'application/json': 'json',
  'text/csv': 'csv',
  'text/markdown': 'markdown',
}

/** The file in an answer; `signal` ends it. */
export function downloadOf(response: Response, signal: AbortSignal | undefined): Download {
  const type = response.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? ''
  const format = formats[type]
  if (!format) throw new InvalidResponse(`A download was answered with the content type "${type}"`)
  const sizeBytes = lengthOf(response)
  const body = checked(response.body ?? new Blob([]).stream(), { expectedBytes: sizeBytes, signal })

  async function text() {
    let all = ''
    for await (const chunk of decode(body)) all += chunk
    return all
  }

  async function* eachMemory(): AsyncGenerator<Memory, void, undefined> {
    if (format === 'markdown') throw new TypeError('Memories cannot be read from Markdown: export json or csv')
    if (format === 'json') return yield* readJson(await text())
    const { read, end } = createCsvReader()
    const toMemory = createMemoryReader()
    for await (const chunk of decode(body)) yield* memoriesOf(read(chunk), toMemory)
    yield* memoriesOf(end(), toMemory)
  }

  return {
    format,
    fileName: fileNameOf(response.headers.get('content-disposition')),
    sizeBytes,
    body,
    text,
    eachMemory,
    async memories() {
      const all: Memory[] = []
      for await (const memory of eachMemory()) all.push(memory)
      return all
    },
    cancel: () => body.cancel(),
  }
}

/** M-DOWN-4c. What a proxy has compressed on the way is longer or shorter than what is read. */
function lengthOf({ headers }: Response): number | undefined {
  const text = headers.get('content-length')
  const isEncoded = (headers.get('content-encoding') ?? 'identity') !== 'identity'
  return text !== null && /^\d+$/.test(text) && !isEncoded ? Number(text) : undefined
}

/** A stream that errors where another number of bytes comes than was announced, and where the connection breaks. */
function checked(source: ReadableStream<Uint8Array<ArrayBuffer>>, { expectedBytes, signal }: Checks) {
  const reader = source.getReader()
  let receivedBytes = 0
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        const { done, value } = await reader.read().catch((cause: unknown) => {
          throw signal?.aborted ? signal.reason : new IncompleteDownload({ expectedBytes, receivedBytes }, { cause })
        })
        receivedBytes += value?.byteLength ?? 0
        const isMore = expectedBytes !== undefined && receivedBytes > expectedBytes
        const isLess = expectedBytes !== undefined && receivedBytes < expectedBytes
        if (isMore || (done && isLess)) {
          await reader.cancel().catch(() => {})
          throw new IncompleteDownload({ expectedBytes, receivedBytes })
        }
        if (done) controller.close()
        else controller.enqueue(value)
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
}
type Checks = { expectedBytes: number | undefined; signal: AbortSignal | undefined }

/** The text of a stream in pieces, none of which ends within a character. */
async function* decode(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const textOf = (bytes?: Uint8Array<ArrayBuffer>) => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined })
    } catch (cause) {
      throw new InvalidResponse('The file is not UTF-8', { cause })
    }
  }
  const reader = body.getReader()
  let isOver = false
  try {
    while (!isOver) {
      const { done, value } = await reader.read()
      isOver = done
      yield textOf(value)
    }
  } finally {
    if (!isOver) await reader.cancel().catch(() => {})
  }
}

function readJson(text: string): Memory[] {
  let memories: unknown
  try {
    memories = JSON.parse(text)
  } catch (cause) {
    throw new InvalidResponse('The file is no JSON', { cause })
  }
  if (!Array.isArray(memories)) throw new InvalidResponse('The file is no list of memories')
  return memories
}

type Records = ReturnType<ReturnType<typeof createCsvReader>['read']>

function* memoriesOf(records: Records, toMemory: ReturnType<typeof createMemoryReader>) {
  for (const record of records) {
    const memory = toMemory(record)
    if (memory) yield memory
  }
}

function fileNameOf(disposition: string | null): string | undefined {
  return disposition?.match(/filename="([^"]*)"/)?.[1]
}
