import type { Answer, TestSandbox } from './sandbox.ts'

export type Finding = {
  code: string
  severity: 'error' | 'warning' | 'note'
  rule: string | null
  message: string
  exchange: string
  operation: string | null
  at: string
}
type List = { items: Finding[]; nextCursor: string | null }

/** What is found in a sandbox by now, in the order in which it was found. */
export async function findingsIn({ control }: Pick<TestSandbox, 'control'>, query = ''): Promise<Finding[]> {
  const { status, text, body } = await control<List>('GET', `/findings${query}`)
  if (status !== 200) throw new Error(`Findings were answered with ${status}: ${text}`)
  return body.items
}

/** The codes of what is found in a sandbox by now. */
export async function codesIn(sandbox: Pick<TestSandbox, 'control'>): Promise<string[]> {
  return (await findingsIn(sandbox)).map(({ code }) => code)
}

/** What is found in one exchange. */
export async function foundIn(sandbox: Pick<TestSandbox, 'control'>, { headers }: Pick<Answer<unknown>, 'headers'>) {
  const all = await findingsIn(sandbox)
  return all.filter(({ exchange }) => exchange === headers.get('sandport-exchange'))
}
