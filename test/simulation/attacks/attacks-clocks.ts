/** Attacks by the clock of the gateway, which is shifted inside its process; platforms and hospitals keep the right time. */
import { addDays, type Day, dayOf, type Instant } from '../../../src/domain/day.ts'
import { type Attack, meanwhile } from './attack.ts'
import type { Stage } from './stage.ts'

const HOUR_MS = 3_600_000
/** So long before a midnight the clock is set. */
const BEFORE_MS = 700
const SHANGHAI_MS = 8 * HOUR_MS

/** By how much a clock is to be shifted so that this day begins in a moment. */
const shiftTo = (day: Day, now: number) => Date.parse(`${day}T00:00:00Z`) - SHANGHAI_MS - BEFORE_MS - now

async function shifted(stage: Stage, ms: number): Promise<void> {
  const { machine, dice } = stage
  machine.shift(ms)
  await meanwhile(stage, 1200, 2200)
  if (dice.happens(0.5)) {
    // What was written in that time is read with it, and then without.
    await machine.kill()
    await machine.start(dice.happens(0.5) ? { ZHIJIE_ATTACK_SHIFT_MS: String(ms) } : {})
    await meanwhile(stage, 300, 800)
  }
  machine.shift(0)
}

/** All of them. */
export const CLOCK_ATTACKS: readonly Attack[] = [
  { name: 'clock forward', on: 'one', make: (stage) => shifted(stage, 36 * HOUR_MS) },
  { name: 'clock backward', on: 'one', make: (stage) => shifted(stage, -26 * HOUR_MS) },
  {
    name: 'clock backward by seconds',
    on: 'one',
    make: (stage) => shifted(stage, -stage.dice.between(1, 9) * 1000),
  },
  {
    name: 'over midnight',
    on: 'one',
    make(stage) {
      const now = Date.now()
      return shifted(stage, shiftTo(addDays(dayOf(now as Instant), 1), now))
    },
  },
  {
    name: "over the year's end",
    on: 'one',
    make(stage) {
      const now = Date.now()
      const next = (Number(dayOf(now as Instant).slice(0, 4)) + 1).toString()
      return shifted(stage, shiftTo(`${next}-01-01` as Day, now))
    },
  },
]
