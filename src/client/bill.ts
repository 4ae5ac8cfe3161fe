/** Adds up the split of the fee lines, as a hospital system does for the bill. */
import { type Fen, fenFromYuan, sumOfFen, yuanFromFen } from '../domain/money.ts'

/** The bill from the returned splits: total and four parts, in yuan. */
export function sumOfSplits(result: unknown) {
  const rows = result as Record<string, unknown>[]
  const sum = (field: string) =>
    Number(yuanFromFen(sumOfFen(rows.map((row) => fenFromYuan((row[field] ?? 0) as number) as Fen))))
  return {
    medfee_sumamt: sum('det_item_fee_sumamt'),
    fulamt_ownpay_amt: sum('fulamt_ownpay_amt'),
    overlmt_selfpay: sum('overlmt_amt'),
    preselfpay_amt: sum('preselfpay_amt'),
    inscp_scp_amt: sum('inscp_scp_amt'),
  }
}
