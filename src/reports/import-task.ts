/** The import of stays as work for another thread. */
import type { KeyObject } from 'node:crypto'
import type { Day } from '../domain/day.ts'
import { createPseudonyms } from '../journal/segment/seal.ts'
import type { Tools } from '../offload/task.ts'
import { type ImportResult, importStays } from './import.ts'
import type { StayNumbers } from './stay-numbers.ts'

/** How a file is to be taken. */
export interface StaysQuestion {
  /** By whose tables areas are known. */
  readonly today: Day
  /** What persons are made pseudonyms with. */
  readonly pseudonymKey: KeyObject
  readonly stays: StayNumbers
}

/** Takes the file that comes with the question. @throws as `importStays` */
export async function takeStays(
  { today, pseudonymKey, stays }: StaysQuestion,
  { codes, given, storeToWrite }: Pick<Tools, 'codes' | 'given' | 'storeToWrite'>,
): Promise<ImportResult> {
  const known = await codes()
  return importStays(storeToWrite(), given, {
    isKnownArea: (code) => known.lookup('area', code, today).found,
    pseudonym: createPseudonyms(pseudonymKey),
    stays,
  })
}
