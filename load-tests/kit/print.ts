/** What a profile gave, on the terminal. */
import Table from 'cli-table3'
import type { ProfileRun } from './arguments.ts'
import type { Row, Summary } from './summary.ts'

const ms = (value: number | null) => (value === null ? '–' : value.toFixed(1))

function tableOf(head: string, rows: readonly Row[]): string {
  const columns = [head, 'messages', 'yes', 'refused', 'unsent', 'unclear', 'p50 ms', 'p99 ms']
  const table = new Table({
    head: columns,
    colAligns: columns.map((_, index) => (index === 0 ? 'left' : 'right')),
    style: { head: [], border: [], compact: true },
  })
  for (const { name, messages, yes, refused, unsent, unclear, p50, p99 } of rows)
    table.push([name, messages, yes, refused, unsent, unclear, ms(p50), ms(p99)])
  return table.toString()
}

/** Prints tables, events, the verdict and where the report is. */
export function printSummary({ report }: ProfileRun, summary: Summary): void {
  const { headline, byTransaction, byDestination, byPhase, events, drift } = summary
  console.log(tableOf('transaction', byTransaction))
  console.log(tableOf('destination', byDestination))
  if (byPhase.some(({ phase }) => phase !== 'whole')) {
    const rows = byPhase.map((row) => ({ ...row, name: `${row.name.replace('+', '')} ${row.phase}` }))
    console.log(tableOf('where and when', rows))
  }
  for (const { atMs, en } of events) console.log(`${(atMs / 1000).toFixed(1).padStart(8)} s  ${en}`)
  if (drift) {
    const mebibytes = drift.residentBytes.map((bytes) =>
      bytes === null ? '–' : (bytes / 2 ** 20).toFixed(0),
    )
    console.log(
      `first tenth → last: p50 ${ms(drift.p50[0])} → ${ms(drift.p50[1])} ms, p99 ${ms(drift.p99[0])} → ${ms(drift.p99[1])} ms, memory ${mebibytes.join(' → ')} MiB`,
    )
  }
  const share = headline.settledDirectlyPercent?.toFixed(1) ?? '–'
  console.log(
    `${headline.visits} visits; ${share} % of ${headline.wanted} settled directly; messages p50 ${ms(headline.p50)} ms, p99 ${ms(headline.p99)} ms`,
  )
  console.log(`report: ${report}`)
  const sums = `${headline.moneySent} messages of money, ${headline.moneyYes} answered yes at once, ${headline.standing} stand, ${headline.standingFen} fen`
  if (headline.verdict === 'void') console.log(`VOID: ${headline.faults.join('; ')}`)
  else if (headline.verdict === 'valid') console.log(`valid: ${sums} on both sides`)
  else console.log(`unproven: ${sums} at the gateway; the platforms show no book`)
}
