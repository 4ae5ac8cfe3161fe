/**
 * Runs before each test file. Most files share a process with those before and after them, so each must leave it as it was:
 * environment, folder, clock, what it listens to, servers, processes and threads.
 */
import { afterAll, beforeAll, expect, vi } from 'vitest'
// It makes two globals when it is first imported, by whichever file.
import 'zod'
import { measureAnew } from './stretched.ts'

/** What keeps a process busy after its test. */
const BUSY = /^(?:TCPServerWrap|PipeServerWrap|ProcessWrap|MessagePort|FSEvent|StatWatcher)/

/** A busy machine is no failure. */
const GONE = { timeout: 60_000, interval: 10 }

function state() {
  const busy: Record<string, number> = {}
  for (const one of process.getActiveResourcesInfo()) if (BUSY.test(one)) busy[one] = (busy[one] ?? 0) + 1
  const listeners = process.eventNames().map((name) => `${String(name)} ${process.listenerCount(name)}`)
  return {
    environment: { ...process.env },
    folder: process.cwd(),
    isClockHeld: vi.isFakeTimers(),
    listeners: listeners.sort(),
    globals: Object.getOwnPropertyNames(globalThis).sort(),
    busy,
  }
}

measureAnew()
let before: ReturnType<typeof state>

beforeAll(() => {
  before = state()
})
// What is closed is gone a moment later.
afterAll(() => vi.waitFor(() => expect(state()).toEqual(before), GONE))
