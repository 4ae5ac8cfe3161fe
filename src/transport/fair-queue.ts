/**
 * Calls that wait for room at a channel. Every institution has a line of its own and each gets a turn after the other, so
 * that one which floods a destination waits behind its own calls and not the others behind them. Recovery has a line as well,
 * whoever's message it asks about.
 */
import { type Call, CallList } from './call.ts'

/** Calls that wait altogether. */
export const WAITING_MAX = 64
/** Of these, recovery's: what it asks keeps its place, so it may not take everybody's. */
const RECOVERY_MAX = 16
/** Name of recovery's line; no institution has it. */
const RECOVERY = '\u0000recovery'

/** What waits of one institution, in the order in which it came. */
class Line {
  readonly calls = new CallList()
  length = 0
}

/** The queue of one channel. Whatever is done to it costs the same, however many wait. */
export class FairQueue {
  /** Only those in which something waits; the first has the next turn. */
  readonly #lines = new Map<string, Line>()
  /** Those that may have to give way, by length. */
  readonly #byLength: readonly Set<Line>[] = Array.from({ length: WAITING_MAX + 1 }, () => new Set<Line>())
  #longest = 0
  #size = 0

  /** How many wait. */
  get size(): number {
    return this.#size
  }

  /**
   * Lets a call wait. Where there is no place left, the last of the longest line gives way to one of a shorter line.
   *
   * @returns who has no place: null, another call, which is out by now, or this one, which is not in
   */
  add(call: Call): Call | null {
    const name = lineOf(call)
    const { length } = this.#lines.get(name) ?? { length: 0 }
    if (name === RECOVERY && length >= RECOVERY_MAX) return call
    let out: Call | null = null
    if (this.#size >= WAITING_MAX) {
      if (name !== RECOVERY && length >= this.#longest) return call
      const [longest] = this.#byLength[this.#longest]!
      out = longest!.calls.last!
      this.remove(out)
    }
    const line = this.#lines.get(name) ?? new Line()
    this.#lines.set(name, line)
    line.calls.add(call)
    this.#resize(name, line, 1)
    return out
  }

  /** Takes out the first of the line whose turn it is; it is the last in turn then. */
  take(): Call | null {
    for (const [name, line] of this.#lines) {
      const call = line.calls.first!
      this.remove(call)
      if (line.length > 0) {
        this.#lines.delete(name)
        this.#lines.set(name, line)
      }
      return call
    }
    return null
  }

  /** Takes out one that waits. */
  remove(call: Call): void {
    const name = lineOf(call)
    const line = this.#lines.get(name)!
    line.calls.remove(call)
    this.#resize(name, line, -1)
    if (line.length === 0) this.#lines.delete(name)
  }

  #resize(name: string, line: Line, by: 1 | -1): void {
    this.#size += by
    if (name !== RECOVERY) {
      this.#byLength[line.length]!.delete(line)
      this.#byLength[line.length + by]!.add(line)
      if (by > 0) this.#longest = Math.max(this.#longest, line.length + 1)
      else if (this.#byLength[this.#longest]!.size === 0) this.#longest -= 1
    }
    line.length += by
  }
}

function lineOf({ sending }: Call): string {
  return sending.from === 'recovery' ? RECOVERY : sending.message.institution
}
