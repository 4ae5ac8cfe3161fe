/** What processes cost, by the system's own books: those of a process and of every process that it started. */
import { readdirSync, readFileSync } from 'node:fs'

const TICKS_A_SECOND = 100
const PAGE_BYTES = 4096

/** A process and those below it. */
function family(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  )
  return [pid, ...children.flatMap(family)]
}

function summed(pid: number, read: (pid: number) => number): number | null {
  try {
    return family(pid).reduce((sum, each) => sum + read(each), 0)
  } catch {
    return null
  }
}

/** User and system time of all threads so far, in microseconds; null if the system does not tell. */
export function cpuMicros(pid: number): number | null {
  return summed(pid, (each) => {
    const fields = readFileSync(`/proc/${each}/stat`, 'utf8').split(') ')[1]!.split(' ')
    return ((Number(fields[11]) + Number(fields[12])) * 1_000_000) / TICKS_A_SECOND
  })
}

/** Resident memory in bytes; null if the system does not tell. */
export function residentBytes(pid: number): number | null {
  return summed(pid, (each) => Number(readFileSync(`/proc/${each}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES)
}
