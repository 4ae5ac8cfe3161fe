/** The claim (费用明细与诊断): what a hospital asks to be paid for, in its own codes until they are translated. */
import type { Day } from './day.ts'
import { type Fen, isLineAmount, lineAmount } from './money.ts'

/** A code as it came: never without its system (rule 9 of the design). */
export interface GivenCode {
  /** Code system: `national`, or a hospital's own system by its id. */
  readonly system: string
  readonly code: string
  /** The name that came with it; helps to find the nearest candidates. */
  readonly name?: string
}

/** The system of codes that need no map. */
export const NATIONAL_SYSTEM = 'national'

/**
 * How a sender marks a code as national where its other codes are its own: before the code itself, so that no field is
 * added to the interface and nothing of it reaches a platform. No table has a code of this form.
 */
export const NATIONAL_MARK = 'national:'

/**
 * Reads a code that may be marked.
 *
 * @param system in which the sender speaks
 * @param raw `I10.x01`, or `national:I10.x00x002`; a full-width colon is read too
 */
export function markedCode(system: string, raw: string): { readonly system: string; readonly code: string } {
  const marked = /^\s*national\s*[:：]\s*(.+?)\s*$/i.exec(raw)
  return marked ? { system: NATIONAL_SYSTEM, code: marked[1]! } : { system, code: raw }
}

/** A code where it stands in a message that is read by its bytes: its text is made when somebody asks for it. */
export class CodeInBytes implements GivenCode {
  readonly system: string
  readonly bytes: Buffer
  readonly start: number
  readonly end: number

  /** @param start in the bytes, which must be UTF-8 and without escapes there */
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

/** A code of a claim, and where it stands. The reading of a message lists them; every one that can be is made national. */
export interface ClaimCode {
  /** Id of its codebook, or a name that stands for several (`item`); the likeliest one where `others` may hold it too. */
  readonly standard: string
  /** Further standards of which it may be. */
  readonly others?: readonly string[]
  /** Where it stands, for the sender: the number of its line (`F1`), its row or its node (`diseinfo[0]`, `data`). */
  readonly at: string
  /** National name of the field that holds it. */
  readonly field: string
  /** The day for which it is asked; null if the message names none. */
  readonly day: Day | null
  readonly given: GivenCode
  /** Failure reason of the whole message where it cannot be made national; absent: it goes on as it came, and that is told. */
  readonly refuses?: 'E501' | 'E502'
  /** Its row only takes back an earlier one: it refuses nothing. */
  readonly withdrawn?: true
  /**
   * Where one local code means several national ones together: `rows` — the further ones become rows; `first` — there is room
   * for one, and the others stand elsewhere. Absent: it cannot be used.
   */
  readonly several?: 'rows' | 'first'
  /** It came with a mark (`NATIONAL_MARK`), which is not for a platform. */
  readonly marked?: true
  /** The field for a national code, where that is another one. */
  readonly nationalField?: string
  /** Money of its line; absent if it has none of its own. */
  readonly amount?: Fen
}

/** One fee line `feedetail` (费用明细): the code of what was done, and its money. */
export interface ClaimLine extends ClaimCode {
  /** Line number `feedetl_sn` (费用明细流水号): unique in the encounter. */
  readonly at: string
  /** The line this one takes back `init_feedetl_sn` (原费用流水号), for a negative line. */
  readonly original?: string
  /** Day of the fee, from `fee_ocur_time`. */
  readonly day: Day
  /** Unit price `pric` in 10⁻⁶ yuan (`PRICE`); NaN where what came is none. */
  readonly price: number
  /** Quantity `cnt` in 10⁻⁴ (`QUANTITY`), negative in a refund; NaN where what came is none. */
  readonly quantity: number
  /** Amount of the line `det_item_fee_sumamt`. */
  readonly amount: Fen
}

/** Something wrong with one line or code of a claim. */
export interface LineFault {
  /** Where: `F1` (line number) or `diag 1`. */
  readonly at: string
  /** National field that is at fault. */
  readonly field: string
  /** Failure reason: E501 item code, E502 diagnosis code, E503 amounts. */
  readonly reason: 'E501' | 'E502' | 'E503'
  /** Chinese sentence for the person at the counter. */
  readonly text: string
  /** Nearest codes, best first; empty if codes are not the matter. */
  readonly candidates: readonly { readonly code: string; readonly name: string }[]
}

/**
 * Checks one line by itself: price × quantity, signs, and that a negative line names its original.
 * Source: docs/facts/cross-region.md, Money: `| pric × cnt − amt | ≤ 0.01`; a refund line has a positive price and negative
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
