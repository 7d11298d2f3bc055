import { type ExportedMemory, type Format, memoryFields } from './format.ts'

/** M-FILE-2c: one array, an object a line. */
export const json: Format = {
  contentType: 'application/json',
  extension: 'json',
  needsCount: false,
  open: () => '[',
  rows: (batch, before) =>
    batch.map((memory, index) => `${before + index === 0 ? '\n' : ',\n'}${objectText(memory)}`).join(''),
  close: (count) => (count === 0 ? ']\n' : '\n]\n'),
}

function objectText(memory: ExportedMemory): string {
  const pairs = memoryFields.map((field) => {
    const value = field === 'metadata' ? memory.metadata : JSON.stringify(memory[field])
    return `"${field}":${value}`
  })
  return `{${pairs.join(',')}}`
}
