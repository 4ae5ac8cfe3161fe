/** The tables of the report. */
import { SPENDERS } from '../recorder.ts'
import type { Row, Summary } from '../summary.ts'
import { both, escaped, milliseconds, table, whole } from './html.ts'
import { destinationName, OUTCOME_WORDS, PHASES, SPENDER_WORDS, type Text, TRANSACTIONS } from './words.ts'

const COUNTS: readonly Text[] = [
  { zh: '报文', en: 'messages' },
  ...(['yes', 'refused', 'unsent', 'unclear'] as const).map((outcome) => OUTCOME_WORDS[outcome]!),
]
const TIMES: readonly Text[] = ['p50', 'p99', 'p99.9'].map((name) => ({ zh: name, en: '' }))
const SPENT: readonly Text[] = SPENDERS.map((spender) => SPENDER_WORDS[spender]!)

const counts = ({ messages, yes, refused, unsent, unclear }: Row) =>
  [messages, yes, refused, unsent, unclear].map(whole)
const times = ({ p50, p99, p999 }: Row) => [p50, p99, p999].map(milliseconds)
const spent = (row: Row) => SPENDERS.map((spender) => milliseconds(row.spent[spender]))

/** By transaction. */
export function transactionTable({ byTransaction }: Summary): string {
  const rows = byTransaction.map((row) => {
    const name = `<b>${escaped(row.name)}</b> ${TRANSACTIONS[row.name] ?? ''}`
    return [name, ...counts(row), ...times(row), ...spent(row)]
  })
  return table([{ zh: '交易', en: 'transaction' }, ...COUNTS, ...TIMES, ...SPENT], rows)
}

/** By destination, which is the insured province across provinces. */
export function destinationTable({ byDestination }: Summary): string {
  const rows = byDestination.map((row) => [
    escaped(destinationName(row.name)),
    ...counts(row),
    ...times(row),
    ...spent(row),
  ])
  return table([{ zh: '目的地', en: 'destination' }, ...COUNTS, ...TIMES, ...SPENT], rows)
}

/** Before, during and after darkness, or the tenths of a drift; empty for a run of one piece. */
export function phaseTable({ byPhase }: Summary): string {
  const rows = byPhase.filter(({ phase }) => phase in PHASES)
  if (rows.length === 0) return ''
  return table(
    [{ zh: '省', en: 'province' }, { zh: '阶段', en: 'phase' }, ...COUNTS, ...TIMES],
    rows.map((row) => [
      escaped(destinationName(row.name)),
      both(PHASES[row.phase]!),
      ...counts(row),
      ...times(row),
    ]),
    2,
  )
}

/** Why a no was said, most frequent first. */
export function reasonTable({ reasons }: Summary): string {
  if (reasons.length === 0) return '<p>没有。 <span lang="en">None.</span></p>'
  return table(
    [
      { zh: '结果', en: 'outcome' },
      { zh: '原因', en: 'reason' },
      { zh: '原文', en: 'as told' },
      { zh: '次数', en: 'times' },
    ],
    reasons.map(({ outcome, code, text, title, count }) => [
      both(OUTCOME_WORDS[outcome]!),
      escaped(code) || '–',
      `${escaped(text)}${title ? ` <span lang="en">${escaped(title)}</span>` : ''}`,
      whole(count),
    ]),
    3,
  )
}

/** What happened when. */
export function eventTable({ events }: Summary): string {
  return table(
    [
      { zh: '时刻', en: 'at' },
      { zh: '事件', en: 'event' },
    ],
    events.map(({ atMs, zh, en }) => [`${(atMs / 1000).toFixed(1)} s`, both({ zh, en })]),
    2,
  )
}
