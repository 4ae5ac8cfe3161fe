/**
 * Two machines with a gateway each, over one engine that they share. Either of them dies, or loses its connection; a power cut
 * takes both, and the last of what was visible with them. What one leaves the other takes over.
 */
import { recoverThenOpen, takeOver } from '../../src/pipeline/startup.ts'
import type { Clock } from '../../src/ports.ts'
import { createSharedEngine, type SharedEngine } from '../journal/shared/shared-engine.ts'
import { SharedStore } from '../journal/shared/shared-store.ts'
import type { Dice } from './dice.ts'
import { DurableRows } from './durable-rows.ts'
import type { Faults } from './faults.ts'
import { born, type Life } from './life.ts'
import { DEADLINE_MS } from './limits.ts'
import type { Machines } from './machine.ts'
import type { Model } from './model.ts'
import type { SimulatedNetwork } from './network.ts'
import { isPaused, type Pause } from './pauses.ts'
import type { Timeline } from './timeline.ts'

/** A gateway is at work on what it has begun for no longer than this. */
const FLIGHT_MS = DEADLINE_MS + 10_000
/** Others are looked after for so long after the last fault. */
const CALM_MS = 120_000
/** Of the crashes so many take the power of all. */
const POWER = 0.3

/** What is durable in the store. */
export class SharedPlatter extends DurableRows {
  readonly store = new SharedStore()
  #read = 0
  #outcomes = 0

