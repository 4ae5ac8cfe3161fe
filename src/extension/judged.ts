/** An input that was judged by its bytes, with what of it was read. */
import type { ClaimCode } from '../domain/claim.ts'
import type { NationalCodes } from './national-codes.ts'

/** An input validated at byte level: it is valid, and its codes can be replaced in place. */
export interface Judged {
  /** The fields listed in `reads` of the operation. */
  readonly input: Record<string, unknown>
  /** The bytes of the message with national codes in place; null if they cannot be replaced at byte level. */
  place(given: readonly ClaimCode[], codes: NationalCodes): Buffer | null
}
