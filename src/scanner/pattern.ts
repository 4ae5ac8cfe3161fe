/**
 * Regular expressions over bytes, for the few plain patterns of the wire: a whole text of digits, listed or literal ASCII
 * characters, each repeated a number of times, and optional groups; and for the calendar, by hand. Anything else is left
 * to `RegExp` over a copy.
 */
import { CALENDAR } from './calendar.ts'

/** Whether the bytes from `start` to `end` match the whole pattern. */
export type Matcher = (bytes: Uint8Array, start: number, end: number) => boolean

/** One step of a pattern: a class of bytes so many times, or a group that may be left out. */
interface Step {
  readonly class: Uint8Array
  readonly min: number
  readonly max: number
  /** The steps of a group; null for a class. */
  readonly optional: readonly Step[] | null
}

/**
 * Compiles a pattern.
 *
 * @param source of a regular expression without flags, anchored at both ends
 */
export function compilePattern(source: string): Matcher {
  const written = CALENDAR.get(source)
  if (written) return written
  const steps = parse(source)
  if (!steps) {
    const expression = new RegExp(source)
    return (bytes, start, end) =>
      expression.test(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString())
  }
  return (bytes, start, end) => run(steps, bytes, start, end) === end
}

/** Greedy, without going back: `parse` lets through only what needs none. @returns the position after, −1 for no match */
function run(steps: readonly Step[], bytes: Uint8Array, start: number, end: number): number {
  let at = start
  for (let index = 0; index < steps.length; index += 1) {
    const step = steps[index]!
    if (step.optional !== null) {
      const after = run(step.optional, bytes, at, end)
      if (after >= 0) at = after
      continue
    }
    const members = step.class
    const last = Math.min(end, at + step.max)
    const first = at
    while (at < last && members[bytes[at]!] === 1) at += 1
    if (at - first < step.min) return -1
  }
  return at
}

const NO_BYTES = new Uint8Array(256)
const DIGITS = '0123456789'
const TOKEN = /^(?:\\d|\\\.|\[([^\]\\]*)\]|[A-Za-z0-9:_ -])/
const COUNT = /^(?:\{(\d+)(?:,(\d+))?\}|\?)/

/** The steps of a pattern; null where it is not of the plain kind. */
function parse(source: string): Step[] | null {
  if (!source.startsWith('^') || !source.endsWith('$')) return null
  const state = { rest: source.slice(1, -1) }
  const steps = sequence(state)
  return steps && state.rest === '' && needsNoWayBack(steps) ? steps : null
}

function sequence(state: { rest: string }): Step[] | null {
  const steps: Step[] = []
  while (state.rest !== '' && !state.rest.startsWith(')')) {
    const step = group(state) ?? single(state)
    if (!step) return null
    steps.push(step)
  }
  return steps
}

function group(state: { rest: string }): Step | null {
  const open = /^\((?:\?:)?(?!\?)/.exec(state.rest)
  if (!open) return null
  const inside = { rest: state.rest.slice(open[0].length) }
  const optional = sequence(inside)
  if (!optional || !inside.rest.startsWith(')?')) return null
  state.rest = inside.rest.slice(2)
  return { class: NO_BYTES, min: 0, max: 1, optional }
}

function single(state: { rest: string }): Step | null {
  const token = TOKEN.exec(state.rest)
  if (!token) return null
  const members = classOf(token[0], token[1])
  if (!members) return null
  state.rest = state.rest.slice(token[0].length)
  const count = COUNT.exec(state.rest)
  state.rest = state.rest.slice(count?.[0].length ?? 0)
  if (!count) return { class: members, min: 1, max: 1, optional: null }
  if (count[0] === '?') return { class: members, min: 0, max: 1, optional: null }
  return { class: members, min: Number(count[1]), max: Number(count[2] ?? count[1]), optional: null }
}

function classOf(token: string, listed: string | undefined): Uint8Array | null {
  // Ranges are not needed by any pattern of the wire.
  if (listed !== undefined && (listed.includes('-') || listed.startsWith('^'))) return null
  const characters = token === '\\d' ? DIGITS : token === '\\.' ? '.' : (listed ?? token)
  const members = new Uint8Array(256)
  for (const character of characters) members[character.charCodeAt(0)] = 1
  return members
}

/** Whether greedy is right: what may be left out or repeated shares no byte with what may follow it. */
function needsNoWayBack(steps: readonly Step[]): boolean {
  return steps.every((step, index) => {
    const follows = firstOf(steps.slice(index + 1))
    if (step.optional !== null) {
      return (
        needsNoWayBack([...step.optional]) &&
        !shares(firstOf(step.optional), follows) &&
        !tailShares(step.optional, follows)
      )
    }
    return step.min === step.max || !shares(step.class, follows)
  })
}

function tailShares(steps: readonly Step[], follows: Uint8Array): boolean {
  const last = steps.at(-1)
  if (!last) return false
  if (last.optional !== null) return tailShares(last.optional, follows)
  return last.min !== last.max && shares(last.class, follows)
}

/** The bytes with which a sequence may begin. */
function firstOf(steps: readonly Step[]): Uint8Array {
  const first = new Uint8Array(256)
  for (const step of steps) {
    const members = step.optional !== null ? firstOf(step.optional) : step.class
    for (let byte = 0; byte < 256; byte += 1) if (members[byte]) first[byte] = 1
    if (step.optional === null && step.min > 0) break
  }
  return first
}

function shares(one: Uint8Array, other: Uint8Array): boolean {
  return one.some((member, byte) => member === 1 && other[byte] === 1)
}
