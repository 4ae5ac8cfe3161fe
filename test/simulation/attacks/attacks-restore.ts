/**
 * A backup beside the running gateway, more settlements, the loss of everything, and the restore: what was settled since the
 * backup is known to the platforms alone. Until somebody has compared, none of it may be sent again: it waits, or is found there.
 */
import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { stretched } from '../../support/stretched.ts'
import { type Attack, must } from './attack.ts'
import { call, compare, named, SYSTEMS } from './caller.ts'
import { differencesOf, readSides, type Sides, untilRest } from './judge.ts'
import { type Money, movesMoney } from './ledger.ts'
import { type Amounts, moneyOf } from './request.ts'
import type { Stage } from './stage.ts'

/** Settlements after the backup, and how long they are waited for. */
const SINCE = 15
const SINCE_MS = 10_000
/** What a platform has taken it ends in this time. */
const PLATFORM_MS = 1200
/** A message was on its way for so long at most before the platform booked it. */
const ON_THE_WAY_MS = 5000
/** How many known and unknown requests are sent again. */
const SENT_AGAIN = 12
const SETTLES: ReadonlySet<string> = new Set(['2207', '2304'])
/** Open cases that move no money and become no fewer in this time have no end that the gateway finds. */
const OVERTAKEN_MS = 15_000

const NAME = 'backup and restore'

async function backupAndRestore(stage: Stage): Promise<void> {
  const { machine, gate, ledger, dataDir } = stage
  const copy = join(dirname(dataDir), `backup-${ledger.epoch}`)
  const begun = Date.now()
  if (!(await done(stage, 'backup', copy))) return
  const taken = Date.now()
  await since(stage)
  await machine.kill()
  await gate.empty()
  await pause(PLATFORM_MS)
  // From here on nobody asks again for what was told before.
  ledger.epoch += 1
  try {
    if (await done(stage, 'restore', copy, '--replace')) {
      await machine.start()
      await tryTheFence(stage, begun, taken)
      await takeInHand(stage)
      compareByHand(stage, await readSides(stage), begun)
      must(stage, NAME, (await machine.run('compared')).code === 1, 'nothing has to be compared')
      if (await done(stage, 'compared', '--by', 'operator')) await sendAgain(stage, taken)
    } else await machine.start()
  } finally {
    rmSync(copy, { recursive: true, force: true })
    gate.letGo()
  }
}

async function done({ machine, ledger }: Stage, ...line: readonly string[]): Promise<boolean> {
  const { code, said } = await machine.run(...line)
  if (code !== 0) ledger.fault(`${NAME}: ${line[0]} ends with ${code}: ${said}`)
  return code === 0
}

async function since({ ledger }: Stage): Promise<void> {
  const [told, end] = [ledger.told, Date.now() + SINCE_MS]
  while (ledger.told < told + SINCE && Date.now() < end) await pause(10)
}

/**
 * What the backup knows is answered from it; what it does not know waits, or gets what the first was told, and does not leave;
 * nor does a new one in its place. Questions pass.
 */
async function tryTheFence(stage: Stage, begun: number, taken: number): Promise<void> {
  const { pool, ledger, dice } = stage
  const undone = new Set(ledger.rows.map(({ request }) => request.undoes))
  const yes = ledger.rows.filter(({ state }) => state === 'yes')
  const known = yes.filter(({ at, request, yes: told }) => at < begun && !undone.has(request.key) && told)
  // What was undone since stands nowhere: nothing there can tell of it.
  const forgotten = yes.filter((row) => row.since > taken && !undone.has(row.request.key))
  const before = moneyForwarded(stage)
  for (const row of known.slice(-SENT_AGAIN)) {
    const reply = await call(pool, row.request, dice.pick(SYSTEMS))
    if (reply) compare(ledger, row.request, row.yes!, reply, 'after the restore')
  }
  for (const row of forgotten.filter((one) => !waits(ledger, one)).slice(0, SENT_AGAIN)) {
    const { request } = row
    await mustNotLeaveAgain(stage, row, 'compare-first')
    const key = `${request.key.slice(0, -4)}${dice.between(1000, 9999)}`
    const [body, headers] = [request.body.replace(request.key, key), { 'idempotency-key': key }]
    const fresh = { ...request, key, body, ...(request.door === 'rest' ? { headers } : {}) }
    await mustBeComparedFirst(stage, fresh, 'is new')
  }
  must(stage, NAME, moneyForwarded(stage) === before, 'money left while the fence stood')
  if (!ledger.question) return
  const answer = await call(pool, ledger.question, SYSTEMS[0])
  must(
    stage,
    NAME,
    answer?.is === 'yes',
    `a question is told ${answer?.is === 'no' ? answer.text : 'nothing'}`,
  )
}

/**
 * Systems do not know what their people were told: what they send again after the comparison stands there, and must not leave.
 * So do those that were held before the gate, as soon as it opens.
 */
