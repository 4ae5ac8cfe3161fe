/** What a platform answers, what a "no" of it proves, and what a refusal says. */
import type { Settlement } from '../domain/settlement.ts'

/**
 * What a platform answered. `unclear` is an answer that says that a party behind it did not answer: for money that is
 * no answer at all. `later` is a platform that says it has not passed the message on (an announced stop): it may come
 * again as it is.
 */
export type Reply =
  | {
      readonly verdict: 'yes'
      /** Under the names of the national standard; made of the bytes when someone asks for it. */
      output(): unknown
      /** What the platform warns of beside its yes (`warn_msg`); null if it does not. */
      warning(): string | null
      readonly settlement: Settlement | null
      readonly encounter: string | null
      /** Type of a file, as HTTP names it, where the answer is one in the stead of an envelope. Absent: it is none. */
      readonly fileType?: string
      /** The order that it opens, by which a later message settles. Absent: none. */
      readonly order?: string
      /** Rows of a list that the platform has not taken, where it has taken others. Absent: none. */
      readonly refused?: RefusedRows
    }
  | {
      readonly verdict: 'no'
      readonly reason: string | null
      readonly text: string
      /** The platform has surely done nothing, whatever its sentence says: an HTTP 401. */
      readonly final?: true
    }
  | { readonly verdict: 'unclear'; readonly reason: string | null; readonly text: string }
  | { readonly verdict: 'later'; readonly reason: string | null; readonly text: string }

/** A row of a list that was refused. */
export interface RefusedRow {
  /** Its place in the list that was sent, from 0; null if the answer does not say which row it means. */
  readonly row: number | null
  /** The platform's sentence. */
  readonly text: string
}

/** What of a list was refused; all others stand. */
export interface RefusedRows {
  readonly sent: number
  readonly rows: readonly RefusedRow[]
}

/**
 * What a "no" proves. `final` — nothing was done; `silence` — a time-out or too much load is told: somebody behind did not
 * answer; `doubt` — it was answered, but nothing says that it was not done.
 */
export type Weight = 'final' | 'silence' | 'doubt'

/** How an answer came, besides its bytes. */
export interface Heard {
  /** Status of HTTP. */
  readonly status: number
  /** Headers of the answer, names in lower case; absent if the network does not tell them. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>
  /** The connection has brought these very bytes before, as the answer to what was sent on it last. */
  readonly repeated: boolean
}

/** What a refusal says: the failure reason, the code of our problem for a program, and a Chinese sentence for a person. */
export interface Told {
  readonly reason: string | null
  /** `outcome-unknown`; stays as it is whatever the sentence says. */
  readonly code?: string
  readonly text: string
}
