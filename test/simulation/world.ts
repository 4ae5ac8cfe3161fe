/** A whole world in one thread from one seed: hospitals, the core of the gateway, a disk, a network, four platforms. */

import { shanghaiTime } from '../../src/domain/day.ts'
import type { OutboundReply } from '../../src/pipeline/context.ts'
import { handle } from '../../src/pipeline/handle.ts'
import type { Counter } from './counter.ts'
import { type Dice, diceOf } from './dice.ts'
import type { DurableRows } from './durable-rows.ts'
import { drawFaults, type Faults, PROVINCES } from './faults.ts'
import { database, atRest as figuresAtRest } from './figures.ts'
import { silentLater } from './hanging.ts'
import { personOf } from './hospital.ts'
import { codes, dialect, format, HOSPITALS, type Life } from './life.ts'
import { Machine, type Machines } from './machine.ts'
import { Model } from './model.ts'
import { type Hospital, nationalForm } from './national-form.ts'
import { National } from './national-platform.ts'
import { SimulatedNetwork } from './network.ts'
import { pausesOf } from './pauses.ts'
import { people } from './people.ts'
import { Platter } from './platter.ts'
import { Province } from './province.ts'
import { createRestDoor } from './rest-door.ts'
import { restForm } from './rest-form.ts'
import { longestRecovery, type Run } from './run.ts'
import type { Form, Sent } from './sent.ts'
import { SharedMachines, SharedPlatter } from './shared-machines.ts'
import { Timeline } from './timeline.ts'

const restDoor = createRestDoor(dialect, codes, database)

/** All is at rest long before this, three orders two nights after each other too; what is not will never be. */
const REST_MS = 9 * 24 * 3600 * 1000
/** Runs begin on a Monday morning, just before the midnight at which the codes change, or on the morning after. */
const MORNING = Date.UTC(2026, 2, 2, 1)
const LATE_EVENING = Date.UTC(2026, 2, 2, 15, 59)
const NEXT_MORNING = Date.UTC(2026, 2, 3, 1)
/** Questions at once to a province that hangs: more than its bulkhead takes. */
const BURST = 68

/** When it must be known that a province which has never answered is silent, and how soon it is then said. */
const SILENCE_KNOWN_MS = 4_000
const AT_ONCE_MS = 5
/** Questions one after another to a province that goes silent, and how long it is still asked then. */
const ASKED_EACH_MS = 150
const STILL_ASKED_MS = 4_000
/** One call in so many says that it waits no longer than this. */
const IMPATIENT = 5
const PATIENCE_MS = 2_000

/** How a run is looked at. */
export interface Options {
  /** Two gateways over one engine that they share, instead of one that has its journal for itself. */
  readonly shared?: boolean
  /** Told what happens, a line an event, for a replay. */
  trace?(line: string): void
}

class World {
  readonly timeline: Timeline
  readonly dice: Dice
  readonly faults: Faults
  readonly platter: DurableRows
  readonly model: Model
  readonly network: SimulatedNetwork
  readonly provinces: ReadonlyMap<string, Province>
  readonly national: National
  readonly machine: Machines
  /** Visits that go on. */
  visits = 0
  #serial = 0
  #calls = 0
  readonly #keys = new Map<string, number>()
  readonly #underWay = new Map<string, Set<{ met: boolean }>>()
  readonly #trace: (line: string) => void

