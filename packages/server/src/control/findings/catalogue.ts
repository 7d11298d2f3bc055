export const severities = ['error', 'warning', 'note'] as const
export type Severity = (typeof severities)[number]

type Entry = {
  severity: Severity
  /** The rule that it is about; by API where that differs, null where no rule is. */
  rule: string | null | Readonly<Record<string, string>>
  meaning: string
}

/** Everything that a client can be told, in the order in which it is listed. */
const entries = {
  'auth.in-url': {
    severity: 'error',
    rule: { syft: 'S-AUTH-1', memsolus: 'M-AUTH-1' },
    meaning: 'A key is in the URL, where logs and proxies keep it. It is not read there.',
  },
  'auth.wrong-header': {
    severity: 'error',
    rule: { syft: 'S-AUTH-3', memsolus: 'M-AUTH-3c' },
    meaning: 'The key is valid, but in a header in which the API does not look for it.',
  },
  'auth.conflict': {
    severity: 'warning',
    rule: 'S-AUTH-4c',
    meaning: 'Two different keys were sent in two headers.',
  },
  'param.unknown': {
    severity: 'warning',
    rule: 'X-PARAM-1c',
    meaning: 'The call has no parameter of this name, so it has no effect.',
  },
  'param.repeated': {
    severity: 'warning',
    rule: 'X-PARAM-1c',
    meaning: 'A parameter that takes one value was given several times.',
  },
  'param.empty': {
    severity: 'note',
    rule: 'X-PARAM-1c',
    meaning: 'A parameter was given without a value.',
  },
  'time.not-a-time': {
    severity: 'error',
    rule: 'X-TIME-1c',
    meaning: 'What was sent as a time is none: `undefined`, `null`, `NaN`, digits alone or the like.',
  },
  'time.plus': {
    severity: 'error',
    rule: 'X-TIME-1c',
    meaning: 'The `+` of a zone was not encoded, and arrived as a space.',
  },
  'time.no-zone': {
    severity: 'warning',
    rule: 'X-TIME-1c',
    meaning: 'A time without a zone was read as UTC, which may not be what was meant.',
  },
  'since.future': {
    severity: 'warning',
    rule: 'S-TIME-1',
    meaning: '`since` is more than a second ahead of the server, whose updates until then are skipped.',
  },
  'since.tie': {
    severity: 'warning',
    rule: 'S-TIME-1',
    meaning:
      'A pass begins exactly where served runs end: at the latest `updatedAt`, or at that of a page’s last run. Others of the same instant never come.',
  },
  'since.seam': {
    severity: 'warning',
    rule: 'S-TIME-4c',
    meaning: '`since` is the `until` of an earlier pass: runs of exactly that instant are in neither window.',
  },
  'window.empty': {
    severity: 'warning',
    rule: 'S-TIME-4c',
    meaning: '`since` is not before `until`, so that no run can be between them.',
  },
  'cursor.not-followed': {
    severity: 'error',
    rule: 'S-PAGE-4',
    meaning: 'A new pass began although the last one had another page, which nobody asked for.',
  },
  'cursor.filters': {
    severity: 'warning',
    rule: 'S-PAGE-8c',
    meaning: 'A page was asked for with other filters than those that its cursor was made with.',
  },
  'cursor.foreign': {
    severity: 'error',
    rule: 'S-PAGE-8c',
    meaning: 'The cursor was not issued for this motion: made up, cut, changed, or of another one.',
  },
  'status.unknown': {
    severity: 'error',
    rule: 'S-STATUS-4c',
    meaning: 'No run has this status, nor does the API name it; a list of statuses is no status.',
  },
  'status.default': {
    severity: 'warning',
    rule: 'S-STATUS-1',
    meaning: 'Three passes went without `status`, so only completed runs came, and there are others.',
  },
  'limit.capped': {
    severity: 'note',
    rule: { syft: 'S-PAGE-2', memsolus: 'M-LIST-2c' },
    meaning: 'More items were asked for than a page can have.',
  },
  'pace.fast': {
    severity: 'warning',
    rule: 'S-RATE-1',
    meaning: 'A pass began less than 55 s after the one before, where the clock runs and was never moved.',
  },
  'retry.early': {
    severity: 'error',
    rule: null,
    meaning: 'The client came back earlier than the `Retry-After` of a refusal or a failure had told it.',
  },
  'retry.pointless': {
    severity: 'error',
    rule: null,
    meaning: 'A request was repeated twice or more after an answer that asking again does not change.',
  },
  'retry.hammer': {
    severity: 'warning',
    rule: null,
    meaning: 'A failed request was repeated three times or more, each time within 100 ms.',
  },
  'poll.tight': {
    severity: 'warning',
    rule: 'M-LIFE-1',
    meaning: 'An export that is not finished was asked for again within 500 ms.',
  },
  'poll.ended': {
    severity: 'warning',
    rule: 'M-LIFE-1',
    meaning: 'An export was polled twice or more after the answer that it had ended.',
  },
  'poll.download': {
    severity: 'warning',
    rule: 'M-DOWN-2',
    meaning: 'A download was tried again and again until there is a file.',
  },
  'create.again': {
    severity: 'warning',
    rule: 'M-CREATE-1',
    meaning: 'An export was created although one of the same filters is not finished or not downloaded yet.',
  },
  'create.body': {
    severity: 'error',
    rule: 'M-CREATE-7c',
    meaning: 'Filters were sent in the body, which is not read.',
  },
  'create.nothing': {
    severity: 'note',
    rule: 'M-CREATE-2',
    meaning: 'The export is empty although the workspace is not: no memory matches its filters.',
  },
  'download.late': {
    severity: 'warning',
    rule: 'M-DOWN-3',
    meaning: 'The export had expired when its file was asked for.',
  },
  'list.drift': {
    severity: 'warning',
    rule: 'M-LIST-1',
    meaning: 'An export was created between two pages of one listing, so that exports moved to the next page.',
  },
} as const satisfies Record<string, Entry>

export type FindingCode = keyof typeof entries

/** What there is to know of each code. */
export const catalogue: Readonly<Record<FindingCode, Entry>> = entries

export const codes = Object.keys(entries) as FindingCode[]

/** The rule that a finding of an API is about. */
export function ruleOf(code: FindingCode, api: string): string | null {
  const { rule } = catalogue[code]
  return typeof rule === 'string' || rule === null ? rule : (rule[api] ?? null)
}

/** All rules that a code is about. */
export function rulesOf(code: FindingCode): string[] {
  const { rule } = catalogue[code]
  if (rule === null) return []
  return typeof rule === 'string' ? [rule] : Object.values(rule)
}
