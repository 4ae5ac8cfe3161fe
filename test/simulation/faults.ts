/** What goes wrong in a run, and how much of it: drawn once from the seed. */
import type { Dice } from './dice.ts'

/** What goes wrong in a run. */
export interface Faults {
  /** Nothing goes wrong from here on, in milliseconds since the beginning. */
  readonly endMs: number
  readonly loss: number
  readonly duplicate: number
  readonly late: number
  readonly garbled: number
  readonly refused: number
  readonly refusals: number
  /** Windows in which a platform is slow, silent, refuses connections, or has stopped as announced. */
  readonly troubles: readonly Trouble[]
  readonly crashes: readonly number[]
  /** Chance that a send, an answer or a commit is the moment of a crash. */
  readonly crashAtStep: number
  readonly diskFaultAt: number | null
  /** Chance that a crash turns one bit of what was durable. */
  readonly damage: number
  /** The one province whose trouble is all that happens; then everything about the others is held to its bound. */
  readonly hung: string | null
}

/** A window of trouble of one platform. */
export interface Trouble {
  readonly platform: string
  readonly kind: 'slow' | 'silent' | 'refusing' | 'stopped'
  readonly from: number
  readonly until: number
}

/** The provinces of a run. */
export const PROVINCES = ['620000', '430000', '340000'] as const
const PLATFORMS = ['national', ...PROVINCES]

/** A run in which nothing goes wrong. One in twelve, so that a fault of the simulation itself shows. */
function quiet(dice: Dice): Faults {
  const nothing = {
    loss: 0,
    duplicate: 0,
    late: 0,
    garbled: 0,
    refused: 0,
    refusals: 0,
    crashAtStep: 0,
    damage: 0,
  }
  const endMs = dice.between(20_000, 90_000)
  return { endMs, ...nothing, troubles: [], crashes: [], diskFaultAt: null, hung: null }
}

/** Draws what goes wrong. */
export function drawFaults(dice: Dice): Faults {
  const calm = quiet(dice)
  const kind = dice.next()
  if (kind < 1 / 12) return calm
  if (kind < 2 / 12) return hanging(dice, calm)
  if (kind < 2.6 / 12) return { ...calm, diskFaultAt: dice.between(0, 15_000) }
  return rough(dice, calm)
}

/** One province hangs or answers late from the beginning to the end. */
function hanging(dice: Dice, calm: Faults): Faults {
  const hung = dice.pick(PROVINCES)
  const kind = dice.pick(['silent', 'slow', 'refusing'] as const)
  return { ...calm, hung, troubles: [{ platform: hung, kind, from: 0, until: calm.endMs }] }
}

function rough(dice: Dice, calm: Faults): Faults {
  const { endMs } = calm
  const some = (most: number) => (dice.chance(0.6) ? dice.next() * most : 0)
  const times = (most: number) =>
    Array.from({ length: dice.between(0, most) }, () => dice.between(0, Math.min(endMs, 40_000)))
  return {
    ...calm,
    loss: some(0.3),
    duplicate: some(0.3),
    late: some(0.2),
    garbled: some(0.15),
    refused: some(0.15),
    refusals: some(0.15),
    troubles: Array.from({ length: dice.between(0, 2) }, () => {
      const from = dice.between(0, 30_000)
      const kind = dice.pick(['slow', 'silent', 'refusing', 'stopped'] as const)
      return { platform: dice.pick(PLATFORMS), kind, from, until: from + dice.between(1_000, 30_000) }
    }),
    crashes: dice.chance(0.6) ? times(3) : [],
    crashAtStep: dice.chance(0.4) ? 0.01 : 0,
    damage: dice.chance(0.15) ? 0.3 : 0,
    diskFaultAt: dice.chance(0.12) ? dice.between(0, 15_000) : null,
  }
}
