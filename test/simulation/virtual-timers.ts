/**
 * The circuit breakers' library (opossum) takes its time from the globals of the process and has no port for it. While a
 * run lasts these tell virtual time, so that the real transport is part of the run. Nothing of ours reads them.
 */
import type { Timeline } from './timeline.ts'

const NAMES = ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] as const

/** What a timer of Node can do, as far as anyone asks. */
interface Handle {
  readonly cancel: () => void
  unref(): Handle
}

/** Puts virtual time in the place of the globals. @returns puts the real ones back */
export function installTimers(timeline: Timeline): () => void {
  const real = Object.fromEntries(NAMES.map((name) => [name, globalThis[name]]))
  const realNow = Date.now
  const set = (again: boolean) => (callback: () => void, ms: number) => {
    const handle: Handle = { cancel: timeline.beside(ms, callback, again), unref: () => handle }
    return handle
  }
  const clear = (handle: Handle | null | undefined) => handle?.cancel?.()
  Object.assign(globalThis, {
    setTimeout: set(false),
    setInterval: set(true),
    clearTimeout: clear,
    clearInterval: clear,
  })
  Date.now = () => timeline.now()
  return () => {
    Object.assign(globalThis, real)
    Date.now = realNow
  }
}
