import { type SQL, sql } from 'drizzle-orm'
import { type ExportedMemory, memoryFields } from './format.ts'
import { concatenated, fieldInSql, hasAny, type Part } from './texts.ts'

/** What `\s` is in JavaScript; in PostgreSQL it is what the database's locale says. */
const SPACE = '[\\t\\n\\u000b\\f\\r \\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff]'

/** The section of a memory, as `sectionText` writes it. */
export const sectionInSql: SQL = concatenated(
  '\n## ',
  fieldInSql('id').text,
  '\n\n',
  ...memoryFields.flatMap(itemInSql),
  '\n',
  fenceInSql(fieldInSql('memory').text),
  '\n',
  fieldInSql('memory').text,
  '\n',
  fenceInSql(fieldInSql('memory').text),
  '\n',
)

function itemInSql(field: keyof ExportedMemory): Part[] {
  if (field === 'id' || field === 'memory') return []
  const { text, kind, isNullable } = fieldInSql(field)
  const shown = kind === 'word' || kind === 'number' ? sql`'\`' || ${text} || '\`'` : inlineInSql(text)
  return [`- ${field}: `, isNullable ? sql`coalesce(${shown}, '\`null\`')` : sql`(${shown})`, '\n']
}

/** Few texts have ticks, line breaks, or spaces at their ends: the others cost a look at them. */
function inlineInSql(text: SQL): SQL {
  const isAwkward = sql`${text} = '' or ${text} <> btrim(${text}) or ${hasAny(text, ['`', '\r', '\n'])}`
  return sql`case when ${isAwkward} then ${fencedInline(text)} else '\`' || ${text} || '\`' end`
}

function fencedInline(text: SQL): SQL {
  const oneLine = sql`regexp_replace(${text}, ${`${SPACE}*[\\r\\n]+${SPACE}*`}, ' ', 'g')`
  const needsSpace = sql`line ~ ${'^`|`$|^$|^ [^\\u2028\\u2029]* $'}`
  return sql`(select concat(ticks, space, line, space, ticks) from (select ${oneLine} as line) as lines,
    lateral (select repeat('\`', ${longestRunInSql(sql`line`)} + 1) as ticks, case when ${needsSpace} then ' ' end as space) as ends)`
}

function fenceInSql(text: SQL): SQL {
  return sql`(case when strpos(${text}, '\`\`\`') = 0 then '\`\`\`' else repeat('\`', ${longestRunInSql(text)} + 1) end)`
}

function longestRunInSql(text: SQL): SQL {
  return sql`(select coalesce(max(length(run[1])), 0) from regexp_matches(${text}, '\`+', 'g') as runs(run))`
}
