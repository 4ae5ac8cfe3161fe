/** How far a bench is: a bar on a terminal with the time that is left, a line a step elsewhere. */
import { SingleBar } from 'cli-progress'

/** A part of a run. */
export interface Steps {
  /** Begins the next step. */
  step(label: string): void
  /** Where the steps are many and quick: how many are done. */
  at(done: number, label: string): void
  end(): void
}

/** Shows parts. */
export interface Progress {
  begin(title: string, total: number): Steps
  /** Ends what broke off. */
  end(): void
}

const FORMAT = '{title} {bar} {percentage} %  {label}  about {eta_formatted} left'
const LINE_EVERY_MS = 10_000

/** Shows on the error output. */
export function createProgress(): Progress {
  const { stderr } = process
  let shown: SingleBar | null = null
  return {
    end: () => shown?.stop(),
    begin(title, total) {
      if (!stderr.isTTY) return lines(title, total)
      const bar = new SingleBar({ stream: stderr, clearOnComplete: true, format: FORMAT, etaBuffer: 20 })
      shown = bar
      let done = -1
      bar.start(total, 0, { title, label: '' })
      return {
        step(label) {
          done += 1
          bar.update(done, { label })
        },
        at: (value, label) => bar.update(value, { label }),
        end: () => bar.stop(),
      }
    },
  }
}

function lines(title: string, total: number): Steps {
  let done = 0
  let last = 0
  return {
    step(label) {
      done += 1
      process.stderr.write(`${title} ${done}/${total}: ${label}\n`)
    },
    at(value, label) {
      if (performance.now() - last < LINE_EVERY_MS) return
      last = performance.now()
      process.stderr.write(`${title} ${value}/${total}: ${label}\n`)
    },
    end() {},
  }
}
