/**
 * Does each in turn, several times over, so that what else the machine does falls on all of them alike. Answers what each
 * gave, round by round.
 */
export async function interleave<K extends string, T>(
  subjects: Record<K, () => Promise<T>>,
  rounds: number,
): Promise<Record<K, T[]>> {
  const entries = Object.entries<() => Promise<T>>(subjects)
  const given = Object.fromEntries(entries.map(([name]): [string, T[]] => [name, []])) as Record<K, T[]>
  for (let round = 0; round < rounds; round++) {
    for (const [name, act] of entries) given[name as K].push(await act())
  }
  return given
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}

/** The median of the ratios of each round, in which a slow moment of the machine weighs less than in a ratio of medians. */
export function medianRatio(subject: readonly number[], reference: readonly number[]): number {
  return median(subject.map((value, round) => value / (reference[round] ?? Number.NaN)))
}

/** How long something takes, in milliseconds. */
export async function timed(act: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await act()
  return performance.now() - from
}
