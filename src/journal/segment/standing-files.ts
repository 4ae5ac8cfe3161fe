/**
 * Whether the files that a running journal writes are still those that its names lead to. A file that was taken away or
 * replaced goes on taking writes, and nobody would ever read them again.
 */
import type { Clock } from '../../ports.ts'
import { HEAD_FILE } from './chain-head.ts'
import type { Files } from './files.ts'

/** Between two looks. */
const LOOK_MS = 1000
/** The lock of the data directory, as seen from the folder of the journal. */
const LOCK = '../gateway.lock'

/** What is looked at. */
export interface StandingPorts {
  readonly files: Files
  readonly clock: Pick<Clock, 'after'>
  /** Name of the segment that is written. */
  open(): string
  /** Told once, in words, when a file is not the one that it was. */
  gone(cause: Error): void
}

/** Begins to look. @returns ends it */
export function watchFiles({ files, clock, open, gone }: StandingPorts): () => void {
  const { identity } = files
  if (!identity) return () => {}
  let name = open()
  let segment = identity(name)
  const lock = identity(LOCK)
  /** Null until it was noted for the first time. Each note is another file under this name. */
  let head = identity(HEAD_FILE)
  let cancel = clock.after(LOOK_MS, look)

  function look(): void {
    if (open() !== name) {
      name = open()
      segment = identity!(name)
    }
    const lost = lostNow()
    if (lost === null) cancel = clock.after(LOOK_MS, look)
    else gone(new Error(`${files.directory}/${lost} was taken away or replaced under the running gateway`))
  }

  function lostNow(): string | null {
    if (segment === null || identity!(name) !== segment) return name
    if (lock !== null && identity!(LOCK) !== lock) return LOCK
    const before = head
    head = identity!(HEAD_FILE)
    return before !== null && head === null ? HEAD_FILE : null
  }

  return () => cancel()
}