async function sendAgain(stage: Stage, taken: number): Promise<void> {
  const { ledger } = stage
  const undone = new Set(ledger.rows.map(({ request }) => request.undoes))
  const stands = (row: Money) =>
    waits(ledger, row) && row.state === 'yes' && row.since > taken && isSettled(row, undone)
  const before = moneyForwarded(stage)
  for (const row of ledger.rows.filter(stands).slice(-SENT_AGAIN))
    await mustNotLeaveAgain(stage, row, 'destination-down')
  must(stage, NAME, moneyForwarded(stage) === before, 'money left again after the comparison')
}

/** Every second one is sent again only after the comparison: what the fence has found is known from then on. */
const waits = ({ rows }: Stage['ledger'], row: Money) => rows.indexOf(row) % 2 === 1

/** Settled at the national door, whose keys the platforms know, and not undone. */
function isSettled({ request, yes }: Money, undone: ReadonlySet<string>): boolean {
  if (request.door !== 'national' || !SETTLES.has(request.transaction)) return false
  return !undone.has(request.key) && !undone.has(moneyOf('national', yes!)!.settlement)
}

/** @param unsaid code of the no that it may get instead of its answer */
async function mustNotLeaveAgain(
  { pool, ledger, dice }: Stage,
  { request, yes }: Money,
  unsaid: 'compare-first' | 'destination-down',
) {
  const reply = await call(pool, request, dice.pick(SYSTEMS))
  if (reply?.is === 'no' && reply.code === unsaid) return
  const [first, told] = [yes, reply].map((one) => (one?.is === 'yes' ? moneyOf(request.door, one) : null))
  const isSame =
    first?.settlement === told?.settlement &&
    Object.entries(told?.amounts ?? {}).every(([name, fen]) => fen === first?.amounts[name as keyof Amounts])
  if (told && isSame) return
  const said = reply?.is === 'no' ? `${reply.code} ${reply.text}` : (reply?.bytes ?? 'nothing')
  ledger.fault(`${NAME}: ${named(request)} was settled after the backup and is told ${said}`)
}

async function mustBeComparedFirst({ pool, ledger, dice }: Stage, request: Money['request'], what: string) {
  const reply = await call(pool, request, dice.pick(SYSTEMS))
  if (reply?.is === 'no' && reply.code === 'compare-first') return
  const told = reply?.is === 'no' ? `${reply.code} ${reply.text}` : (reply?.is ?? 'nothing')
  ledger.fault(`${NAME}: ${named(request)} ${what} and is told ${told}`)
}

/** Settlements and cancellations that platforms were handed; a reversal may be the recovery's. */
function moneyForwarded({ proxies }: Stage): number {
  const isMoney = (transaction: string) => transaction !== '2601' && movesMoney(transaction)
  return proxies.flatMap(({ seen }) => seen).filter((one) => one.forwarded && isMoney(one.transaction)).length
}

/**
 * A message that was under way at the backup may have been overtaken since by others that are forgotten now: fee lines whose
 * visit is settled are not undone by any platform. Such a case stays, and somebody looks at it. Money must find its end.
 */
async function takeInHand(stage: Stage): Promise<void> {
  const money = await untilRest(stage, undefined, ({ transaction }) => movesMoney(transaction))
  const others = await untilRest(
    stage,
    stretched(OVERTAKEN_MS),
    ({ transaction }) => !movesMoney(transaction),
  )
  for (const { transaction, message, nextStep } of [...money, ...others]) {
    const stays = `${transaction} ${message} stays open while the fence stands: ${nextStep}`
    must(stage, NAME, message !== '' && !movesMoney(transaction), stays)
    stage.inHand.add(message)
  }
}

/** What the manual says is to be done: each difference is looked at, and its hospital told. It must be of the time since. */
function compareByHand({ ledger, byHand }: Stage, sides: Sides, begun: number): void {
  const rows = sides.books.flatMap(({ settlements }) => settlements)
  const from = begun - ON_THE_WAY_MS
  const reversed = new Set(
    ledger.rows
      .filter(({ request, since: at }) => request.transaction === '2601' && at >= from)
      .map(({ request }) => request.undoes),
  )
  for (const { message, text } of differencesOf(sides)) {
    if (byHand.has(message)) continue
    const isSince = reversed.has(message) || rows.some(({ msgid, at }) => msgid === message && at >= from)
    if (!isSince) ledger.fault(`${NAME}: ${message} is older than the backup, and apart: ${text}`)
    byHand.add(message)
  }
  for (const row of ledger.rows.filter(({ state }) => state === 'under way')) {
    const { request } = row
    const isIt = (found: (typeof rows)[number]) =>
      byHand.has(found.msgid) &&
      found.infno === request.transaction &&
      (request.door === 'national' ? found.msgid === request.key : found.mdtrt_id === request.encounter)
    if (rows.some(isIt)) ledger.tell(row, 'by hand')
    // Of the others nothing is known anywhere: they may leave once more.
    else ledger.mayLeaveAgain.add(request.key)
  }
}

/** All of them. */
export const RESTORE_ATTACKS: readonly Attack[] = [{ name: NAME, on: 'one', make: backupAndRestore }]
