/** What the hospitals have sent that moves money, and what they were told: their side of the books. */
import { TRANSACTIONS } from '../kills/points.ts'
import type { Request, Yes } from './request.ts'

/** A message of money as its hospital knows it. */
export interface Money {
  readonly request: Request
  /** UTC milliseconds at which it was first sent. */
  readonly since: number
  /** `by hand`: after a restore somebody has looked at the platform and told the hospital. */
  state: 'under way' | 'yes' | 'no' | 'unknown' | 'by hand'
  /** UTC milliseconds at which its state was told. */
  at: number
  yes: Yes | null
  /** Code of the no that it was told. */
  code: string
}

const MONEY: ReadonlySet<string> = new Set(TRANSACTIONS)

/** Whether a transaction moves money. */
export const movesMoney = (transaction: string) => MONEY.has(transaction)

/** The ledger. */
export class Ledger {
  readonly rows: Money[] = []
  /** What did not hold, for people. */
  readonly faults: string[] = []
  /** Told each as it comes: a schedule takes an hour. */
  onFault: (text: string) => void = () => {}
  /** Requests that were sent again, contradicted, or sent by two callers at once. */
  readonly tried = { again: 0, contrary: 0, twice: 0 }
  /** Counts the restores: what was told before one may be asked for no more. */
  epoch = 0
  /** Keys of requests that a restore has forgotten and no platform has booked. */
  readonly mayLeaveAgain = new Set<string>()
  /** The last question of a hospital, which moves nothing. */
  question: Request | null = null
  #told = 0
  #toldAt = 0

  begin(request: Request): Money {
    const row: Money = { request, since: Date.now(), state: 'under way', at: 0, yes: null, code: '' }
    this.rows.push(row)
    return row
  }

  tell(row: Money, state: Money['state'], more: Partial<Pick<Money, 'yes' | 'code'>> = {}): void {
    // What was told by hand stays so.
    if (row.state === 'by hand') return
    Object.assign(row, { state, at: Date.now(), ...more })
    this.#toldAt = row.at
    if (state === 'yes') this.#told += 1
  }

  fault(text: string): void {
    this.faults.push(text)
    this.onFault(text)
  }

  /** How many were told a yes so far. */
  get told(): number {
    return this.#told
  }

  /** UTC milliseconds at which the last answer was told. */
  get toldAt(): number {
    return this.#toldAt
  }

  get underWay(): number {
    // The last ones are the only ones that can be: counters send one after another.
    return this.rows.slice(-200).filter(({ state }) => state === 'under way').length
  }
}
