/** Decides when a long-running command stops: on a signal, or when its parent process has gone. */
import { once } from 'node:events'

/** Interval of checks for the parent process. */
const LOOK_MS = 500

/**
 * Resolves on SIGTERM and SIGINT, when the channel to a parent closes, and when the parent process has ended: npm
 * signals the shell between it and us, which then ends without telling us.
 */
export async function untilEnded(): Promise<void> {
  const parent = process.ppid
  const orphaned = new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      if (process.ppid === parent) return
      clearInterval(timer)
      resolve()
    }, LOOK_MS)
    timer.unref()
  })
  await Promise.race([
    once(process, 'SIGTERM'),
    once(process, 'SIGINT'),
    orphaned,
    ...(process.send ? [once(process, 'disconnect')] : []),
  ])
}
