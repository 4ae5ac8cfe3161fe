/**
 * A complete run: the lanes one after another, then every transaction of the catalogue, valid and invalid,
 * concurrently.
 */
import type { MessageSender } from '../client/message.ts'
import { addDays, dayOf, type Instant, shanghaiTime } from '../domain/day.ts'
import type { Catalogue } from '../extension/catalogue.ts'
import type { CatalogueHead } from '../extension/catalogue-rows.ts'
import { badInputsOf, goodInputs, inOrder, type Values } from './catalogue-checks.ts'
import type { Check } from './check.ts'
import { LANES } from './lanes/lanes.ts'
import type { Insured, Place } from './place.ts'
import { Broken, Play } from './play.ts'
import type { Target } from './target.ts'

/** Dependencies. */
export interface Run {
  readonly target: Target
  readonly place: Place
  readonly catalogue: Catalogue
  /** Whether a transaction is defined entirely by its catalogue row, so that the gateway checks every rule. */
  isDescribed(number: string): boolean
  /** Maximum messages in flight. */
  readonly at: number
  now(): Instant
  /** Restricts the transactions; absent: all. */
  readonly only?: ReadonlySet<string>
  /** Called now and then with the number of finished checks and the current group. */
  progress(done: number, of: string): void
}

/** Patients of each lane: one from the city, one from elsewhere in the province, one from another province. */
function patientsFor(lane: (typeof LANES)[number], { patients, institution }: Place): Insured[] {
  const able = patients.filter((patient) => lane.takes(patient))
  const [city, province] = [institution.area.slice(0, 4), institution.area.slice(0, 2)]
  const near = able.find(({ insuredArea }) => insuredArea.startsWith(city))
  const far = able.find(({ insuredArea }) => !insuredArea.startsWith(province))
  const between = able.find(
    (one) => one.insuredArea.startsWith(province) && !one.insuredArea.startsWith(city),
  )
  return [near, between, far].filter((patient) => patient !== undefined)
}

/** Plays everything. @returns all checks */
export async function runAll(run: Run): Promise<Check[]> {
  const checks: Check[] = []
  const note = (check: Check) => {
    checks.push(check)
    run.progress(checks.length, `${check.lane} ${check.transaction}`)
  }
  const played = await playLanes(run, note)
  await playCatalogue(run, played, note)
  return checks
}

/** @returns the transactions played: they need an existing visit, so no inputs are generated for them */
async function playLanes(
  { target, place, now, only }: Run,
  note: (check: Check) => void,
): Promise<ReadonlySet<string>> {
  const played = new Set<string>()
  const { code: institution, name, area: treatmentArea } = place.institution
  let serial = 0
  for (const lane of LANES) {
    for (const patient of patientsFor(lane, place)) {
      serial += 1
      const at = now()
      const moment = { number: `CK${at}${serial}`, at: shanghaiTime(at) }
      const sender = { institution, name, treatmentArea, insuredArea: patient.insuredArea }
      const noteThese = (check: Check) => {
        played.add(check.transaction)
        if (!only || only.has(check.transaction)) note(check)
      }
      await playOne(() => lane.play(new Play(target, lane.name, sender, noteThese), place, patient, moment))
    }
  }
  return played
}

/** A failure is recorded where the lane stopped. */
async function playOne(play: () => Promise<void>): Promise<void> {
  try {
    await play()
  } catch (cause) {
    if (!(cause instanceof Broken)) throw cause
  }
}

async function playCatalogue(
  run: Run,
  played: ReadonlySet<string>,
  note: (check: Check) => void,
): Promise<void> {
  const { catalogue, place, only } = run
  const { code: institution, name, area: treatmentArea } = place.institution
  const sender = { institution, name, treatmentArea, insuredArea: treatmentArea }
  const heads = inOrder(catalogue.heads.values()).filter(({ number }) => !only || only.has(number))
  for (const head of heads) {
    if (run.isDescribed(head.number) && !played.has(head.number)) await playGood(run, sender, head, note)
    await playBad(run, sender, head, note)
  }
}

async function playGood(
  run: Run,
  sender: MessageSender,
  { number, group }: CatalogueHead,
  note: (check: Check) => void,
): Promise<void> {
  const { catalogue, target, place } = run
  const province = catalogue.provinceOf(place.institution.area)
  const play = new Play(target, group, sender, note)
  for (const { what, input } of goodInputs(catalogue, number, province, valuesOf(run)))
    await playOne(async () => void (await play.yes(number, what, input)))
}

async function playBad(
  run: Run,
  sender: MessageSender,
  { number, group }: CatalogueHead,
  note: (check: Check) => void,
): Promise<void> {
  const { catalogue, target, place, at } = run
  const province = catalogue.provinceOf(place.institution.area)
  const play = new Play(target, group, sender, note)
  const bad = badInputsOf(catalogue, number, province, run.isDescribed(number), valuesOf(run))
  const counters = Array.from({ length: at }, async () => {
    for (const { what, input, refusal } of bad) await play.no(number, what, input, refusal)
  })
  await Promise.all(counters)
}

/** Maximum number of trace codes used in a run. */
const CODES_MAX = 1000

/** Ids that must refer to existing objects: the sender, a person of the place; days on which the books are open. */
function valuesOf({ place, now }: Run): Values {
  const { code, area } = place.institution
  const today = dayOf(now())
  const patient = place.patients.find(({ insuredArea }) => insuredArea.slice(0, 4) === area.slice(0, 4))
  const { psn_no, insutype } = patient ?? place.patients[0]!
  const window = { begndate: addDays(today, -1), enddate: today }
  // A trace code is sold only once, across all runs.
  let serial = now() * CODES_MAX
  const drug_trac_codg = () => {
    serial += 1
    return String(serial).padStart(20, '8')
  }
  const ids = { fixmedins_code: code, orgCodg: code, psn_no, insutype, mdtrt_id: 'CKV1', chrg_bchno: 'CKB1' }
  return { ...ids, drug_trac_codg, ...window }
}
