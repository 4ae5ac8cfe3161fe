/** The end of a schedule: the journal, the books of the platforms and what every hospital was told must agree. */
import { setTimeout as pause } from 'node:timers/promises'
import { type MoneyRow, readJournalBook } from '../../../src/ledger/journal-book.ts'
import { type Difference, reconcile } from '../../../src/ledger/reconciliation.ts'
import type { BookPage, BookRow } from '../../../src/simulator/admin.ts'
import { openDatabaseForReading } from '../../../src/store/database.ts'
import { openStores } from '../../../src/workers/stores.ts'
import { stretched } from '../../support/stretched.ts'
import { named } from './caller.ts'
import type { Money } from './ledger.ts'
import { AMOUNTS, type Amounts, moneyOf } from './request.ts'
import { type Case, openCases, resentThrough, type Stage } from './stage.ts'

/**
 * How long there may be no fewer open cases where the machine is quiet. The recovery waits half a minute between two steps of one that was long
 * without an answer, and an end may take several.
 */
const REST_MS = 150_000

const SILENT: Case = {
  transaction: '',
  message: 'the gateway',
  nextStep: 'tells nothing',
  triesDone: 0,
  leasedBy: null,
}
/** The recovery takes its first step about a case at once, and ends it in this time where the machine is quiet. */
const FIRST_STEP_MS = 15_000

/** What a comparison gives. */
export interface Verdict {
  readonly messages: number
  readonly settlements: number
  readonly lost: number
  readonly doubled: number
  readonly unknownLeft: number
  readonly fenDifference: number
  /** Messages of money that a platform was handed more than once. */
  readonly resent: number
  /** Messages of money that were unknown at some time, and the longest way to an end. */
  readonly unknownOnce: number
  readonly longestRecoveryMs: number
  /** Told by hand after a restore. */
  readonly byHand: number
  readonly differences: readonly string[]
}

const RECOVERED = `SELECT min(o.at) - e.at AS took FROM exchange e JOIN outcome o ON o.exchange = e.id
  WHERE o.state IN ('accepted', 'refused', 'reversed') AND e.key IS NOT NULL
    AND EXISTS (SELECT 1 FROM outcome u WHERE u.exchange = e.id AND u.state = 'unknown')
    AND e.kind IN ('settlement', 'cancellation', 'reversal') GROUP BY e.id`
/** Name of every message by the key under which it came: over REST the gateway names it. */
const NAMES = 'SELECT key, message FROM exchange WHERE key IS NOT NULL'

/** The journal as its index tells it, and the books. */
export interface Sides {
  readonly rows: readonly MoneyRow[]
  readonly names: ReadonlyMap<string, string>
  readonly recovered: readonly number[]
  readonly books: readonly BookPage[]
}

/**
 * Waits until no case is open.
 *
 * @param isMeant which cases are waited for; all unless told
 * @returns those that are left when they become no fewer for long
 */
export async function untilRest(
  stage: Pick<Stage, 'pool' | 'inHand'>,
  patienceMs = stretched(REST_MS),
  isMeant: (one: Case) => boolean = () => true,
): Promise<readonly Case[]> {
  let fewest = Number.POSITIVE_INFINITY
  let end = Date.now() + patienceMs
  for (;;) {
    const cases = (await openCases(stage))?.filter(isMeant)
    if (cases?.length === 0) return []
    if (cases && cases.length < fewest) {
      fewest = cases.length
      end = Date.now() + patienceMs
    }
    if (Date.now() > end) return cases ?? [SILENT]
    await pause(100)
  }
}

/** Cases that nobody looks for, though they are open: after any start the recovery takes up what it finds. */
export async function forgottenCases(stage: Pick<Stage, 'pool' | 'inHand'>): Promise<readonly Case[]> {
  const isUntouched = ({ triesDone, leasedBy }: Case) => triesDone === 0 && leasedBy === null
  let untouched = ((await openCases(stage)) ?? []).filter(isUntouched)
  const end = Date.now() + stretched(FIRST_STEP_MS)
  while (untouched.length > 0 && Date.now() < end) {
    await pause(100)
    const cases = await openCases(stage)
    if (!cases) continue
    const still = new Set(cases.filter(isUntouched).map(({ message }) => message))
    untouched = untouched.filter(({ message }) => still.has(message))
  }
  return untouched
}

/** Reads both sides. The gateway may run, but nothing may be under way. */
export async function readSides({
  dataDir,
  platforms,
}: Pick<Stage, 'dataDir' | 'platforms'>): Promise<Sides> {
  const books = await Promise.all(
    platforms.map(async ({ url }) => (await (await fetch(`${url}/book`)).json()) as BookPage),
  )
  const files: ReturnType<typeof openDatabaseForReading>[] = []
  const { database, close } = openStores(dataDir, (file) => {
    const one = openDatabaseForReading(file)
    files.push(one)
    return one
  })
  const all = <Row>(sql: string) => files.flatMap(({ $client }) => $client.prepare(sql).all() as Row[])
  const rows = readJournalBook(database)
  const names = new Map(
    all<{ key: string; message: string }>(NAMES).map(({ key, message }) => [key, message]),
  )
  const recovered = all<{ took: number }>(RECOVERED).map(({ took }) => took)
  close()
  return { rows, names, recovered, books }
}

