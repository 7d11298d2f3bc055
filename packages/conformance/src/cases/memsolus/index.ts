import { accessCases } from './access.ts'
import { createCases } from './create.ts'
import { downloadCases } from './downloads.ts'
import { errorCases } from './errors.ts'
import { fileBytesCases } from './file-bytes.ts'
import { fileCases } from './files.ts'
import { filterCases } from './filters.ts'
import { hintCases } from './hints.ts'
import { httpCases } from './http.ts'
import { lifeCases } from './life.ts'
import { listCases } from './lists.ts'
import { objectCases } from './objects.ts'
import { readingCases } from './readings.ts'

/** The cases of the Memsolus Exports API, in the order of its page; those of readings go by what the others have asked. */
export const memsolusCases = [
  ...accessCases,
  ...createCases,
  ...filterCases,
  ...objectCases,
  ...listCases,
  ...lifeCases,
  ...downloadCases,
  ...hintCases,
  ...fileCases,
  ...fileBytesCases,
  ...errorCases,
  ...httpCases,
  ...readingCases,
]
