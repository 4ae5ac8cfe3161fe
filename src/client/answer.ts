/** The answer to a message, as a hospital system sees it. */

/** Result of one message. */
export type HospitalAnswer =
  | { readonly is: 'yes'; readonly output: Record<string, unknown>; readonly bytes: string }
  | ({ readonly is: 'no'; readonly bytes: string } & Refusal)
  | { readonly is: 'unknown'; readonly text: string }

/** Content of a refusal. */
interface Refusal {
  /** Failure reason `E101` …, empty if there is none. */
  readonly reason: string
  /** Problem code of the gateway (`outcome-unknown` …), empty if there is none; programs decide by it. */
  readonly code: string
  /** For the cashier; never compared. */
  readonly text: string
}

/** Prefix of the text: the failure reason, and the problem code from the header. */
const HEAD = /^(?:(E\d{3})\s*)?(?:\[[a-z-]+\]\s*)?/

/** An answer as if it had an envelope: those to 4261 to 4263 are `{code,type,message,data}`. */
export function enveloped(answer: Record<string, unknown>): Record<string, unknown> {
  if (answer.infcode !== undefined || answer.code === undefined) return answer
  return { infcode: answer.code, err_msg: answer.message, output: answer }
}

/**
 * Parses an answer: `infcode` 0 is success, everything else is not.
 *
 * @param code header `zhijie-problem`; empty if it is absent
 * @throws {SyntaxError} if it is not JSON
 */
export function readAnswer(bytes: string, code: string): Exclude<HospitalAnswer, { is: 'unknown' }> {
  const { infcode, err_msg, output } = enveloped(JSON.parse(bytes) as Record<string, unknown>)
  if (Number(infcode) === 0) return { is: 'yes', output: (output ?? {}) as Record<string, unknown>, bytes }
  const [head, reason = ''] = HEAD.exec(String(err_msg))!
  return { is: 'no', reason, code, text: String(err_msg).slice(head.length), bytes }
}
