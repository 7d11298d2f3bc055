import { type SQL, sql } from 'drizzle-orm'
import { type ExportedMemory, memoryFields } from './format.ts'
import { concatenated, type FieldText, fieldTexts, hasAny, type Part } from './texts.ts'

/** What `\s` is in JavaScript; in PostgreSQL it is what the database's locale says. */
const SPACE = '[\\t\\n\\u000b\\f\\r \\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff]'

/** The section of a memory, as `sectionText` writes it. */
export const sectionInSql: SQL = concatenated(
  '\n## ',
  fieldTexts.id.text,
  '\n\n',
  ...memoryFields.flatMap(itemInSql),
  '\n',
  fenceInSql(fieldTexts.memory.text),
  '\n',
  fieldTexts.memory.text,
  '\n',
  fenceInSql(fieldTexts.memory.text),
  '\n',
)

function itemInSql(field: keyof ExportedMemory): Part[] {
  if (field === 'id' || field === 'memory') return []
  const shown = inlineInSql(fieldTexts[field])
  return [`- ${field}: `, fieldTexts[field].isNullable ? sql`coalesce(${shown}, '\`null\`')` : sql`(${shown})`, '\n']
}

/** Few texts have ticks, line breaks, or spaces at their ends: the others cost a look at them. */
function inlineInSql({ text, kind }: FieldText): SQL {
  const ticked = sql`'\`' || ${text} || '\`'`
  if (kind === 'word' || kind === 'number') return ticked
  const hasEnds = sql`${text} = '' or ${text} <> btrim(${text}) or ${hasAny(text, ['\r', '\n'])}`
  // PostgreSQL makes the JSON of a list on one line, and anew each time that it is looked at.
  const isAwkward = kind === 'list' ? hasAny(text, ['`']) : sql`${hasEnds} or ${hasAny(text, ['`'])}`
  return sql`case when ${isAwkward} then ${fencedInline(text)} else ${ticked} end`
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
