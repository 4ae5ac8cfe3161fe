/**
 * The schedule of attacks: real processes are killed, frozen, starved and lied to from a seed while hospitals settle, cancel
 * and reverse at both doors. At rest the journal, the books of the platforms and what every hospital was told must agree.
 */
import { existsSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import type { Dice } from '../../../src/seeded-random.ts'
import { measureAnew } from '../../support/stretched.ts'
import { type Attack, served } from './attack.ts'
import { CLOCK_ATTACKS } from './attacks-clocks.ts'
import { FILE_ATTACKS } from './attacks-files.ts'
import { PROCESS_ATTACKS } from './attacks-processes.ts'
import { RESTORE_ATTACKS } from './attacks-restore.ts'
import { forgottenCases, judge, readSides, untilRest, type Verdict } from './judge.ts'
import { openStage, type Stage } from './stage.ts'

/** All attacks. */
export const ATTACKS: readonly Attack[] = [
  ...PROCESS_ATTACKS,
  ...CLOCK_ATTACKS,
  ...FILE_ATTACKS,
  ...RESTORE_ATTACKS,
]

/** What was made of one attack. */
export interface Made {
  readonly times: number
  /** Messages of money that were under way when it hit, in all. */
  readonly underWay: number
  /** From its end to the next yes: the longest. */
  readonly servedMs: number
  /** What did not hold while it was made. */
  readonly faults: number
}

/** What a schedule came to. */
export interface AttackRun extends Verdict {
  readonly made: Readonly<Record<string, Made>>
  /** Attacks that this machine lacks a program for. */
  readonly notMade: readonly string[]
  readonly tried: { readonly again: number; readonly contrary: number; readonly twice: number }
  /** What did not hold besides the books. */
  readonly faults: readonly string[]
  readonly seconds: number
}

/** Settings of a schedule. */
export interface AttackOptions {
  readonly seed: number
  /** Messages of money. */
  readonly messages: number
  readonly workers: number
  /** The sources that run as the gateway. */
  readonly root: string
  /** Only these attacks; all that fit unless told. */
  readonly only?: readonly string[]
  /** Provinces whose people are treated; all of the simulator unless told. */
  readonly provinces?: readonly string[]
  /** Ends at the first that does not hold: whoever only asks whether a slip is noticed waits for no more. */
  readonly untilFault?: boolean
  /** Told what does not hold, when it is seen. */
  readonly onFault?: (text: string) => void
  /** Told how many messages of money were sent, and which attack is made. */
  readonly onProgress?: (messages: number, attack: string) => void
}

/** Fewest messages of money between two attacks, and the longest pause for each. */
const BETWEEN = 30
const BETWEEN_MS = 130

/** Whether an attack is made on a gateway of so many workers. */
export const fits = (on: Attack['on'], workers: number) => on === 'both' || (on === 'workers') === workers > 1

/** Plays a schedule: every attack at least once, and until there were as many messages as are wanted. */
export async function runAttacks(options: AttackOptions): Promise<AttackRun> {
  const { seed, messages, workers, root, only, provinces, untilFault = false, onFault, onProgress } = options
  const began = Date.now()
  const stage = await openStage({ root, seed, workers, ...(provinces ? { provinces } : {}) })
  const { ledger, counters, dice } = stage
  if (onFault) ledger.onFault = onFault
  const wanted = ATTACKS.filter(({ on, name }) => fits(on, workers) && (!only || only.includes(name)))
  const able = wanted.filter(({ needs = [] }) => needs.every(isThere))
  const made: Record<string, Made> = {}
  try {
    const isOver = () => untilFault && ledger.faults.length > 0
    for (let round = 0; !isOver() && (round === 0 || ledger.rows.length < messages); round += 1) {
      for (const attack of shuffled(dice, able)) {
        if (isOver() || (round > 0 && ledger.rows.length >= messages)) break
        await between(stage, Math.max(BETWEEN, Math.ceil(messages / able.length)))
        onProgress?.(ledger.rows.length, attack.name)
        made[attack.name] = added(made[attack.name], await strike(stage, attack))
      }
    }
    await counters.stop()
    const verdict = await conclude(stage, isOver() ? 0 : undefined)
    return {
      ...verdict,
      made,
      notMade: wanted.filter((attack) => !able.includes(attack)).map(({ name }) => name),
      tried: ledger.tried,
      faults: ledger.faults,
      seconds: Math.round((Date.now() - began) / 1000),
    }
  } finally {
    void counters.stop()
    await stage.close()
  }
}

async function between({ ledger }: Stage, messages: number): Promise<void> {
  const until = ledger.rows.length + messages
  const end = Date.now() + messages * BETWEEN_MS
  while (ledger.rows.length < until && Date.now() < end) await pause(10)
}

/** Makes one attack and waits until the counters are served again. */
async function strike(stage: Stage, attack: Attack): Promise<Made> {
  const { ledger } = stage
  const [underWay, before] = [ledger.underWay, ledger.faults.length]
  measureAnew()
  await attack.make(stage).catch((cause: Error) => ledger.fault(`${attack.name}: ${cause.message}`))
  const since = Date.now()
  if (!(await served(stage))) {
    ledger.fault(`${attack.name}: nothing is settled after it`)
    await stage.machine.kill()
    await stage.machine.start()
  }
  const servedMs = Date.now() - since
  for (const { transaction, message } of await forgottenCases(stage))
    ledger.fault(`${attack.name}: ${transaction} ${message} is unknown, and nobody looks for it`)
  return { times: 1, underWay, servedMs, faults: ledger.faults.length - before }
}

/** Rest, the end of the gateway, its journal looked through, and the index made anew from it: all must tell the same. */
async function conclude(stage: Stage, patienceMs?: number): Promise<Verdict> {
  const { machine, ledger } = stage
  const left = await untilRest(stage, patienceMs)
  await machine.stop()
  const verified = await machine.run('verify', stage.dataDir)
  if (verified.code !== 0) ledger.fault(`verify ends with ${verified.code}: ${verified.said}`)
  return judge(stage, await readSides(stage), left)
}

function added(one: Made | undefined, more: Made): Made {
  if (!one) return more
  return {
    times: one.times + more.times,
    underWay: one.underWay + more.underWay,
    servedMs: Math.max(one.servedMs, more.servedMs),
    faults: one.faults + more.faults,
  }
}

function shuffled<Thing>(dice: Dice, things: readonly Thing[]): Thing[] {
  const left = [...things]
  return things.map(() => left.splice(dice.between(0, left.length - 1), 1)[0]!)
}

function isThere(program: string): boolean {
  const folders = (process.env.PATH ?? '').split(':')
  return folders.some((folder) => existsSync(`${folder}/${program}`))
}
