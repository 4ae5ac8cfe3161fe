/** Answers of a platform, what a refusal proves, and the content of a refusal. */
import type { Settlement } from '../domain/settlement.ts'

/**
 * Answer of a platform. `unclear` means that a party behind it did not answer, which for money is no answer at all.
 * `later` means that the platform did not pass the message on (announced downtime), so it may be sent again
 * unchanged.
 */
export type Reply =
  | {
      readonly verdict: 'yes'
      /** Output under the names of the national standard, parsed on demand. */
      output(): unknown
      /** Warning that comes with a success (`warn_msg`); null if there is none. */
      warning(): string | null
      readonly settlement: Settlement | null
      readonly encounter: string | null
      /** Content type if the answer is a file instead of an envelope. Absent: it is not. */
      readonly fileType?: string
      /** The order that it opens, which a later message settles. Absent: none. */
      readonly order?: string
      /** Rows of a list that the platform refused while it accepted others. Absent: none. */
      readonly refused?: RefusedRows
    }
  | {
      readonly verdict: 'no'
      readonly reason: string | null
      readonly text: string
      /** The platform has certainly done nothing, whatever its text says: an HTTP 401. */
      readonly final?: true
    }
  | { readonly verdict: 'unclear'; readonly reason: string | null; readonly text: string }
  | { readonly verdict: 'later'; readonly reason: string | null; readonly text: string }

/** A refused row of a list. */
export interface RefusedRow {
  /** Its index in the list that was sent, from 0; null if the answer does not identify it. */
  readonly row: number | null
  /** The platform's text. */
  readonly text: string
}

/** The refused rows of a list; all others were accepted. */
export interface RefusedRows {
  readonly sent: number
  readonly rows: readonly RefusedRow[]
}

/**
 * What a refusal proves. `final` — nothing was done; `silence` — it reports a time-out or overload, so a party behind
 * did not answer; `doubt` — there was an answer, but it does not prove that nothing was done.
 */
export type Weight = 'final' | 'silence' | 'doubt'

/** Transport details of an answer. */
export interface Heard {
  /** HTTP status. */
  readonly status: number
  /** Headers of the answer, names in lower case; absent if the transport does not provide them. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The connection delivered the same bytes before, as the previous answer. */
  readonly repeated: boolean
}

/** Content of a refusal: the failure reason, our problem code for a program, and a Chinese sentence for a person. */
export interface Told {
  readonly reason: string | null
  /** `outcome-unknown`; independent of the wording. */
  readonly code?: string
  readonly text: string
}