  constructor(seed: number, { trace = () => {}, shared = false }: Options) {
    this.#trace = (line) => trace(`${(this.timeline.elapsed() / 1000).toFixed(3)} s  ${line}`)
    this.dice = diceOf(seed)
    const evening = LATE_EVENING + this.dice.between(0, 60_000)
    this.timeline = new Timeline(this.dice.pick([MORNING, evening, evening, NEXT_MORNING]))
    this.faults = silentLater(drawFaults(this.dice), seed)
    const platter = shared ? new SharedPlatter() : new Platter()
    this.platter = platter
    this.model = new Model(platter, this.faults, shared)
    this.network = new SimulatedNetwork(this.timeline, this.dice, this.faults)
    const refuses = () => this.network.happens('refusal', this.faults.refusals)
    const now = () => this.timeline.now()
    // Where only one province hangs nothing else may keep anybody waiting.
    const happens = (kind: string, probability: number) =>
      this.faults.hung === null && this.network.happens(kind, probability)
    const around = { now, refuses, happens }
    this.provinces = new Map(PROVINCES.map((code) => [code, new Province(code, this.dice, around)]))
    this.network.seen = (line) => this.#trace(line)
    this.national = new National(
      (province, bytes, back) => this.network.hop(province, bytes, back),
      () => this.network.in('national', 'stopped'),
    )
    Object.assign(this.network, { national: this.national, provinces: this.provinces })
    const about = {
      ...{ timeline: this.timeline, dice: this.dice, faults: this.faults },
      ...{ network: this.network, model: this.model, trace: this.#trace },
      pauses: pausesOf(seed),
    }
    // Two workers over one journal in every fourth run.
    const workers = ['recovery-1', 'recovery-2'].slice(0, seed % 4 === 0 ? 2 : 1)
    this.machine =
      platter instanceof SharedPlatter
        ? new SharedMachines({ ...about, platter, isBusy: () => this.visits > 0 })
        : new Machine({ ...about, platter, workers })
  }

  async call(sent: Sent): Promise<OutboundReply | null> {
    const { timeline, model } = this
    const { life } = this.machine
    // Over REST the door itself says that it is not open yet.
    if (!life || (!life.open && sent.door === 'national')) {
      await timeline.sleep(50)
      return null
    }
    model.arrives(sent)
    this.#trace(`asked     ${sent.name}`)
    const began = timeline.elapsed()
    const since = timeline.now()
    const failedBefore = life.failed
    const together = this.#meet(sent.key)
    this.#calls += 1
    const patienceMs = this.#calls % IMPATIENT === 0 ? PATIENCE_MS : null
    return new Promise((resolve) => {
      const hangUp = () => resolve(null)
      life.waiting.add(hangUp)
      void this.#through(life, sent, patienceMs).then(
        (answer) => {
          if (!life.alive) return
          life.waiting.delete(hangUp)
          this.#trace(`answered  ${sent.name} ${answer.problem ?? 'yes'}`)
          const { open } = life
          const tookMs = timeline.elapsed() - began
          const alone = together.leave()
          const diskFailing = life.failing()
          model.answers(sent, answer, { since, tookMs, patienceMs, open, diskFailing, failedBefore, alone })
          resolve(answer)
        },
        (cause) => model.fault(`handle threw: ${cause}`),
      )
    })
  }

