import { customType, text as plainText } from 'drizzle-orm/pg-core'

/** Text that sorts and ties by its bytes, on PGlite and every Postgres alike. */
export const text = customType<{ data: string; driverData: string }>({ dataType: () => 'text COLLATE "C"' })

/** A list of texts. */
export const texts = (name: string) => plainText(name).array()

/** An instant, to the millisecond. Read as ISO 8601: of another text `Date` takes the year 50 for 1950. */
export const instant = customType<{ data: Date; driverData: string }>({
  dataType: () => 'timestamp (3) with time zone',
  toDriver: (at) => at.toISOString(),
  fromDriver: (text) => new Date(text.replace(' ', 'T').replace(/([+-]\d{2})$/, '$1:00')),
})