  /** Reads what has become durable since the last time. */
  refresh(): void {
    for (; this.#read < this.store.durable; this.#read += 1) {
      for (const { exchange, outcome } of this.store.log[this.#read]!.entries) {
        this.#outcomes += 1
        const told = outcome && { ...outcome, id: this.#outcomes }
        if (exchange) this.take([told ? { exchange, outcome: told } : { exchange }])
        else if (told) this.take([{ outcome: told }])
      }
    }
  }
}

/** What the machines stand in. */
interface Around {
  readonly timeline: Timeline
  readonly dice: Dice
  readonly faults: Faults
  readonly platter: SharedPlatter
  readonly network: SimulatedNetwork
  readonly model: Model
  /** When an operator switches recovery off. */
  readonly pauses: readonly Pause[]
  /** Whether there are visits that have not ended. */
  isBusy(): boolean
  trace(line: string): void
}

/** A machine in the time between a start and a crash. */
interface Running {
  readonly engine: SharedEngine
  broken: Error | null
  life: Life | null
}

/** A write takes a moment to become durable, now and then a long one. */
const syncMs = (dice: Dice) => (dice.chance(0.03) ? dice.between(50, 400) : 0.2 + dice.next() * 4)

/** The machines. */
export class SharedMachines implements Machines {
  readonly #around: Around
  readonly #running: (Running | null)[] = [null, null]
  /** Counts power cuts: what was on its way to the disk then never gets there. */
  #power = 0
  /** The power goes while the next write is on its way to the disk: at any other moment there is hardly anything to lose. */
  #goesAtWrite = false
  #lives = 0

  constructor(around: Around) {
    this.#around = around
    const { store } = around.platter
    const write = store.write.bind(store)
    store.write = (written) => {
      const upTo = write(written)
      const power = this.#power
      if (this.#goesAtWrite) {
        this.#goesAtWrite = false
        around.timeline.after(0.1, () => void (power === this.#power && this.#cut()))
      }
      around.timeline.after(syncMs(around.dice), () => {
        if (power !== this.#power) return
        store.sync(upTo)
        around.platter.refresh()
      })
      return upTo
    }
  }

  get life(): Life | null {
    const lives = this.#running.flatMap((running) => running?.life ?? [])
    return lives.length === 0 ? null : this.#around.dice.pick(lives)
  }

  async start(): Promise<void> {
    await Promise.all(this.#running.map((_, place) => this.#start(place)))
  }

  async #start(place: number): Promise<void> {
    const { timeline, dice, faults, network, model, platter, trace } = this.#around
    this.#lives += 1
    const gateway = `${'AB'[place]}${this.#lives}`
    const powered = () => this.#running[place] === running
    const step = () => {
      if (powered() && network.happens('crash at a step', faults.crashAtStep)) this.#crash(place)
    }
    const travel = () =>
      new Promise<void>((resolve) => timeline.after(dice.next() * 0.4, () => powered() && resolve()))
    const engine = createSharedEngine({
      ...{ store: platter.store, gateway, clock: timeline, flightMs: FLIGHT_MS, travel },
      broken: () => running.broken,
    })
    const running: Running = { engine, broken: null, life: null }
    this.#running[place] = running
    const told = (line: string) => trace(`${gateway} ${line}`)
    const life = await born({
      ...{ timeline, dice, network, model, powered, step, trace: told },
      workers: [`recovery-${gateway}`],
      paused: () => this.#isPaused(),
      failing: () => running.broken !== null,
      engine: async () => engine,
    })
    running.life = life
    try {
      await recoverThenOpen(life.journal, life.recovery, () => {
        life.open = true
      })
      const isOver = () =>
        timeline.elapsed() > faults.endMs + CALM_MS &&
        !this.#around.isBusy() &&
        platter.store.tables.unresolved().length === 0
      const clock: Pick<Clock, 'after'> = {
        after: (ms, look) => timeline.after(ms, () => powered() && !isOver() && look()),
      }
      takeOver(life.journal, life.recovery, clock, life.services.reportFault)
    } catch (cause) {
      if (!running.broken) model.fault(`start: ${(cause as Error).stack}`)
    }
  }

  /** One gateway dies as it stands; it starts again after a while. */
  #crash(place: number): void {
    const running = this.#running[place]
    if (!running) return
    const { network, model, timeline, dice, trace } = this.#around
    network.happened('crash')
    trace(`gateway ${'AB'[place]} dies`)
    this.#running[place] = null
    running.engine.disconnect()
    const { life } = running
    if (life) {
      life.alive = false
      void life.transport.close()
      model.departures.dies()
      for (const hangUp of life.waiting) hangUp()
    }
    timeline.after(dice.between(50, 60_000), () => void this.#start(place))
  }

  /** The power of all goes: what was visible and not durable is gone, but for some of its first. */
  #cut(): void {
    const { dice, network, platter } = this.#around
    const { store } = platter
    this.#power += 1
    const tail = store.log.length - store.durable
    const kept = dice.between(0, tail)
    network.happened('power cut')
    if (kept < tail) network.happened('tail lost')
    for (const place of this.#running.keys()) this.#crash(place)
    store.cut(kept)
    platter.refresh()
  }

  crashSoon(): void {
    const { dice } = this.#around
    if (!dice.chance(POWER)) this.#crash(dice.between(0, 1))
    else if (dice.chance(0.5)) this.#cut()
    else this.#goesAtWrite = true
  }

  #isPaused(): boolean {
    return isPaused(this.#around.pauses, this.#around.timeline.elapsed())
  }

  planPauses(): void {
    const turn = () => {
      for (const running of this.#running) running?.life?.recovery.pause(this.#isPaused())
    }
    for (const { from, until } of this.#around.pauses) {
      for (const at of [from, until]) this.#around.timeline.after(at, turn)
    }
  }

  /** One gateway loses its connection for good, and is started again. */
  breakDisk(then: () => void): void {
    const { timeline, network, dice } = this.#around
    const place = dice.between(0, 1)
    const running = this.#running[place]
    if (!running?.life) {
      timeline.after(500, () => this.breakDisk(then))
      return
    }
    network.happened('connection broken')
    running.broken = new Error('the connection to the store is broken')
    running.life.failed = true
    running.engine.disconnect()
    then()
    timeline.after(dice.between(1_000, 20_000), () => {
      if (this.#running[place] === running) this.#crash(place)
    })
  }
}
