/**
 * Where a body is cut, in bytes: after so many, or after a share of it where `after` is less than 1; with `inside`, at the
 * first place from there on that is inside of a quoted CSV field, or of a character of several bytes. Where there is none,
 * before the last byte.
 */
export function findCut(
  bytes: Buffer,
  { after, inside }: { after: number; inside?: 'csv-field' | 'utf8' | undefined },
): number {
  const start = Math.min(after < 1 ? Math.floor(bytes.length * after) : Math.floor(after), bytes.length)
  if (inside === undefined) return start
  const isInside = inside === 'utf8' ? isInCharacter : quotedAt(bytes)
  for (let at = start; at < bytes.length; at++) if (isInside(bytes, at)) return at
  return Math.max(0, bytes.length - 1)
}

/** Whether the byte at a place goes on with a character that a byte before it began. */
function isInCharacter(bytes: Buffer, at: number): boolean {
  return ((bytes[at] ?? 0) & 0b1100_0000) === 0b1000_0000
}

/** Tells whether what comes before a place leaves a quote open; a doubled quote closes it and opens it again. */
function quotedAt(bytes: Buffer) {
  let read = 0
  let isOpen = false
  return (_bytes: Buffer, at: number): boolean => {
    for (; read < at; read++) if (bytes[read] === 0x22) isOpen = !isOpen
    return isOpen && bytes[at] !== 0x22 && bytes[at - 1] !== 0x22
  }
}
