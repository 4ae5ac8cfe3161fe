/**
 * What the index keeps of all its rows, brought along with each record in the transaction that notes it: the sums of the
 * messages of money, and which exchanges are open cases. So a question for them costs the same however long the journal is.
 */
import type Sqlite from 'better-sqlite3'
import {
  addTally,
  countedExchange,
  countTally,
  encounterTally,
  FIGURES,
  keptTally,
  type MoneyTally,
  tallyKeeping,
} from '../../store/queries/money-totals.ts'
import { CASES, countDifferingCases, openCases, remakeOpenCases } from '../../store/queries/open-cases.ts'
import { type State, UNRESOLVED } from '../exchange-state.ts'
import { RECORDS } from '../segment/record.ts'

/** What of it does not agree with the rows, in words: every row is counted for it. */
export function keptFaults(client: Sqlite.Database): string[] {
  const [kept, counted] = [keptTally(client), countTally(client)]
  const wrong = FIGURES.filter((figure) => kept && kept[figure] !== counted[figure]).map(
    (figure) => `keeps ${kept![figure]} as "${figure}", and its rows give ${counted[figure]}`,
  )
  const differing = countDifferingCases(client)
  if (differing > 0) wrong.push(`keeps other open cases than its rows give: ${differing} differ`)
  return wrong
}

const NOTHING: MoneyTally = { begun: 0, ended: 0, open: 0, settled: 0, reversed: 0, standingFen: 0 }

/** Exchanges that are remembered until they end: more than are ever on their way at once. */
const RECENT_MAX = 20_000

/** A keyed exchange as far as it is counted. */
interface Counted {
  /** Null: no money. */
  readonly kind: 'settlement' | 'cancellation' | null
  state: State
  /** Whether it was ever accepted. */
  settled: boolean
  /** Of its last outcome, in fen. */
  total: number
}

/** What is kept, in the hand of the one who writes the index. Every call belongs into the transaction of the record. */
export interface IndexTally {
  /** An exchange that is noted. @param told what its record says */
  exchange(told: readonly unknown[]): void
  /** An outcome. @param add notes it; called once */
  outcome(told: readonly unknown[], add: () => void): void
  /** Writes the sums. */
  save(): void
  /** The transaction was undone. */
  undone(): void
}

const placeOf = (table: 'exchange' | 'outcome', field: string) => RECORDS[table].fields.indexOf(field) + 1
const ID = placeOf('exchange', 'id')
const KEY = placeOf('exchange', 'key')
const KIND = placeOf('exchange', 'kind')
const OF = placeOf('outcome', 'exchange')
const STATE = placeOf('outcome', 'state')
const TOTAL = placeOf('outcome', 'total')

const moneyOf = (kind: unknown) => (kind === 'settlement' || kind === 'cancellation' ? kind : null)
const isCase = (state: State) => CASES.includes(state)
/** A settlement and its cancellations count by each other's state just where one was reversed or the other was accepted. */
const matters = ({ kind, state }: Counted) => state === (kind === 'settlement' ? 'reversed' : 'accepted')

/** Opens it; what is not kept yet is counted once from all rows. */
export function openIndexTally(client: Sqlite.Database): IndexTally {
  const sums = tallyKeeping(client)
  if (!keptTally(client)) {
    client.transaction(() => {
      sums.put(countTally(client))
      remakeOpenCases(client)
    })()
  }
  const cases = openCases(client)
  const load = countedExchange(client)
  const around = encounterTally(client)
  let recent = new Map<number, Counted | null>()
  let sum = NOTHING

  function remember(id: number, counted: Counted | null): void {
    if (recent.size >= RECENT_MAX) recent = new Map()
    recent.set(id, counted)
  }

  function known(id: number): Counted | null {
    const there = recent.get(id)
    if (there !== undefined) return there
    const row = load(id)
    if (!row || row.key === null) return null
    const { kind, state, settled, total } = row
    return { kind: moneyOf(kind), state, settled: settled === 1, total: total ?? 0 }
  }

  function add(one: Counted, sign: 1 | -1): void {
    const { kind, state, settled, total } = one
    if (kind === null || state === 'rejected') return
    const open = UNRESOLVED.includes(state)
    sum = addTally(
      sum,
      {
        begun: 1,
        ended: open ? 0 : 1,
        open: open ? 1 : 0,
        settled: settled ? 1 : 0,
        reversed: settled && state === 'reversed' ? 1 : 0,
        standingFen: state === 'accepted' ? total : 0,
      },
      sign,
    )
  }

  return {
    exchange(told) {
      const id = told[ID] as number
      if ((told[KEY] ?? null) === null) return remember(id, null)
      const one: Counted = { kind: moneyOf(told[KIND]), state: 'open', settled: false, total: 0 }
      remember(id, one)
      add(one, 1)
    },
    outcome(told, note) {
      const id = told[OF] as number
      const one = known(id)
      if (!one) {
        note()
        recent.delete(id)
        return
      }
      const was = one.state
      const next: Counted = {
        ...one,
        state: told[STATE] as State,
        settled: one.settled || told[STATE] === 'accepted',
        total: (told[TOTAL] as number | null) ?? 0,
      }
      if (one.kind !== null && (matters(one) || matters(next))) {
        sum = addTally(sum, around(id), -1)
        note()
        sum = addTally(sum, around(id))
      } else {
        add(one, -1)
        note()
        add(next, 1)
      }
      if (isCase(next.state)) cases.open(id)
      else if (isCase(was)) cases.close(id)
      if (UNRESOLVED.includes(next.state)) remember(id, next)
      else recent.delete(id)
    },
    save() {
      if (FIGURES.some((figure) => sum[figure] !== 0)) sums.change(sum)
      sum = NOTHING
    },
    undone() {
      recent = new Map()
      sum = NOTHING
    },
  }
}
