/** What must not be in a report, whatever a service answers. */
export const SECRETS = /Initech|Bill|555|u-77|tickets|msk_live/

const MEMORIES = [
  { id: 'm2', memory: 'Bill of "Initech"\ncalls 555', user_id: 'u-77', metadata: { tickets: ['Bill'] } },
  { id: 'm1', memory: 'Initech again', user_id: null, metadata: {} },
]

type Answer = { status: number; body?: unknown; text?: string; headers?: Record<string, string> }

export type ForeignOptions = {
  key: string
  /** Whether it makes exports of what others would refuse. */
  isLenient?: boolean
  /** What its answers say otherwise, by the beginning of `GET /v1/…`. */
  answers?: Record<string, Answer>
  /** The statuses that an export has, poll by poll. */
  statuses?: readonly string[]
}

/**
 * A Memsolus Exports API that keeps to what is documented, and does otherwise where nothing is: lists in `exports`, lines
 * that end in LF, one line of JSON, whole seconds, a charset.
 */
export function foreignService({
  key,
  isLenient = false,
  answers = {},
  statuses = ['PENDING', 'READY'],
}: ForeignOptions) {
  const exports: { id: string; format: string; polls: number }[] = []
  const show = ({ id, format, polls }: (typeof exports)[number]) => ({
    ...{ id, format, status: statuses[Math.min(polls, statuses.length) - 1] ?? 'PENDING' },
    ...{ user_id: null, agent_id: null, session_id: null, priority: null, categories: null, created_after: null },
    ...{ created_before: null, created_at: '2026-01-01T00:00:00Z', updated_at: '2026-01-01T00:00:00Z' },
  })

  function answer(method: string, { pathname, searchParams }: URL, given: string | null): Answer {
    const [, version, name, id, below] = pathname.split('/')
    if (given !== key) return refuse(401, 'NO_KEY')
    if (version !== 'v1' || name !== 'exports') return refuse(404, 'NO_PATH')
    if (id === undefined && method === 'POST') {
      const format = searchParams.get('format') ?? 'json'
      if (!isLenient && (format === 'xml' || searchParams.has('priority'))) return refuse(400, 'BAD_REQUEST')
      const made = { id: `00000000-0000-4000-8000-00000000000${exports.length + 1}`, format, polls: 0 }
      exports.push(made)
      return { status: 202, body: show(made) }
    }
    if (id === undefined) {
      const size = Number(searchParams.get('page_size') ?? 20) || 20
      return { status: 200, body: { exports: exports.slice(0, size).map(show) } }
    }
    const found = exports.find((each) => each.id === id)
    if (!found) return refuse(404, 'EXPORT_NOT_FOUND')
    if (below === undefined) {
      found.polls += 1
      return { status: 200, body: show(found) }
    }
    if (show(found).status !== 'READY') return refuse(409, 'EXPORT_NOT_READY')
    const [type, text] =
      found.format === 'csv'
        ? [
            'text/csv',
            ['id,memory', ...MEMORIES.map((each) => `${each.id},"${each.memory.replaceAll('"', '""')}"`)].join('\n'),
          ]
        : ['application/json', JSON.stringify(MEMORIES)]
    const headers = { 'content-type': `${type}; charset=utf-8`, 'content-disposition': 'attachment' }
    return { status: 200, text: `${text}`, headers }
  }

  const fetch = async (input: string | URL | Request, init: RequestInit = {}) => {
    const url = new URL(`${input}`)
    const method = init.method ?? 'GET'
    const special = Object.entries(answers).find(([begin]) => `${method} ${url.pathname}`.startsWith(begin))
    const { status, body, text, headers } =
      special?.[1] ?? answer(method, url, new Headers(init.headers).get('x-api-key'))
    return new Response(method === 'HEAD' ? '' : (text ?? JSON.stringify(body)), {
      status,
      ...(headers && { headers }),
    })
  }
  return { exports, fetch }
}

function refuse(status: number, error: string): Answer {
  return { status, body: { error, message: 'It was refused' } }
}
