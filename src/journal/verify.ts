/** Re-checks a journal. Only its shape: the check of segments is written on the archive branch. */
import type { RecordTable } from './record.ts'

/** One thing that is wrong. */
export interface Finding {
  /** Null where it is the file as a whole. */
  readonly table: RecordTable | 'chain' | null
  readonly id: number | null
  readonly wrong: string
}

/** What a re-check found. */
export interface Verification {
  readonly file: string
  readonly exchanges: number
  readonly outcomes: number
  readonly records: number
  readonly withoutChecksum: number
  readonly links: number
  readonly notLinked: number
  readonly seconds: number
  readonly first: Finding | null
  readonly more: number
}

/** Is told how far a check is. */
export type Progress = (checked: number, total: number) => void

/** @throws always, on this branch */
export function verifyJournal(file: string, _progress: Progress = () => {}): Verification {
  throw new Error(`The check of ${file} is written on the archive branch`)
}
