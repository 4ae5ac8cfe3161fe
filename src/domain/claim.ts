/** The claim (费用明细与诊断): what a hospital bills, in its own codes until they are translated. */
import type { Day } from './day.ts'
import { type Fen, isLineAmount, lineAmount } from './money.ts'

/** A code as received, always with its system (rule 9 of the design). */
export interface GivenCode {
  /** Code system: `national`, or a hospital's own system by its id. */
  readonly system: string
  readonly code: string
  /** The name sent with it; helps to find candidates. */
  readonly name?: string
}

/** The system of codes that need no map. */
export const NATIONAL_SYSTEM = 'national'

/**
 * Prefix by which a sender marks a code as national among its own codes. It precedes the code itself, so that the
 * interface needs no extra field and platforms never see it. No table has a code of this form.
 */
export const NATIONAL_MARK = 'national:'

/**
 * Parses a code that may be marked.
 *
 * @param system default system of the sender
 * @param raw `I10.x01`, or `national:I10.x00x002`; a full-width colon is accepted too
 */
export function markedCode(system: string, raw: string): { readonly system: string; readonly code: string } {
  const marked = /^\s*national\s*[:：]\s*(.+?)\s*$/i.exec(raw)
  return marked ? { system: NATIONAL_SYSTEM, code: marked[1]! } : { system, code: raw }
}

/** A code in a message parsed at byte level: its text is decoded on demand. */
export class CodeInBytes implements GivenCode {
  readonly system: string
  readonly bytes: Buffer
  readonly start: number
  readonly end: number

  /** @param start offset into the bytes, which must be UTF-8 without escapes there */
  constructor(system: string, bytes: Buffer, start: number, end: number) {
    this.system = system
    this.bytes = bytes
    this.start = start
    this.end = end
  }

  get code(): string {
    return this.bytes.toString('utf8', this.start, this.end)
  }
}

/** A code of a claim and its place. Decoding a message lists all of them, and each is translated if possible. */
export interface ClaimCode {
  /** Id of its codebook, or a name for several (`item`); the most likely one if `others` may hold it too. */
  readonly standard: string
  /** Further standards that it may belong to. */
  readonly others?: readonly string[]
  /** Its place in the sender's terms: line number (`F1`), row or node (`diseinfo[0]`, `data`). */
  readonly at: string
  /** National name of the field that holds it. */
  readonly field: string
  /** The day on which it must be valid; null if the message gives none. */
  readonly day: Day | null
  readonly given: GivenCode
  /**
   * Failure reason of the whole message if it cannot be translated; absent: it is passed on unchanged with a warning.
   */
  readonly refuses?: 'E501' | 'E502'
  /** Its row only takes back an earlier one, so it never causes a refusal. */
  readonly withdrawn?: true
  /**
   * If one local code means several national ones together: `rows` adds rows for the further ones; `first` has room
   * for only one, and the others are placed elsewhere. Absent: such a code cannot be used.
   */
  readonly several?: 'rows' | 'first'
  /** It was marked (`NATIONAL_MARK`); the mark is not sent to a platform. */
  readonly marked?: true
  /** The field for the national code, if it differs. */
  readonly nationalField?: string
  /** Amount of its line; absent if it has none. */
  readonly amount?: Fen
}

/** One fee line `feedetail` (费用明细): the code of a service and its amount. */
export interface ClaimLine extends ClaimCode {
  /** Line number `feedetl_sn` (费用明细流水号): unique in the encounter. */
  readonly at: string
  /** Line that this negative line takes back, `init_feedetl_sn` (原费用流水号). */
  readonly original?: string
  /** Day of the fee, from `fee_ocur_time`. */
  readonly day: Day
  /** Unit price `pric` in 10⁻⁶ yuan (`PRICE`); NaN if it is not a number. */
  readonly price: number
  /** Quantity `cnt` in 10⁻⁴ (`QUANTITY`), negative in a refund; NaN if it is not a number. */
  readonly quantity: number
  /** Amount of the line `det_item_fee_sumamt`. */
  readonly amount: Fen
}

/** A fault of one line or code of a claim. */
export interface LineFault {
  /** Its place: `F1` (line number) or `diag 1`. */
  readonly at: string
  /** The faulty national field. */
  readonly field: string
  /** Failure reason: E501 item code, E502 diagnosis code, E503 amounts. */
  readonly reason: 'E501' | 'E502' | 'E503'
  /** Chinese sentence for the cashier. */
  readonly text: string
  /** Nearest codes, best first; empty if the fault is not about codes. */
  readonly candidates: readonly { readonly code: string; readonly name: string }[]
}

/**
 * Checks a single line: price × quantity, signs, and that a negative line names its original. Source:
 * docs/facts/cross-region.md, Money: `| pric × cnt − amt | ≤ 0.01`; a refund line has a positive price and negative
 * quantity and amount, and points to the original [F: R2].
 */
export function lineFault(line: ClaimLine): LineFault | null {
  const amount = lineAmount(line.price, line.quantity)
  if (amount === null) {
    return amountFault(line, 'pric', '单价最多六位小数、数量最多四位小数，金额不得过大')
  }
  if (line.price < 0) return amountFault(line, 'pric', '单价不能为负，退费请用负数量')
  if (amount !== line.amount && !isLineAmount(line.price, line.quantity, line.amount)) {
    return amountFault(line, 'det_item_fee_sumamt', '金额不等于单价乘以数量')
  }
  if (line.amount < 0 && !line.original) {
    return amountFault(line, 'init_feedetl_sn', '负数明细须填写原费用流水号init_feedetl_sn')
  }
  return null
}

function amountFault({ at }: ClaimLine, field: string, text: string): LineFault {
  return { at, field, reason: 'E503', text, candidates: [] }
}
