import { type SQL, sql } from 'drizzle-orm'
import { type ExportedMemory, memoryFields } from './format.ts'
import { concatenated, type FieldText, fieldTexts, hasAny, type Part } from './texts.ts'

/** What `\s` is in JavaScript; in PostgreSQL it is what the database's locale says. */
const SPACE = '[\\t\\n\\u000b\\f\\r \\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff]'

type Field = keyof ExportedMemory
const fields = memoryFields.filter((field) => field !== 'id' && field !== 'memory')
const isOf = (...kinds: FieldText['kind'][]) => fields.filter((field) => kinds.includes(fieldTexts[field].kind))

/** The section of a memory, as `sectionText` writes it. Few have a field for which a pair of ticks does not do. */
export const sectionInSql: SQL = sql`case when ${isTicked()} then ${section(ticked)} else ${section(inline)} end`

function section(item: (field: Field) => Part[]): SQL {
  const { text: memory } = fieldTexts.memory
  const items = fields.flatMap((field) => [`- ${field}: `, ...item(field), '\n'])
  return concatenated(
    '\n## ',
    fieldTexts.id.text,
    '\n\n',
    ...items,
    '\n',
    fence(memory),
    '\n',
    memory,
    '\n',
    fence(memory),
    '\n',
  )
}

/** Whether no field has ticks, line breaks, or spaces at its ends; looking at many at once, it may miss some. */
function isTicked(): SQL {
  const ids = isOf('text')
  const conditions = [
    ...ids.map((field) => sql`${shown(field)} <> ''`),
    sql`not (${hasAny(concatenated(...ids.map(shown)), ['`', ' ', '\r', '\n'])})`,
    ...isOf('object').map((field) => {
      const { text } = fieldTexts[field]
      return sql`${text} <> '' and ${text} = btrim(${text}) and not (${hasAny(text, ['`', '\r', '\n'])})`
    }),
    // PostgreSQL makes the JSON of a list on one line.
    ...isOf('list').map((field) => sql`not (${hasAny(fieldTexts[field].text, ['`'])})`),
  ]
  return sql.join(conditions, sql` and `)
}

function shown(field: Field): SQL {
  const { text, isNullable } = fieldTexts[field]
  return isNullable ? sql`coalesce(${text}, 'null')` : text
}

function ticked(field: Field): Part[] {
  return ['`', shown(field), '`']
}

function inline(field: Field): Part[] {
  const { text, kind, isNullable } = fieldTexts[field]
  if (kind === 'word' || kind === 'number') return ticked(field)
  const isAwkward = sql`${text} = '' or ${text} <> btrim(${text}) or ${hasAny(text, ['`', '\r', '\n'])}`
  const code = sql`case when ${isAwkward} then ${fencedInline(text)} else '\`' || ${text} || '\`' end`
  return [isNullable ? sql`coalesce(${code}, '\`null\`')` : code]
}

function fencedInline(text: SQL): SQL {
  const oneLine = sql`regexp_replace(${text}, ${`${SPACE}*[\\r\\n]+${SPACE}*`}, ' ', 'g')`
  const needsSpace = sql`line ~ ${'^`|`$|^$|^ [^\\u2028\\u2029]* $'}`
  return sql`(select ticks || space || line || space || ticks from (select ${oneLine} as line) as lines,
    lateral (select repeat('\`', ${longestRun(sql`line`)} + 1) as ticks, case when ${needsSpace} then ' ' else '' end as space) as ends)`
}

function fence(text: SQL): SQL {
  return sql`(case when strpos(${text}, '\`\`\`') = 0 then '\`\`\`' else repeat('\`', ${longestRun(text)} + 1) end)`
}

function longestRun(text: SQL): SQL {
  return sql`(select coalesce(max(length(run[1])), 0) from regexp_matches(${text}, '\`+', 'g') as runs(run))`
}
