/** A thread that gives way to those that serve. */
import { readlinkSync } from 'node:fs'
import { constants, getPriority, setPriority } from 'node:os'
import { basename } from 'node:path'

/**
 * Where others want the processor too, they have it before the thread that calls this. Only Linux has a priority for each thread.
 *
 * @param by how far, from 1 to 19: at 10 it gets a tenth of what an equal would, at 5 a third
 */
export function giveWay(by: number = constants.priority.PRIORITY_BELOW_NORMAL): void {
  if (process.platform !== 'linux') return
  try {
    const thread = Number(basename(readlinkSync('/proc/thread-self')))
    setPriority(thread, Math.min(constants.priority.PRIORITY_LOW, getPriority(thread) + by))
  } catch {
    // A system that does not allow it shares the processor evenly.
  }
}