  /** Notes who is under way with one key at once. */
  #meet(key: string): { leave(): boolean } {
    const others = this.#underWay.get(key) ?? new Set()
    const own = { met: others.size > 0 }
    for (const other of others) other.met = true
    this.#underWay.set(key, others.add(own))
    return { leave: () => others.delete(own) && !own.met }
  }

  /** Each hospital has two systems, and each of them sends again, and asks about, what the other has sent. */
  #system(): string {
    return this.#calls % 2 === 0 ? 'his' : 'pharmacy'
  }

  #bySystem(sent: Sent): Sent {
    return { ...sent, rest: { ...sent.rest!, caller: `${sent.rest!.caller}/${this.#system()}` } }
  }

  #through(life: Life, sent: Sent, patienceMs: number | null): Promise<OutboundReply> {
    if (sent.door === 'rest')
      return restDoor.call(
        life.services,
        () => life.open,
        this.#bySystem(sent),
        patienceMs,
        (fault) => this.model.fault(fault),
      )
    const patience = patienceMs === null ? null : { since: this.timeline.elapsed(), waitMs: patienceMs }
    const caller = { id: this.#system(), institutions: 'any' } as const
    const request = { dialect, format, caller, body: sent.bytes, transaction: null, patience }
    return handle(life.services, request) as Promise<OutboundReply>
  }

  async status(sent: Sent): Promise<void> {
    // At a moment of its own, so that nothing is half known.
    await this.timeline.sleep(1)
    const { life } = this.machine
    if (!life?.open) return
    const { caller, key } = this.#bySystem(sent).rest!
    const since = this.timeline.now()
    const told = await restDoor.status(life.services, () => life.open, caller, key!)
    // After a failed write the platter may hold more than the core may believe.
    if (life.alive && !life.failing()) this.model.told(sent, told, since)
  }

  /** While the disk fails people go on asking. */
  #goOnAsking(): void {
    const form = this.form(false)
    for (const index of [21, 22, 23]) {
      const ask = () => void this.call(form.ask(personOf(index, '621000'), null))
      this.timeline.after(this.dice.between(0, 5_000), ask)
    }
  }

  /** A hospital's way of saying things; the two REST callers count their keys alike. */
  form(rest: boolean, hospital: Hospital = this.dice.pick(HOSPITALS)): Form {
    if (!rest) {
      const at = () => shanghaiTime(this.timeline.now())
      return nationalForm(hospital, at, () => {
        this.#serial += 1
        return this.#serial
      })
    }
    const id = `rest-${hospital.code}`
    return restForm({ ...hospital, id }, () => {
      this.#keys.set(id, (this.#keys.get(id) ?? 0) + 1)
      return this.#keys.get(id)!
    })
  }

  plan(): void {
    const { faults, timeline, dice } = this
    this.machine.planPauses()
    for (const at of faults.crashes) timeline.after(at, () => this.machine.crashSoon())
    if (faults.diskFaultAt !== null)
      timeline.after(faults.diskFaultAt, () => this.machine.breakDisk(() => this.#goOnAsking()))
    if (!faults.hung) return
    const area = { '620000': '621000', '430000': '430900', '340000': '340200' }[faults.hung]!
    const form = this.form(false)
    const [trouble] = faults.troubles
    if (trouble!.from > 0) this.#askOnAndOn(form, area, trouble!.from + STILL_ASKED_MS)
    timeline.after(dice.between(0, 4_000), () => {
      for (let index = 0; index < BURST; index += 1) void this.call(form.ask(personOf(20, area), null))
      // A gateway that was not open yet has taken none of them.
      if (this.machine.life?.open && trouble!.kind === 'silent' && trouble!.from === 0)
        timeline.after(SILENCE_KNOWN_MS, () => void this.#askTheSilent(form.ask(personOf(20, area), null)))
    })
  }

  /** People who ask one after another, while the province answers and when it does no more. */
  #askOnAndOn(form: Form, area: string, untilMs: number): void {
    for (let at = ASKED_EACH_MS; at < untilMs; at += ASKED_EACH_MS)
      this.timeline.after(at, () => void this.call(form.ask(personOf(20, area), null)))
  }

  /** Rule 5: by now it is known that the province is silent, so whoever asks is told at once. */
  async #askTheSilent(sent: Sent): Promise<void> {
    const began = this.timeline.elapsed()
    await this.call(sent)
    const tookMs = this.timeline.elapsed() - began
    if (tookMs > AT_ONCE_MS) this.model.fault(`${sent.name} to a silent province took ${tookMs} ms`)
  }

  /** Somebody comes, and is waited for. */
  attend(what: string, visit: Promise<void>): void {
    this.visits += 1
    void visit.then(
      () => {
        this.visits -= 1
      },
      (cause) => this.model.fault(`${what}: ${cause instanceof Error ? cause.stack : cause}`),
    )
  }

  counter(): Counter {
    return {
      timeline: this.timeline,
      dice: this.dice,
      model: this.model,
      call: (sent) => this.call(sent),
      durable: (sent) => this.platter.key(sent.key) !== undefined,
      status: (sent) => this.status(sent),
    }
  }
}

/** Runs one world to its rest. The same seed gives the same run. */
export async function simulate(seed: number, options: Options = {}): Promise<Run> {
  return lived(seed, new World(seed, options))
}

async function lived(seed: number, world: World): Promise<Run> {
  const { timeline, model, network, platter } = world
  void world.machine.start()
  world.plan()
  people(world, seed)
  const rested = await timeline.run(REST_MS)
  if (!rested) model.fault('not at rest')
  else if (world.visits > 0) model.fault(`${world.visits} visits never ended`)
  const cases = (await world.machine.life?.recovery.cases()) ?? []
  if (cases.length > 0) model.fault('open cases at rest')
  const provinces = [...world.provinces.values()]
  const money = figuresAtRest(platter, provinces, model)
  const books = [world.national.book(provinces), ...provinces.map((each) => each.book())]
  const { lost, doubled, unknownLeft } = model.atRest(money, books, provinces)
  return {
    seed,
    faults: [...network.made.values()].reduce((sum, count) => sum + count, 0),
    faultsByKind: network.made,
    settlements: platter
      .keyed()
      .filter(
        ({ exchange, outcomes }) =>
          exchange.kind === 'settlement' && outcomes.some(({ state }) => state === 'accepted'),
      ).length,
    lost,
    doubled,
    unknownLeft,
    longestRecoveryMs: longestRecovery(platter),
    violations: model.violations,
  }
}
