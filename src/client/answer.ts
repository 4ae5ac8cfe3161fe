/** What a hospital system hears of a message. */

/** What became of one message. */
export type HospitalAnswer =
  | { readonly is: 'yes'; readonly output: Record<string, unknown>; readonly bytes: string }
  | ({ readonly is: 'no'; readonly bytes: string } & Refusal)
  | { readonly is: 'unknown'; readonly text: string }

/** What a no says. */
interface Refusal {
  /** Failure reason of the field `E101` …, empty if there is none. */
  readonly reason: string
  /** Code of the gateway's problem `outcome-unknown` …, empty if there is none: what a program decides by. */
  readonly code: string
  /** For the person at the counter; never compared. */
  readonly text: string
}

/** What stands in front of the sentence: the failure reason, and the problem as the header has it. */
const HEAD = /^(?:(E\d{3})\s*)?(?:\[[a-z-]+\]\s*)?/

/**
 * Reads an answer: success is `infcode` 0 and nothing else.
 *
 * @param code header `zhijie-problem`; empty if it is absent
 * @throws {SyntaxError} if it is no JSON
 */
export function readAnswer(bytes: string, code: string): Exclude<HospitalAnswer, { is: 'unknown' }> {
  const { infcode, err_msg, output } = JSON.parse(bytes) as Record<string, unknown>
  if (Number(infcode) === 0) return { is: 'yes', output: (output ?? {}) as Record<string, unknown>, bytes }
  const [head, reason = ''] = HEAD.exec(String(err_msg))!
  return { is: 'no', reason, code, text: String(err_msg).slice(head.length), bytes }
}
