import { accessCases } from './access.ts'
import { cursorCases } from './cursors.ts'
import { errorCases } from './errors.ts'
import { fieldCases } from './fields.ts'
import { filterCases } from './filters.ts'
import { httpCases } from './http.ts'
import { itemCases } from './items.ts'
import { orderCases } from './order.ts'
import { pageCases } from './pages.ts'
import { readingCases } from './readings.ts'

/** The cases of the Syft Export API, in the order of its page; those of readings go by what the others have asked. */
export const syftCases = [
  ...accessCases,
  ...pageCases,
  ...cursorCases,
  ...filterCases,
  ...orderCases,
  ...fieldCases,
  ...itemCases,
  ...errorCases,
  ...httpCases,
  ...readingCases,
]
