/** The machine that the gateway runs on: it starts, dies, is damaged, runs out of disk, and starts again. */
import { segmentName } from '../../src/journal/segment/scan.ts'
import { recoverThenOpen } from '../../src/pipeline/startup.ts'
import type { Dice } from './dice.ts'
import type { Faults } from './faults.ts'
import { openFiles, type SimulatedFiles } from './files.ts'
import { LateIndex } from './late-index.ts'
import { born, embedded, type Life } from './life.ts'
import type { Model } from './model.ts'
import type { SimulatedNetwork } from './network.ts'
import { isPaused, type Pause } from './pauses.ts'
import type { Platter } from './platter.ts'
import type { Timeline } from './timeline.ts'

/** Small segments, so that the journal goes over into the next one all the time; longer ones where a burst comes. */
const SEGMENT_BYTES = 48 * 1024
const SEGMENT_BYTES_BURST = 128 * 1024

/** What a machine stands in. */
interface Around {
  readonly timeline: Timeline
  readonly dice: Dice
  readonly faults: Faults
  readonly platter: Platter
  readonly network: SimulatedNetwork
  readonly model: Model
  /** When an operator switches recovery off. */
  readonly pauses: readonly Pause[]
  /** Names of those that recover. */
  readonly workers: readonly string[]
  trace(line: string): void
}

/** What gateways run on: one machine, or two. */
export interface Machines {
  /** The gateway that somebody comes to who calls now; null where none runs. */
  readonly life: Life | null
  start(): Promise<void>
  planPauses(): void
  crashSoon(): void
  /** What the journal stands on fails. @param then told once it does */
  breakDisk(then: () => void): void
}

/** The machine. */
export class Machine implements Machines {
  life: Life | null = null
  #files: SimulatedFiles | null = null
  #damage: { repair(): void } | null = null
  readonly #index = new LateIndex()
  readonly #around: Around

  constructor(around: Around) {
    this.#around = around
  }

  /** Starts the machine: the journal, recovery, then the door. */
  async start(): Promise<void> {
    const { timeline, dice, network, model, faults, workers, trace } = this.#around
    const step = () => {
      if (files === this.#files && network.happens('crash at a step', faults.crashAtStep)) this.crash()
    }
    const happened = (kind: string) => network.happened(kind)
    const files: SimulatedFiles = openFiles(this.#around.platter, timeline, dice, {
      ...{ step, happened },
      die: () => this.crash(),
    })
    this.#files = files
    const powered = () => files === this.#files
    model.starts()
    try {
      const segmentBytes = faults.hung ? SEGMENT_BYTES_BURST : SEGMENT_BYTES
      const index = this.#index
      const life = await born({
        ...{ timeline, dice, network, model, powered, step, workers, trace },
        paused: () => this.#isPaused(),
        failing: () => files.failing(),
        engine: (clock, failed) => embedded({ dice, files, index, segmentBytes, trace }, clock, failed),
      })
      if (this.#damage) model.fault('the journal was damaged, and the gateway started')
      this.life = life
      await recoverThenOpen(life.journal, life.recovery, () => {
        life.open = true
        // The cases are told before anything else can happen.
        void life.recovery.cases().then((cases) => model.opens(cases.map(({ exchange }) => exchange)))
      })
    } catch (cause) {
      this.#notStarted(cause as Error)
    }
  }

  /** A damaged journal must not be started from, and a failing disk cannot be; someone puts it right. */
  #notStarted(cause: Error): void {
    if (this.#files?.failing()) {
      this.crash()
      return
    }
    if (!this.#damage || cause.name !== 'JournalFault') {
      this.#around.model.fault(`start: ${cause.stack}`)
      return
    }
    this.#around.trace(cause.message)
    this.#damage.repair()
    this.#damage = null
    this.crash()
  }

  /** Turns one bit of the segment that was written last. */
  #hurt(): void {
    const { segment, offset } = this.#around.platter.end
    const { bytes } = this.#around.platter.names.get(segmentName(segment))!
    const [at, bit] = [this.#around.dice.between(0, offset - 1), 1 << this.#around.dice.between(0, 7)]
    const turn = () => {
      bytes[at] = bytes[at]! ^ bit
    }
    turn()
    this.#around.network.happened('damage')
    this.#damage = { repair: turn }
  }

  /** The gateway dies as it stands; it starts again after a while. */
  crash(): void {
    const { life } = this
    const { network } = this.#around
    if (!this.#files) return
    network.happened('crash')
    this.#around.trace('the gateway dies')
    this.#files.crash()
    this.#files = null
    const index = this.#index.crash(this.#around.dice)
    if (index) network.happened(index)
    if (life) this.#bury(life)
    if (!this.#damage && network.rough() && this.#around.dice.chance(this.#around.faults.damage)) this.#hurt()
    this.#around.timeline.after(this.#around.dice.between(50, 15_000), () => void this.start())
  }

  #isPaused(): boolean {
    return isPaused(this.#around.pauses, this.#around.timeline.elapsed())
  }

  /** The operator's hand at the kill switch of recovery. */
  planPauses(): void {
    const turn = () => this.life?.recovery.pause(this.#isPaused())
    for (const { from, until } of this.#around.pauses) {
      for (const at of [from, until]) this.#around.timeline.after(at, turn)
    }
  }

  /** The power goes now, or as soon as something is written. */
  crashSoon(): void {
    if (this.#around.dice.chance(0.5)) this.crash()
    else this.#files?.dieInWrite()
  }

  #bury(life: Life): void {
    life.alive = false
    void life.transport.close()
    this.#around.model.departures.dies()
    this.life = null
    for (const hangUp of life.waiting) hangUp()
  }

  /** A failing disk, and the restart by which someone mends it. @param then told once it fails */
  breakDisk(then: () => void): void {
    const { life } = this
    const { dice, timeline, network } = this.#around
    if (!life?.alive) {
      timeline.after(500, () => this.breakDisk(then))
      return
    }
    const fault = dice.pick(['ENOSPC', 'EIO', 'no new segment'] as const)
    network.happened(`disk: ${fault}`)
    this.#files?.fail(fault)
    then()
    timeline.after(dice.between(1_000, 20_000), () => {
      if (this.life === life) this.crash()
    })
  }
}
