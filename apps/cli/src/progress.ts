import { Presets, SingleBar } from 'cli-progress'

/** How far something is that takes a while. */
export type Progress = { show(rows: number): void; end(): void }

/** A bar on stderr where that is a terminal, and lines where it is not: one for each tenth, at most. */
export function openProgress(what: string, total: number): Progress {
  const begunAt = performance.now()
  const perSecond = (rows: number) => Math.round((rows / Math.max(1, performance.now() - begunAt)) * 1000)
  if (!process.stderr.isTTY) {
    let tenth = 0
    return {
      show(rows) {
        const reached = Math.floor((rows / total) * 10)
        if (reached === tenth) return
        tenth = reached
        process.stderr.write(`${what}: ${rows} of ${total}, ${perSecond(rows)} a second\n`)
      },
      end() {},
    }
  }
  const format = `${what} [{bar}] {value}/{total}, {rate} a second, {eta_formatted} left`
  const bar = new SingleBar({ format, barsize: 20, hideCursor: null, gracefulExit: false }, Presets.legacy)
  bar.start(total, 0, { rate: 0 })
  return {
    show: (rows) => bar.update(rows, { rate: perSecond(rows) }),
    end: () => bar.stop(),
  }
}
