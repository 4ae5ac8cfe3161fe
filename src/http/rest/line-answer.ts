/**
 * The answer to fee lines: the split of each line as computed by the place of treatment, and the totals that the
 * settlement must repeat.
 */
import { type Fen, sumOfFen } from '../../domain/money.ts'
import { type BillSplit, splitFault } from '../../domain/settlement.ts'
import type { Message } from '../../extension/dialect.ts'
import { fenOf, type Row, rowsOf, saidYes, textOf } from './answer-values.ts'

interface SplitLine {
  readonly serial: string
  readonly totalFen: Fen | null
  readonly selfPaidFen: Fen | null
  readonly overLimitFen: Fen | null
  readonly firstSelfPayFen: Fen | null
  readonly inScopeFen: Fen | null
  readonly level: string | null
  readonly selfPayRatio: string | null
  readonly chargeCategory: string | null
  readonly priceLimitYuan: string | null
  readonly restricted: boolean | null
  readonly basicDrug: boolean | null
  readonly negotiatedDrug: boolean | null
  readonly childDrug: boolean | null
  readonly specialItem: boolean | null
  readonly directlyReported: boolean | null
  readonly text: string | null
}

/** A line with its split. @param totalFen the amount sent; null if only the answer has it */
export function splitLine(serial: string, totalFen: Fen | null, row: Row): SplitLine {
  return {
    serial,
    totalFen: fenOf(row, 'det_item_fee_sumamt') ?? totalFen,
    selfPaidFen: fenOf(row, 'fulamt_ownpay_amt'),
    overLimitFen: fenOf(row, 'overlmt_amt'),
    firstSelfPayFen: fenOf(row, 'preselfpay_amt'),
    inScopeFen: fenOf(row, 'inscp_scp_amt'),
    level: textOf(row, 'chrgitm_lv'),
    selfPayRatio: textOf(row, 'selfpay_prop'),
    chargeCategory: textOf(row, 'med_chrgitm_type'),
    priceLimitYuan: textOf(row, 'pric_uplmt_amt'),
    restricted: saidYes(row, 'lmt_used_flag'),
    basicDrug: saidYes(row, 'bas_medn_flag'),
    negotiatedDrug: saidYes(row, 'hi_nego_drug_flag'),
    childDrug: saidYes(row, 'chld_medc_flag'),
    specialItem: saidYes(row, 'list_sp_item_flag'),
    directlyReported: saidYes(row, 'drt_reim_flag'),
    text: textOf(row, 'memo'),
  }
}

/** Totals of the lines; null if a line has no readable split, or its parts do not add up. */
function sumOf(lines: readonly SplitLine[]): BillSplit | null {
  const column = (name: 'totalFen' | 'selfPaidFen' | 'overLimitFen' | 'firstSelfPayFen' | 'inScopeFen') =>
    lines.map((line) => line[name])
  const columns = {
    total: column('totalFen'),
    selfPaid: column('selfPaidFen'),
    overLimit: column('overLimitFen'),
    firstSelfPay: column('firstSelfPayFen'),
    inScope: column('inScopeFen'),
  }
  if (Object.values(columns).some((amounts) => amounts.includes(null))) return null
  const split = Object.fromEntries(
    Object.entries(columns).map(([name, amounts]) => [name, sumOfFen(amounts as Fen[])]),
  ) as unknown as BillSplit
  return splitFault(split) === null ? split : null
}

/** The body of an answer to fee lines. */
export function linesAnswer({ id, subject }: Message, output: unknown): Record<string, unknown> {
  const answered = new Map(rowsOf(output, 'result').map((row) => [textOf(row, 'feedetl_sn'), row]))
  const lines = (subject.lines ?? []).map(({ at, amount }) => splitLine(at, amount, answered.get(at) ?? {}))
  return { messageId: id, encounter: subject.encounter, lines, split: splitAnswer(sumOf(lines)) }
}

/** A split under the names of the REST API. */
export function splitAnswer(split: BillSplit | null): Record<string, number> | null {
  if (!split) return null
  return {
    totalFen: split.total,
    selfPaidFen: split.selfPaid,
    overLimitFen: split.overLimit,
    firstSelfPayFen: split.firstSelfPay,
    inScopeFen: split.inScope,
  }
}
