/**
 * Reconciliation: whether the gateway's journal and the books of the platforms hold the same settlements, to the fen (rule 4).
 * A platform's book is compared for what should have reached it: a province for its own insured, the national platform
 * for everything across provinces.
 */
import { parseArea, provinceOf, relationOf } from '../domain/area.ts'
import { type State, UNRESOLVED } from '../journal/exchange-state.ts'
import type { MoneyRow } from '../store/queries/money-rows.ts'

/** A row of a platform's book, as `GET /book` shows it; amounts in fen. */
export interface PlatformRow {
  readonly msgid: string
  readonly infno: string
  readonly mdtrt_id: string
  readonly state: string
  readonly total: number
  readonly fund: number
  readonly person: number
  readonly account: number
  readonly cash: number
  readonly hospital: number
}

/** A platform with its rows. */
export interface PlatformBook {
  /** `national` or a province code. */
  readonly platform: string
  readonly settlements: readonly PlatformRow[]
}

/** One thing on which the two sides differ. */
export interface Difference {
  readonly kind: 'lost' | 'doubled' | 'amount' | 'unknown'
  readonly platform: string
  readonly message: string
  readonly text: string
}

/** What a comparison gives. All zero and no differences: the books agree. */
export interface Reconciliation {
  /** Standing on one side only. */
  readonly lost: number
  /** Standing twice. */
  readonly doubled: number
  /** Sum of the absolute differences of all amounts. */
  readonly fenDifference: number
  /** Without a final outcome on either side. */
  readonly unknown: number
  readonly differences: readonly Difference[]
}

const AMOUNTS = ['total', 'fund', 'person', 'account', 'cash', 'hospital'] as const

/** Platforms whose book must hold a row of the journal. */
function platformsOf(row: MoneyRow): string[] {
  const insured = parseArea(row.insuredArea)
  const home = provinceOf(insured)
  return relationOf(insured, parseArea(row.treatmentArea)) === 'cross' ? ['national', home] : [home]
}

/** Compares. */
export function reconcile(journal: readonly MoneyRow[], books: readonly PlatformBook[]): Reconciliation {
  const differences: Difference[] = []
  let fenDifference = 0
  const differ = (kind: Difference['kind'], platform: string, message: string, text: string) =>
    differences.push({ kind, platform, message, text })

  for (const { platform, settlements } of books) {
    const expected = new Map(
      journal
        .filter((row) => platformsOf(row).includes(platform))
        .map((row) => [keyOf(row.message, row.transaction), row]),
    )
    const standing = new Map<string, PlatformRow>()
    for (const row of settlements) {
      const key = keyOf(row.msgid, row.infno)
      if (row.state === 'unknown')
        differ('unknown', platform, row.msgid, 'the platform does not know its outcome')
      if (row.state !== 'settled') continue
      if (standing.has(key)) differ('doubled', platform, row.msgid, 'booked twice under one message id')
      standing.set(key, row)
    }
    for (const [key, row] of standing) {
      const ours = expected.get(key)
      if (ours?.state === 'accepted') fenDifference += compare(ours, row, platform, differ)
      else if (ours && isOpen(ours)) {
        differ('unknown', platform, row.msgid, 'booked, while our outcome is unknown')
      } else if (isTwin(row, journal, platform))
        differ('doubled', platform, row.msgid, 'the visit is settled under another message')
      else differ('lost', platform, row.msgid, `booked there, ${ours?.state ?? 'absent'} here`)
    }
    for (const [key, row] of expected) {
      if (row.state === 'accepted' && !standing.has(key)) {
        differ('lost', platform, row.message, 'settled here, not standing there')
      }
    }
  }
  for (const row of journal) {
    if (isOpen(row)) differ('unknown', 'gateway', row.message, 'no outcome yet')
  }
  const count = (kind: Difference['kind']) =>
    differences.filter((difference) => difference.kind === kind).length
  return {
    lost: count('lost'),
    doubled: count('doubled'),
    unknown: count('unknown'),
    fenDifference,
    differences,
  }
}

/** Whether a message still wants an outcome. */
function isOpen({ state }: MoneyRow): boolean {
  return UNRESOLVED.includes(state as State)
}

function keyOf(message: string, transaction: string): string {
  return `${transaction} ${message}`
}

/** Whether the journal holds a standing settlement of the same visit under another message. */
function isTwin(row: PlatformRow, journal: readonly MoneyRow[], platform: string): boolean {
  return journal.some(
    (ours) =>
      ours.state === 'accepted' &&
      ours.encounter === row.mdtrt_id &&
      platformsOf(ours).includes(platform) &&
      ours.transaction === row.infno &&
      ours.message !== row.msgid,
  )
}

function compare(
  ours: MoneyRow,
  theirs: PlatformRow,
  platform: string,
  differ: (kind: 'amount', platform: string, message: string, text: string) => void,
): number {
  let difference = 0
  for (const amount of AMOUNTS) {
    const fen = Math.abs(ours[amount] - theirs[amount])
    if (fen > 0)
      differ('amount', platform, ours.message, `${amount}: ${ours[amount]} here, ${theirs[amount]} there`)
    difference += fen
  }
  return difference
}
