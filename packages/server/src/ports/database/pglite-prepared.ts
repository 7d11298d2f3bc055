import type { PGlite, QueryOptions, Results } from '@electric-sql/pglite'
import { LRUCache } from 'lru-cache'
import { serialize } from 'pg-protocol'

/** As many statements are remembered, those used last. */
const MOST_STATEMENTS = 500

/** A plan is for tables as they were when it was made, and they grow: it is made anew after so many uses. */
const USES_OF_A_PLAN = 1000

/** A statement that came before, and once it comes again is kept prepared under a name. */
type Statement = { prepared?: Prepared }
type Prepared = {
  name: string
  parameterTypes: readonly number[]
  fields: Results['fields']
  usesLeft: number
}

/** What Postgres says, as PGlite reads it. */
type Message =
  | { name: 'parameterDescription'; dataTypeIDs: number[] }
  | { name: 'rowDescription'; fields: Results['fields'] }
  | { name: 'dataRow'; fields: (string | null)[] }
  | { name: 'commandComplete'; text: string }

export type Query = <T>(text: string, params?: unknown[], options?: QueryOptions) => Promise<Results<T>>

/**
 * Statements of PGlite that are parsed and planned once and not each time they come, which for short ones is most of the
 * work. What comes for the first time is left to `query`, as much of that never comes again.
 */
export function prepareStatements(pglite: PGlite) {
  const dropped: string[] = []
  const statements = new LRUCache<string, Statement>({
    max: MOST_STATEMENTS,
    dispose: ({ prepared }) => prepared && dropped.push(prepared.name),
  })
  let named = 0

  async function send(messages: readonly Uint8Array[], syncToFs: boolean): Promise<Message[]> {
    const closings = dropped.splice(0).map((name) => serialize.close({ type: 'S', name }))
    const whole = Buffer.concat([...closings, ...messages, serialize.sync()])
    return (await pglite.execProtocolStream(whole, { syncToFs })) as unknown as Message[]
  }

  async function prepare(text: string): Promise<Prepared> {
    named += 1
    const name = `s${named}`
    const messages = await send([serialize.parse({ name, text }), serialize.describe({ type: 'S', name })], false)
    const prepared: Prepared = { name, parameterTypes: [], fields: [], usesLeft: USES_OF_A_PLAN }
    for (const message of messages) {
      if (message.name === 'parameterDescription') prepared.parameterTypes = message.dataTypeIDs
      if (message.name === 'rowDescription')
        prepared.fields = message.fields.map((field) => ({ name: field.name, dataTypeID: field.dataTypeID }))
    }
    return prepared
  }

  async function run<T>(text: string, { statement, params, isRowArray, isAlone }: Run): Promise<Results<T>> {
    if (statement.prepared?.usesLeft === 0) {
      dropped.push(statement.prepared.name)
      delete statement.prepared
    }
    statement.prepared ??= await prepare(text)
    const { prepared } = statement
    prepared.usesLeft -= 1
    const values = params.map((value, index) => {
      if (value === null || value === undefined) return null
      const toText = pglite.serializers[prepared.parameterTypes[index] ?? 0]
      return toText ? toText(value) : `${value}`
    })
    const messages = await send([serialize.bind({ statement: prepared.name, values }), serialize.execute()], isAlone)
    return readResults(pglite, messages, { fields: prepared.fields, isRowArray })
  }

  return {
    /**
     * Does `text` as `query` would, outside of all transactions where it is alone and else in the one that is under way.
     */
    via(query: Query, { isAlone }: { isAlone: boolean }): Query {
      return async <T>(text: string, params: unknown[] = [], options: QueryOptions = {}) => {
        const { rowMode, ...others } = options
        const statement = statements.get(text)
        if (!statement) statements.set(text, {})
        if (!statement || Object.keys(others).length > 0) return query<T>(text, params, options)
        const act = () =>
          pglite.runExclusive(() => run<T>(text, { statement, params, isRowArray: rowMode === 'array', isAlone }))
        return isAlone ? pglite._runExclusiveTransaction(act) : act()
      }
    },
  }
}
type Run = { statement: Statement; params: readonly unknown[]; isRowArray: boolean; isAlone: boolean }

function readResults<T>(
  { parsers }: PGlite,
  messages: readonly Message[],
  { fields, isRowArray }: Pick<Prepared, 'fields'> & Pick<Run, 'isRowArray'>,
): Results<T> {
  const readers = fields.map(({ dataTypeID }) => parsers[dataTypeID])
  const rows: unknown[] = []
  let tag = ''
  for (const message of messages) {
    if (message.name === 'commandComplete') tag = message.text
    if (message.name !== 'dataRow') continue
    const values = message.fields.map((text, index) =>
      text === null ? null : (readers[index]?.(text, fields[index]?.dataTypeID) ?? text),
    )
    rows.push(isRowArray ? values : Object.fromEntries(values.map((value, index) => [fields[index]?.name, value])))
  }
  // `SELECT 2`, `INSERT 0 5`, `UPDATE 3`
  const words = tag.split(' ')
  const [command = '', rowCount] = [words[0], Number(words.at(-1))]
  return { rows: rows as T[], fields, command, rowCount, affectedRows: command === 'SELECT' ? 0 : rowCount }
}
