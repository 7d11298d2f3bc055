/** A test as its runner tells of it. `name` holds the names of the groups that it is in, too. */
export type NamedTest = { name: string; file: string; line: number | undefined; hasPassed: boolean }

/** What the list of rules and the tests say of each other. `unknown` are the tests that name what is no rule. */
export type Coverage = {
  rules: Map<string, NamedTest[]>
  twice: string[]
  unknown: Map<string, NamedTest[]>
}

const ID = /\b[XSM]-[A-Z]+-\d+[a-z]?\b/g
/** The first cell of a table's row, which holds an id and nothing else. */
const ROW = /^\| *`?([XSM]-[A-Z]+-\d+[a-z]?)`? *\|/gm

/** The ids of the rules in a Markdown text, in its order: each heads a row of a table. */
export function parseRules(markdown: string): string[] {
  return [...markdown.matchAll(ROW)].flatMap(([, id]) => id ?? [])
}

/** Which tests name which rule. Only those that have passed count, but none may name what is no rule. */
export function coverRules(ids: readonly string[], tests: readonly NamedTest[]): Coverage {
  const rules = new Map<string, NamedTest[]>(ids.map((id) => [id, []]))
  const unknown = new Map<string, NamedTest[]>()
  for (const test of tests) {
    for (const id of new Set(test.name.match(ID))) {
      const covering = rules.get(id)
      if (!covering) unknown.set(id, [...(unknown.get(id) ?? []), test])
      else if (test.hasPassed) covering.push(test)
    }
  }
  return { rules, twice: [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))], unknown }
}

/** What is wrong, a line each; none where every rule is there once and has a test. */
export function findProblems({ rules, twice, unknown }: Coverage): string[] {
  const bare = [...rules].filter(([, tests]) => tests.length === 0).map(([id]) => id)
  return [
    ...(rules.size === 0 ? ['The list holds no rules.'] : []),
    ...twice.map((id) => `${id} is in the list twice.`),
    ...[...unknown].map(([id, tests]) => `${id} is not in the list, and named by ${tests.map(placeOf).join(', ')}`),
    ...bare.map((id) => `${id} has no test.`),
  ]
}

/** A line a rule: its id, the number of its tests and where they are; with `full`, their names below it. */
export function showRules({ rules }: Coverage, { full = false } = {}): string {
  const width = Math.max(0, ...[...rules.keys()].map((id) => id.length))
  const lines = [...rules].flatMap(([id, tests]) => {
    const head = `${id.padEnd(width)} ${String(tests.length).padStart(4)}`
    if (full) return [head, ...tests.map((test) => `    ${placeOf(test)} ${test.name}`)]
    return [`${head}  ${placesOf(tests)}`.trimEnd()]
  })
  return lines.join('\n')
}

function placeOf({ file, line }: NamedTest): string {
  return line === undefined ? file : `${file}:${line}`
}

/** Each file once, with its lines: `a.test.ts:3,17 b.test.ts:5`. */
function placesOf(tests: readonly NamedTest[]): string {
  const linesOf = new Map<string, Set<number>>()
  for (const { file, line } of tests) {
    const lines = linesOf.get(file) ?? new Set()
    linesOf.set(file, line === undefined ? lines : lines.add(line))
  }
  const places = [...linesOf].map(([file, lines]) => `${file}:${[...lines].toSorted((a, b) => a - b).join(',')}`)
  return places.map((place) => place.replace(/:$/, '')).join(' ')
}
