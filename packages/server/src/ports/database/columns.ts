import { customType, text as plainText, timestamp } from 'drizzle-orm/pg-core'

/** Text that sorts and ties by its bytes, on PGlite and every Postgres alike. */
export const text = customType<{ data: string; driverData: string }>({ dataType: () => 'text COLLATE "C"' })

/** A list of texts. */
export const texts = (name: string) => plainText(name).array()

/** An instant, to the millisecond. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' })
