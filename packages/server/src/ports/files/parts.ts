/** Cuts what comes into parts of a size, of which only the last is smaller; there is none where nothing comes. */
export async function* partsOf(
  content: AsyncIterable<string | Uint8Array>,
  partBytes: number,
): AsyncGenerator<Buffer, void> {
  let chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of content) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    chunks.push(bytes)
    size += bytes.length
    if (size < partBytes) continue
    let rest = Buffer.concat(chunks)
    for (; rest.length >= partBytes; rest = rest.subarray(partBytes)) yield rest.subarray(0, partBytes)
    chunks = [rest]
    size = rest.length
  }
  if (size > 0) yield Buffer.concat(chunks)
}
