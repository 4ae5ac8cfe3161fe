/** A thread that gives way to those that serve. */
import { readlinkSync } from 'node:fs'
import { constants, setPriority } from 'node:os'
import { basename } from 'node:path'

/** Where others want the processor too, they have it before the thread that calls this. Only Linux has a priority for each thread. */
export function giveWay(): void {
  if (process.platform !== 'linux') return
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // A system that does not allow it shares the processor evenly.
  }
}
