import type { Outcome, Report, Result } from '../run.ts'

const shown: readonly Outcome[] = ['passed', 'failed', 'differs', 'skipped']

/** `64 passed, 1 failed, 2 skipped` */
export function sumUp({ counts }: Report): string {
  const parts = shown.filter((outcome) => counts[outcome] > 0).map((outcome) => `${counts[outcome]} ${outcome}`)
  return parts.join(', ') || 'no cases'
}

/** `S-PAGE-2, documented under “Limits”` */
export function sourceOf({ rules, source, section }: Result): string {
  return source === 'documented'
    ? `${rules.join(', ')}, documented under “${section}”`
    : `${rules.join(', ')}, chosen where “${section}” says nothing`
}

/** The results of each API, in the order they came. */
export function byApi({ results }: Report): Map<string, Result[]> {
  const groups = new Map<string, Result[]>()
  for (const result of results) groups.set(result.api, [...(groups.get(result.api) ?? []), result])
  return groups
}
