/** The day for a person: tables, rates against their targets, times, and how to look further. */
import Table from 'cli-table3'
import type { Reconciliation } from '../ledger/reconciliation.ts'
import type { Percentiles, Summary, Tally } from './summary.ts'

/** Names of what stands in the tables, so that nobody must know the codes. */
const NAMES: Record<string, string> = {
  '620000': 'Gansu',
  '340000': 'Anhui',
  '640000': 'Ningxia',
  '430000': 'Hunan',
  '440000': 'Guangdong',
  inpatient: 'inpatient',
  outpatient: 'ordinary outpatient',
  chronic: 'chronic disease',
  pharmacy: 'pharmacy',
}

const REASONS: Record<string, string> = {
  E101: 'no valid filing',
  E102: 'filed for another place',
  E103: 'filing expired or not yet in force',
  E201: 'not insured or suspended',
  E301: 'institution or lane not open',
  E302: 'institution or lane suspended',
  E501: 'item not mapped',
  E502: 'diagnosis code not usable',
  E503: 'sums differ',
  E601: 'no entitlement for the disease',
  E705: 'insured place could not calculate',
}

/** Lines only under the head: tables of this length read better without a grid. */
const LINES = { 'left-mid': '', mid: '', 'mid-mid': '', 'right-mid': '' }

function tableOf(head: string[]) {
  return new Table({ head, style: { head: [], border: [], compact: true }, chars: LINES })
}

function named(key: string): string {
  return key
    .split('→')
    .map((part) => NAMES[part] ?? part)
    .join(' → ')
}

function tallyTable(title: string, tallies: Readonly<Record<string, Tally>>): string {
  const table = tableOf([title, 'settled', 'refused', 'unknown'])
  for (const [key, { settled, refused, unknown }] of Object.entries(tallies)) {
    table.push([named(key), settled, refused, unknown])
  }
  return table.toString()
}

function reasonTable(reasons: Summary['reasons']): string {
  const table = tableOf(['refused because', 'bills'])
  for (const [reason, count] of Object.entries(reasons)) {
    table.push([REASONS[reason] ? `${reason} ${REASONS[reason]}` : reason, count])
  }
  return table.toString()
}

function rateTable(rates: Summary['rates']): string {
  const head = ['area', 'rate', 'direct / all stays', '%', 'target', 'reached']
  const table = tableOf(head)
  for (const { area, indicator, numerator, denominator, rate, target, reached } of rates) {
    const share = rate === null ? '–' : rate.toFixed(2)
    const wanted = target === null ? '–' : `> ${target}`
    table.push([
      named(area),
      indicator,
      `${numerator} / ${denominator}`,
      share,
      wanted,
      reached === null ? '–' : reached ? 'yes' : 'no',
    ])
  }
  return table.toString()
}

function timeTable({ ownMs, commitMs, counterpartMs }: Summary): string {
  const table = tableOf(['milliseconds a message', 'p50', 'p90', 'p99'])
  const row = (name: string, { p50, p90, p99 }: Percentiles) =>
    table.push([name, ...[p50, p90, p99].map((value) => value.toFixed(2))])
  row("the gateway's own work", ownMs)
  row('its journal (durable commit)', commitMs)
  row('the counterparts', counterpartMs)
  return table.toString()
}

function goodsLine({ sold, refusedRows, returned, lost, doubled }: Summary['goods']): string {
  return `${sold} boxes stand sold, ${returned} came back, ${refusedRows} rows were refused; against the book of Hunan ${lost} lost, ${doubled} doubled.`
}

/** Prints the summary. */
export function printSummary(summary: Summary, agreement: Reconciliation, dataDir: string): string {
  const { settled, refused, unknown, lost, doubled, fenDifference, cancelled, sentTwice, beside } = summary
  const agreed = agreement.differences.length === 0
  return [
    '',
    tallyTable('lane', summary.byLane),
    tallyTable('insured place → place of treatment', summary.byPair),
    reasonTable(summary.reasons),
    'Direct-settlement rate of all stays in the data directory discharged today, by insured place:',
    rateTable(summary.rates),
    timeTable(summary),
    `${settled} settled (${cancelled} of them cancelled again), ${refused} refused, ${unknown} unknown; ` +
      `${sentTwice} messages sent twice, ${summary.answeredOtherwise} answered otherwise the second time.`,
    `Beside the bills: ${beside.paid} purchases out of area paid on the phone (${beside.refunded} of them given back), ` +
      `${beside.dispensed} prescription dispensed.`,
    `Journal against the six platforms' books: ${lost} lost, ${doubled} doubled, ${fenDifference} fen difference — ` +
      (agreed ? 'they agree to the fen.' : 'THEY DO NOT AGREE:'),
    ...agreement.differences
      .slice(0, 20)
      .map(({ platform, message, kind, text }) => `  ${kind} ${platform} ${message}: ${text}`),
    goodsLine(summary.goods),
    `${summary.messages} messages in ${summary.seconds.toFixed(1)} s${summary.restarts > 0 ? `; the gateway was restarted ${summary.restarts} time(s)` : ''}.`,
    '',
    'Look further:',
    '  npm start                                   the gateway and the platforms on your ports; then open /docs',
    '  npm run report -- settlement-rate --area 620000 --from 2025-01-01 --to 2030-12-31',
    '  npm run demo -- --kill                      the same day, with kill -9 of the gateway in the middle',
    '  npm run demo -- --json                      one JSON line for machines',
    `  everything that was kept lies in ${dataDir}`,
  ].join('\n')
}
