/**
 * Waiting for another process: as long as it says how far it is there is no failure, however busy the machine; only long
 * silence is one. Meanwhile whoever waits is told for what.
 */
import type { ChildProcess } from 'node:child_process'
import { type Clock, systemClock } from './ports.ts'

/** How often is looked, and how often is said for what we wait. */
const LOOK_MS = 1000
const SAY_MS = 10_000
/** A process that says nothing for so long is stuck: each step of a start takes seconds where the machine is idle. */
export const SILENCE_MS = 180_000

/** What waiting needs. */
export interface Waiting {
  /** Who is waited for: `Platform 620000`. */
  readonly name: string
  /** Tells people for what we wait. */
  say(text: string): void
  readonly clock?: Pick<Clock, 'after'>
  /** Silence that is taken for a failure, in milliseconds in which this process ran. */
  readonly silenceMs?: number
}

/** Somebody is waited for. */
export interface Watch {
  /** It goes on. @param step what it is at, to be read after `Waiting for NAME: ` */
  heard(step: string): void
  end(): void
}

/** What a child tells on the way of its start. */
export interface StartStep {
  readonly step: string
}

/**
 * Watches a process that should go on. Time is counted by looks and not by a clock: time in which this process itself
 * did not run is nobody's silence.
 *
 * @param silent told once, where nothing was heard for too long
 */
export function watch(
  { name, say, clock = systemClock, silenceMs = SILENCE_MS }: Waiting,
  silent: (fault: Error) => void,
): Watch {
  let step = 'its first word'
  let [waitedMs, silentMs] = [0, 0]
  let cancel = clock.after(LOOK_MS, look)

  function look(): void {
    waitedMs += LOOK_MS
    silentMs += LOOK_MS
    if (silentMs >= silenceMs) {
      silent(new Error(`${name} has said nothing for ${silentMs / 1000} s; the last was: ${step}`))
      return
    }
    if (waitedMs % SAY_MS === 0) say(`Waiting for ${name}: ${step} (${waitedMs / 1000} s so far)`)
    cancel = clock.after(LOOK_MS, look)
  }

  return {
    heard(now) {
      step = now
      silentMs = 0
    },
    end: () => cancel(),
  }
}

/**
 * Waits until a child process has started. What it tells is a `StartStep`, or that it has started.
 *
 * @returns its first message that is no step
 * @throws where it ends before, cannot be started, or is silent for long
 */
export function untilStarted<Report extends object>(child: ChildProcess, waiting: Waiting): Promise<Report> {
  const { name } = waiting
  return new Promise((resolve, reject) => {
    const fail = (fault: Error) => {
      leave()
      reject(fault)
    }
    const watched = watch(waiting, fail)
    const heard = (message: Report | StartStep) => {
      if ('step' in message) return watched.heard(message.step)
      leave()
      resolve(message)
    }
    const gone = (code: number | null, signal: string | null) =>
      fail(new Error(`${name} ended with ${code === null ? `signal ${signal}` : `code ${code}`}`))
    function leave(): void {
      watched.end()
      child.off('message', heard).off('exit', gone).off('error', fail)
    }
    child.on('message', heard).once('exit', gone).once('error', fail)
  })
}

/**
 * Ends a child process as it is told to, and waits for it. One that has not ended after long is killed.
 *
 * @param silenceMs how long it may take, in milliseconds in which this process ran
 */
export function untilEndedChild(child: ChildProcess, waiting: Waiting): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    const watched = watch(waiting, ({ message }) => {
      waiting.say(`${message}. It is killed`)
      child.kill('SIGKILL')
    })
    watched.heard('its end')
    child.once('exit', () => {
      watched.end()
      resolve()
    })
    child.kill('SIGTERM')
  })
}
