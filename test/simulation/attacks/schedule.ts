/** The whole schedule as a person is shown it: both gateways, the table of attacks, one sentence at the end. */
import Table from 'cli-table3'
import { type Proof, progressOf } from '../proof.ts'
import { ATTACKS, type AttackRun, fits, runAttacks } from './run.ts'
import { sourcesWith } from './slips.ts'

/** Share of the messages that go to a gateway of one process, where most attacks can be made. */
const ALONE = 0.7

/** A gateway of the schedule. */
const GATEWAYS = [
  { name: 'attacks', workers: 1, share: ALONE },
  { name: 'attacks, 2 workers', workers: 2, share: 1 - ALONE },
] as const

/** What the schedule came to. */
export interface Schedule {
  readonly proofs: readonly Proof[]
  readonly tables: readonly string[]
  /** What a person reads last. */
  readonly sentence: string
  readonly holds: boolean
  readonly counts: Readonly<Record<string, unknown>>
}

/**
 * Plays it.
 *
 * @param messages of money, in all
 * @param slip of the gateway; null plays it as it is
 * @param parts only attacks whose name holds one of these; all where there are none
 * @param say tells people what does not hold
 */
export async function playSchedule(
  messages: number,
  seed: number,
  slip: string | null,
  parts: readonly string[],
  say: (line: string) => void,
): Promise<Schedule> {
  const only = named(parts)
  const { root, remove } = sourcesWith(slip)
  const runs: { readonly name: string; readonly run: AttackRun }[] = []
  try {
    for (const { name, workers, share } of GATEWAYS) {
      if (!ATTACKS.some(({ on, name: of }) => only.includes(of) && fits(on, workers))) continue
      const wanted = Math.ceil(messages * share)
      const progress = progressOf(`${name}: messages of money`, wanted)
      const onProgress = (sent: number, attack: string) => {
        progress.update(Math.min(sent, wanted))
        if (!process.stderr.isTTY) say(`${sent} messages, then: ${attack}`)
      }
      const untilFault = slip !== null
      const run = await runAttacks({
        ...{ seed, messages: wanted, workers, root, only, untilFault, onProgress },
        onFault: say,
      })
      progress.stop()
      for (const line of run.differences) say(line)
      for (const missing of run.notMade) say(`${missing}: not made, a program for it is not installed here`)
      runs.push({ name, run })
    }
  } finally {
    remove()
  }
  return shown(runs)
}

/** @throws where no attack is named so */
function named(parts: readonly string[]): readonly string[] {
  const all = ATTACKS.map(({ name }) => name)
  if (parts.length === 0) return all
  const found = all.filter((name) => parts.some((part) => name.includes(part)))
  if (found.length === 0)
    throw new Error(`No attack is named ${parts.join(' or ')}; there are ${all.join(', ')}`)
  return found
}

/** What must all be zero. */
function wrongOf(run: AttackRun) {
  const { lost, doubled, unknownLeft, fenDifference, resent, faults } = run
  return { lost, doubled, unknownLeft, fenDifference, resent, faults: faults.length }
}

function shown(runs: readonly { readonly name: string; readonly run: AttackRun }[]): Schedule {
  const all = runs.map(({ run }) => run)
  const of = (figure: (run: AttackRun) => number) => all.reduce((sum, run) => sum + figure(run), 0)
  const wrong = {
    lost: of(({ lost }) => lost),
    doubled: of(({ doubled }) => doubled),
    unknownLeft: of(({ unknownLeft }) => unknownLeft),
    fenDifference: of(({ fenDifference }) => fenDifference),
    resent: of(({ resent }) => resent),
    faults: of(({ faults }) => faults.length),
  }
  const attacks = of(({ made }) => timesOf(made))
  const holds = all.every((run) => Object.values(wrongOf(run)).every((figure) => figure === 0))
  const messages = of((run) => run.messages)
  const told = `${messages} messages of money under ${attacks} attacks: ${wrong.lost} lost, ${wrong.doubled} doubled, ${wrong.unknownLeft} unknown left, ${wrong.fenDifference} fen apart, ${wrong.resent} sent to a platform twice, ${wrong.faults} other faults`
  const counts = {
    messages,
    attacks,
    ...wrong,
    unknownOnce: of(({ unknownOnce }) => unknownOnce),
    byHand: of(({ byHand }) => byHand),
    again: of(({ tried }) => tried.again),
    contrary: of(({ tried }) => tried.contrary),
    twice: of(({ tried }) => tried.twice),
    made: Object.fromEntries(runs.map(({ name, run }) => [name, run.made])),
    seconds: of(({ seconds }) => seconds),
  }
  const proofs = runs.map(({ name, run }) => ({
    ...run,
    name,
    runs: run.messages,
    faults: timesOf(run.made),
  }))
  const sentence = `${holds ? 'All holds' : 'NOT ALL HOLDS'}: ${told}`
  return { proofs, tables: runs.map(({ name, run }) => attackTable(name, run)), sentence, holds, counts }
}

const timesOf = (made: AttackRun['made']) => Object.values(made).reduce((sum, { times }) => sum + times, 0)

const HEAD = ['times', 'messages under way', 'served again after at most', 'result']

function attackTable(name: string, { made }: AttackRun): string {
  const table = new Table({
    head: [name, ...HEAD],
    style: { head: [], border: [] },
    colAligns: ['left', 'right', 'right', 'right', 'left'],
  })
  for (const attack of Object.keys(made).sort()) {
    const { times, underWay, servedMs, faults } = made[attack]!
    const result = faults === 0 ? 'holds' : `${faults} did not hold`
    table.push([attack, times, underWay, `${(servedMs / 1000).toFixed(1)} s`, result])
  }
  return table.toString()
}
