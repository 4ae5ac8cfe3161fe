/** When a command that runs on should end: when it is told to, and when whoever started it is gone. */
import { once } from 'node:events'

/** How often it is looked whether the parent is still there. */
const LOOK_MS = 500

/**
 * Resolves on SIGTERM and SIGINT, when the channel to a parent closes, and when the parent process has ended: npm passes
 * a signal to the shell between it and us, which then ends without telling us.
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