/** What only one side has, which somebody must look at after a restore. */
export const differencesOf = ({ rows, books }: Sides): readonly Difference[] =>
  reconcile(rows, books).differences

/** Judges. @param left cases that were open at rest */
export function judge(stage: Stage, sides: Sides, left: readonly Case[]): Verdict {
  const { ledger, byHand } = stage
  const { rows, recovered, books } = sides
  const { differences, fenDifference } = reconcile(rows, books)
  const standing = differences.filter(({ message }) => !byHand.has(message))
  const of = (kind: Difference['kind']) => standing.filter((one) => one.kind === kind).length
  const hospitals = hospitalSide(stage, sides)
  const resent = resentThrough(stage)
  const settles = ({ transaction, state }: MoneyRow) =>
    (transaction === '2207' || transaction === '2304') && state === 'accepted'
  return {
    messages: ledger.rows.length,
    settlements: rows.filter(settles).length,
    lost: of('lost') + hospitals.lost.length,
    doubled: of('doubled') + hospitals.doubled.length,
    unknownLeft: of('unknown') + left.length + hospitals.unknown.length,
    fenDifference: fenDifference + hospitals.fen,
    resent: resent.length,
    unknownOnce: recovered.length,
    longestRecoveryMs: Math.max(0, ...recovered),
    byHand: byHand.size,
    differences: [
      ...standing.map(({ kind, platform, message, text }) => `${kind} ${platform} ${message}: ${text}`),
      ...resent,
      ...left.map(({ transaction, message, nextStep }) => `open ${transaction} ${message}: ${nextStep}`),
      ...hospitals.lost,
      ...hospitals.doubled,
      ...hospitals.unknown,
      ...hospitals.texts,
    ],
  }
}

/** What hospitals were told must be so in the books of the insured places, and no visit may stand twice. */
function hospitalSide({ ledger }: Stage, { names, books }: Sides) {
  const provinces = books.slice(1).flatMap(({ settlements }) => settlements)
  const rows = provinces.filter(({ state }) => state === 'settled')
  const bySettlement = new Map(rows.map((row) => [row.setl_id, row]))
  const byMessage = new Map(rows.map((row) => [`${row.infno} ${row.msgid}`, row]))
  const reversing = new Set(
    ledger.rows.filter(({ request }) => request.transaction === '2601').map(({ request }) => request.undoes),
  )
  const [lost, doubled, unknown, texts]: string[][] = [[], [], [], []]
  let fen = 0
  for (const row of ledger.rows) {
    const { request, state, yes } = row
    const message = messageOf(row, names)
    const found = message === null ? undefined : byMessage.get(`${request.transaction} ${message}`)
    if (state === 'unknown') unknown!.push(`${named(request)} was never told clearly (${row.code})`)
    // A no is final: nothing of it may stand.
    if (state === 'no' && found && request.transaction !== '2601')
      lost!.push(`${named(request)} was told no (${row.code}), and stands`)
    if (state !== 'yes' || !yes) continue
    if (request.transaction === '2601') {
      if (rows.some(({ msgid }) => msgid === request.undoes))
        lost!.push(`${named(request)} was told that ${request.undoes} is reversed, and it stands`)
      continue
    }
    const told = moneyOf(request.door, yes)
    const there = told ? bySettlement.get(told.settlement) : undefined
    if (!told || (!there && !reversing.has(request.key))) {
      lost!.push(`${named(request)} was told settlement ${told?.settlement}, which does not stand`)
      continue
    }
    if (!there) continue
    const apart = apartOf(told.amounts, there)
    fen += apart
    if (apart > 0)
      texts!.push(
        `${named(request)} was told ${JSON.stringify(told.amounts)}, not what stands there: ${JSON.stringify(there)}`,
      )
  }
  const visits = new Map<string, number>()
  for (const { mdtrt_id, init_setl_id } of rows)
    visits.set(mdtrt_id, (visits.get(mdtrt_id) ?? 0) + (init_setl_id === null ? 1 : -1))
  for (const [visit, net] of visits)
    if (net > 1 || net < 0) doubled!.push(`visit ${visit} stands ${net} times`)
  return { lost: lost!, doubled: doubled!, unknown: unknown!, texts: texts!, fen }
}

/** The message of a request: over REST the gateway has named it; null where the journal does not know the key. */
export function messageOf({ request, yes }: Money, names: Sides['names']): string | null {
  const { door, key, institution, transaction } = request
  if (door === 'national') return key
  if (typeof yes?.output.messageId === 'string') return yes.output.messageId
  const operation = transaction === '2208' || transaction === '2305' ? 'cancelSettlement' : 'settle'
  return names.get(`rest|${institution}|${operation}|Idempotency-Key|${key}`) ?? null
}

function apartOf(told: Amounts, there: BookRow): number {
  const names = Object.keys(AMOUNTS) as (keyof Amounts)[]
  return names.reduce((sum, name) => sum + Math.abs((told[name] ?? there[name]) - there[name]), 0)
}
