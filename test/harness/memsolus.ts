import type { Query, TestSandbox } from './sandbox.ts'

/** A memory as the JSON file shows it. */
export type Memory = {
  id: string
  memory: string
  user_id: string | null
  agent_id: string | null
  session_id: string | null
  priority: string
  categories: string[]
  metadata: Record<string, unknown>
  workspace_id: string
  access_count: number
  last_accessed_at: string | null
  created_at: string
  updated_at: string
}

/** The fields of a memory, in the order in which every file has them. */
export const memoryFields = [
  'id',
  'memory',
  'user_id',
  'agent_id',
  'session_id',
  'priority',
  'categories',
  'metadata',
  'workspace_id',
  'access_count',
  'last_accessed_at',
  'created_at',
  'updated_at',
] as const satisfies readonly (keyof Memory)[]

/** An export as the control API shows it. */
export type ExportView = {
  id: string
  status: string
  created_at: string
  updated_at: string
  workspaceId: string
  behavior: Record<string, unknown>
  nextAt: string | null
  expiresAt: string | null
  progress: { rows: number; total: number | null }
  file: { key: string; bytes: number } | null
  attempts: number
  timeline: { at: string; status: string }[]
}

/** The text of a new export's file. Throws where there is none to download. */
export async function fileText({ memsolus }: TestSandbox, query: Query = {}): Promise<string> {
  const { id } = await memsolus.finished(query)
  const { status, text } = await memsolus.download(id)
  if (status !== 200) throw new Error(`A download was answered with ${status}: ${text}`)
  return text
}

/** The memories in a new export. */
export async function exportedMemories(sandbox: TestSandbox, query: Record<string, string> = {}): Promise<Memory[]> {
  return JSON.parse(await fileText(sandbox, { ...query, format: 'json' })) as Memory[]
}

/** The ids of the memories in a new export. */
export async function exportedIds(sandbox: TestSandbox, query: Record<string, string> = {}): Promise<string[]> {
  return (await exportedMemories(sandbox, query)).map(({ id }) => id)
}
