/** What the schedule plays on: platforms, a proxy before each, the gateway, the counters; and what was noted of all. */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Pool } from 'undici'
import { createDice, type Dice } from '../../../src/seeded-random.ts'
import { PROVINCES } from '../../../src/simulator/supervise.ts'
import { readWorld } from '../kills/bills.ts'
import { type FaultProxy, type Passing, startProxy } from '../proxy.ts'
import { openPool, SYSTEMS } from './caller.ts'
import { Counters } from './counters.ts'
import { Gate } from './gate.ts'
import { Ledger, movesMoney } from './ledger.ts'
import { Machine } from './machine.ts'
import { type Platform, startPlatforms } from './platforms.ts'

/** Key of the operator of the run. */
export const OPERATOR = 'operator'
/** Share of the messages of money whose line breaks besides all attacks, so that outcomes are unknown at any time. */
const BROKEN = 0.03

/** How a stage is opened. */
export interface StageOptions {
  /** The sources that run as the gateway. */
  readonly root: string
  readonly seed: number
  readonly workers: number
  /** Provinces whose people are treated; all of the simulator unless told. */
  readonly provinces?: readonly string[]
}

/** A stage. */
export interface Stage {
  readonly dataDir: string
  readonly workers: number
  readonly machine: Machine
  readonly platforms: readonly Platform[]
  readonly proxies: readonly FaultProxy[]
  readonly ledger: Ledger
  readonly gate: Gate
  readonly pool: Pool
  readonly counters: Counters
  /** Of the schedule alone: what the counters draw depends on time. */
  readonly dice: Dice
  /** Settlements of which an operator has told the hospital after a restore, by transaction and message. */
  readonly byHand: Set<string>
  /** Messages that move no money and whose case an operator has taken in hand after a restore. */
  readonly inHand: Set<string>
  close(): Promise<void>
}

/** Opens a stage. @throws where one of its processes does not start; the others are ended then */
export async function openStage({
  root,
  seed,
  workers,
  provinces = PROVINCES,
}: StageOptions): Promise<Stage> {
  const dataDir = mkdtempSync(join(tmpdir(), 'zhijie-attacks-'))
  const closing: (() => Promise<unknown>)[] = [
    async () => rmSync(dataDir, { recursive: true, force: true, maxRetries: 3 }),
  ]
  const close = async () => {
    for (const end of closing.splice(0).reverse()) await end()
  }
  const [dice, drawn, wires] = [createDice(seed), createDice(seed + 1), createDice(seed + 2)]
  try {
    const platforms = await startPlatforms(dataDir, provinces)
    closing.push(() => Promise.all(platforms.map((platform) => platform.stop())))
    const proxies: FaultProxy[] = []
    for (const { url } of platforms) {
      const proxy = await startProxy(url, { onRequest: (passing) => broken(wires, passing) })
      proxies.push(proxy)
      closing.push(() => proxy.close())
    }
    const world = await readWorld(platforms.slice(1).map(({ url }) => url))
    const institutions = world.institutions.map(({ code }) => code)
    const callersFile = join(dataDir, 'callers.json')
    writeFileSync(callersFile, JSON.stringify(callersOf(institutions)))
    const upstream = platforms.map(({ name }, place) => `${name}=${proxies[place]!.url}`).join(',')
    const own = join(dataDir, 'gateway')
    const machine = await Machine.open({ root, dataDir: own, upstream, callersFile, workers })
    closing.push(() => machine.kill())
    const [ledger, gate, pool] = [new Ledger(), new Gate(), openPool(machine.url)]
    machine.onEnded = (text) => ledger.fault(`the gateway ${text}`)
    closing.push(() => pool.destroy())
    const counters = new Counters({ pool, gate, ledger, dice: drawn }, world, drawn)
    const parts = { machine, platforms, proxies, ledger, gate, pool, counters, dice }
    return { ...parts, dataDir: own, workers, byHand: new Set(), inHand: new Set(), close }
  } catch (cause) {
    await close()
    throw cause
  }
}

function callersOf(institutions: readonly string[]) {
  const keySha256 = (key: string) => createHash('sha256').update(key).digest('hex')
  return [
    ...SYSTEMS.map((id) => ({ id, keySha256: keySha256(id), institutions })),
    { id: OPERATOR, keySha256: keySha256(OPERATOR), role: 'operator' },
  ]
}

function broken(dice: Dice, { transaction }: Passing) {
  if (!movesMoney(transaction) || !dice.happens(BROKEN)) return
  const is = dice.pick(['reset-before', 'reset-after', 'black-hole', 'late'] as const)
  return is === 'late' ? { is, ms: dice.between(500, 2500) } : { is }
}

/** A case as the operator is shown it. */
export interface Case {
  readonly transaction: string
  readonly message: string
  readonly nextStep: string
  /** Steps of the recovery so far; none in the first moment. */
  readonly triesDone: number
  /** The worker that is at it just now. */
  readonly leasedBy: string | null
}

/** Cases that are open and nobody has taken in hand; null where the gateway does not tell. */
export async function openCases({
  pool,
  inHand,
}: Pick<Stage, 'pool' | 'inHand'>): Promise<readonly Case[] | null> {
  try {
    const headers = { 'x-api-key': OPERATOR }
    const { body, statusCode } = await pool.request({
      method: 'GET',
      path: '/v1/open-cases?limit=100',
      headers,
    })
    const { cases } = (await body.json()) as { cases: Case[] }
    return statusCode === 200 ? cases.filter(({ message }) => !inHand.has(message)) : null
  } catch {
    return null
  }
}

/** Messages of money that a platform was handed more than once, for people; a reversal may be. */
export function resentThrough({ proxies, ledger }: Pick<Stage, 'proxies' | 'ledger'>): readonly string[] {
  const sent = new Map<string, Passing[]>()
  for (const passing of proxies.flatMap((proxy) => proxy.seen)) {
    const { transaction, message, forwarded } = passing
    if (!forwarded || transaction === '2601' || !movesMoney(transaction)) continue
    if (ledger.mayLeaveAgain.has(message)) continue
    const key = `${transaction} ${message}`
    sent.set(key, [...(sent.get(key) ?? []), passing])
  }
  const time = ({ at, behaviour }: Passing) => `${new Date(at).toISOString().slice(11, 23)} (${behaviour})`
  const states = new Map(ledger.rows.map(({ request, state }) => [request.key, state]))
  const told = (message = '') => states.get(message) ?? 'named by the gateway'
  return [...sent]
    .filter(([, passed]) => passed.length > 1)
    .map(
      ([key, passed]) =>
        `${key} (${told(passed[0]?.message)}) was handed to its platform at ${passed.map(time).join(' and ')}`,
    )
}
