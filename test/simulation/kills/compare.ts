/** The end of a run: the journal, the books of the platforms and what the hospitals were told must agree. */

import { type MoneyRow, readJournalBook } from '../../../src/ledger/journal-book.ts'
import { reconcile } from '../../../src/ledger/reconciliation.ts'
import type { BookPage } from '../../../src/simulator/admin.ts'
import { databaseFile, openDatabaseForReading } from '../../../src/store/database.ts'
import type { Told } from './counters.ts'

/** What the comparison gives. */
export interface Compared {
  readonly settlements: number
  /** Standing on one side only, or told to a hospital and not standing. */
  readonly lost: number
  /** Standing twice for one message or one visit. */
  readonly doubled: number
  /** Open cases and outcomes unknown on either side, at rest. */
  readonly unknownLeft: number
  readonly fenDifference: number
  /** Messages of money that were unknown at some time. */
  readonly unknownOnce: number
  /** From an intent to its final outcome, of those that were unknown in between. */
  readonly longestRecoveryMs: number
  /** What differed, for people. */
  readonly differences: readonly string[]
}

/** What the hospitals know. */
export interface HospitalSide {
  readonly told: readonly Told[]
  /** Settlements by message that a hospital has asked to reverse. */
  readonly reversing: ReadonlyMap<string, string>
}

const RECOVERED = `SELECT min(o.at) - e.at AS took FROM exchange e JOIN outcome o ON o.exchange = e.id
  WHERE o.state IN ('accepted', 'refused', 'reversed') AND e.key IS NOT NULL
    AND EXISTS (SELECT 1 FROM outcome u WHERE u.exchange = e.id AND u.state = 'unknown')
    AND e.kind IN ('settlement', 'cancellation', 'reversal') GROUP BY e.id`

/**
 * Compares, once the gateway has stopped.
 *
 * @param platforms addresses of all platforms, the national one first
 */
export async function compare(
  dataDir: string,
  platforms: readonly string[],
  hospitals: HospitalSide,
): Promise<Compared> {
  const database = openDatabaseForReading(databaseFile(dataDir))
  const rows = readJournalBook(database)
  const recovered = database.$client.prepare(RECOVERED).all() as { took: number }[]
  database.$client.close()
  const books = (await Promise.all(
    platforms.map(async (url) => (await fetch(`${url}/book`)).json()),
  )) as BookPage[]
  const agreed = reconcile(rows, books)
  const hospital = hospitalSide(books.slice(1), hospitals)
  const settles = (row: MoneyRow) => row.transaction === '2207' || row.transaction === '2304'
  return {
    settlements: rows.filter((row) => settles(row) && row.state === 'accepted').length,
    lost: agreed.lost + hospital.lost,
    doubled: agreed.doubled + hospital.doubled,
    unknownLeft: agreed.unknown,
    fenDifference: agreed.fenDifference,
    unknownOnce: recovered.length,
    longestRecoveryMs: Math.max(0, ...recovered.map(({ took }) => took)),
    differences: [
      ...agreed.differences.map(
        ({ kind, platform, message, text }) => `${kind} ${platform} ${message}: ${text}`,
      ),
      ...hospital.differences,
    ],
  }
}

/** What hospitals were told must be so in the books of the insured places, and no visit may stand twice. */
function hospitalSide(books: readonly BookPage[], { told, reversing }: HospitalSide) {
  const rows = books.flatMap((book) => book.settlements).filter((row) => row.state === 'settled')
  const standing = new Set(rows.map((row) => row.setl_id))
  const cancelled = new Set(rows.map((row) => row.init_setl_id))
  const mayBeGone = new Set(reversing.values())
  const isSo = ({ transaction, settlement }: Told) => {
    if (transaction === '2601') return !standing.has(settlement)
    if (transaction === '2208' || transaction === '2305') return cancelled.has(settlement)
    return standing.has(settlement) || mayBeGone.has(settlement)
  }
  const wrong = told.filter((one) => !isSo(one))
  const visits = new Map<string, number>()
  for (const row of rows) {
    visits.set(row.mdtrt_id, (visits.get(row.mdtrt_id) ?? 0) + (row.init_setl_id === null ? 1 : -1))
  }
  const twice = [...visits].filter(([, net]) => net > 1 || net < 0)
  return {
    lost: wrong.length,
    doubled: twice.length,
    differences: [
      ...wrong.map(({ transaction, settlement }) => `told ${transaction} ${settlement}, not so in the book`),
      ...twice.map(([visit, net]) => `visit ${visit} stands ${net} times`),
    ],
  }
}
