/** The stay import as a task for a worker thread. */
import type { KeyObject } from 'node:crypto'
import type { Day } from '../domain/day.ts'
import { createPseudonyms } from '../journal/segment/seal.ts'
import type { Tools } from '../offload/task.ts'
import { type ImportResult, importStays } from './import.ts'
import type { StayNumbers } from './stay-numbers.ts'

/** Parameters of an import. */
export interface StaysQuestion {
  /** Day that decides which area tables are in force. */
  readonly today: Day
  /** Key for the pseudonyms of persons. */
  readonly pseudonymKey: KeyObject
  readonly stays: StayNumbers
}

/** Imports the uploaded file. @throws as `importStays` */
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
