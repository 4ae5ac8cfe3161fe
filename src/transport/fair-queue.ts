/**
 * The queue of a channel. Every institution has a line of its own and the lines take turns, so that an institution that
 * floods a destination delays its own calls only. Recovery has one line, whichever institution's message it asks about.
 */
import { type Call, CallList } from './call.ts'

/** Calls in all lines together. */
export const WAITING_MAX = 64
/** Calls of recovery: they never give way, so they may not fill the queue. */
const RECOVERY_MAX = 16
/** Name of recovery's line; no institution has this name. */
const RECOVERY = '\u0000recovery'

/** The calls of one institution, in the order in which they came. */
class Line {
  readonly calls = new CallList()
  length = 0
}

/** The queue of one channel. Every operation takes constant time. */
export class FairQueue {
  /** Lines that are not empty; the first has the next turn. */
  readonly #lines = new Map<string, Line>()
  /** Lines that may have to give way, by length. */
  readonly #byLength: readonly Set<Line>[] = Array.from({ length: WAITING_MAX + 1 }, () => new Set<Line>())
  #longest = 0
  #size = 0

  /** Calls in the queue. */
  get size(): number {
    return this.#size
  }

  /**
   * Adds a call. If the queue is full, the last call of the longest line gives way to a call of a shorter line.
   *
   * @returns the call without a place: null, another one, which was removed, or this one, which was not added
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

  /** Removes the first call of the line whose turn it is; that line has the last turn then. */
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

  /** Removes a call. */
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
