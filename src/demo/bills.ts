/**
 * Generates a day of cross-regional bills: who is treated where, for what, and what goes wrong. Drawn from a seed
 * over the synthetic insured and the institutions of the demonstration. Shares [A]:
 * docs/facts/cross-region.md, Simulator.
 */

import type { Codes } from '../codes/codes.ts'
import type { Day } from '../domain/day.ts'
import type { Lane } from '../domain/lane.ts'
import type { CodebookEntry, CodeMap } from '../extension/codebook.ts'
import type { Dice } from '../seeded-random.ts'
import { type Way, wayOf } from './ways.ts'

/** An insured person, as returned by `GET /people` of a province. */
export interface DemoPerson {
  readonly psn_no: string
  readonly credentials: readonly { mdtrt_cert_type: string; mdtrt_cert_no: string; card_sn: string }[]
  readonly insurance: readonly {
    insutype: string
    psn_type: string
    psn_insu_stas: string
    insuplc_admdvs: string
  }[]
  readonly filings: readonly { kind: string; destination: string; from: string; until: string | null }[]
  readonly chronic: readonly { readonly code: string }[]
  /** Whether a relative's account may be used; absent: not. */
  readonly family?: boolean
}

/** A fee line before it is sent. */
export interface DemoLine {
  /** The hospital's own code. */
  readonly item: string
  readonly price: string
  readonly count: number
}

/** Unusual course of a bill. */
export type Twist = 'none' | 'bad-code' | 'wrong-sum' | 'sent-twice' | 'cancelled' | 'emergency'

/** One bill of the day. */
export interface Bill {
  readonly number: number
  readonly lane: Lane
  readonly person: DemoPerson
  readonly institution: CodebookEntry
  readonly diagnosis: { readonly code: string; readonly name: string }
  /** Chronic disease: for its lane, and for buying medicine for it. */
  readonly disease: string
  readonly lines: readonly DemoLine[]
  readonly twist: Twist
  /** Days in hospital. */
  readonly days: number
  /** A lane with special rules; null: none. */
  readonly way: Way | null
}

/** Data that the day is drawn from. */
export interface World {
  readonly people: readonly DemoPerson[]
  readonly institutions: readonly CodebookEntry[]
  /** Absent: no purchases. */
  readonly pharmacies?: readonly CodebookEntry[]
  readonly maps: readonly CodeMap[]
  readonly diagnoses: readonly CodebookEntry[]
  readonly codes: Codes
  readonly today: Day
}

const INPATIENT_SHARE = 0.16
const CHRONIC_SHARE = 0.12
const PHARMACY_SHARE = 0.15
/** Share of chronic medicine in the purchases of people with a chronic disease. */
const CHRONIC_MEDICINE_SHARE = 0.5
const CROSS_SHARE = 0.75
/** Share of people treated where their filing says; the others are refused at the counter. */
const AS_FILED_SHARE = 0.95

function areaOf(institution: CodebookEntry): string {
  return institution.attributes?.area ?? institution.code.slice(1, 7)
}

function isOpen(institution: CodebookEntry, lane: Lane): boolean {
  const { state, lanes = '' } = institution.attributes ?? {}
  return state !== 'suspended' && lanes.split(' ').includes(lane)
}

/** Draws the place of treatment: outside the pooling area, mostly outside the province, mostly as filed. */
function placeFor(dice: Dice, world: World, person: DemoPerson, lane: Lane): CodebookEntry {
  const home = person.insurance[0]!.insuplc_admdvs
  const places = lane === 'pharmacy' ? (world.pharmacies ?? []) : world.institutions
  const open = places.filter((place) => isOpen(place, lane) && areaOf(place).slice(0, 4) !== home.slice(0, 4))
  const cross = open.filter((place) => areaOf(place).slice(0, 2) !== home.slice(0, 2))
  const intra = open.filter((place) => areaOf(place).slice(0, 2) === home.slice(0, 2))
  if (intra.length > 0 && !dice.happens(CROSS_SHARE)) return dice.pick(intra)
  const filed = cross.filter((place) =>
    person.filings.some((filing) => filing.destination.slice(0, 4) === areaOf(place).slice(0, 4)),
  )
  return dice.pick(filed.length > 0 && dice.happens(AS_FILED_SHARE) ? filed : cross)
}

/** The hospital's item codes usable on the day, each mapped to one national code. */
function itemsOf({ maps, codes, today }: World, institution: CodebookEntry): readonly string[] {
  const system = institution.attributes?.system ?? institution.code
  const rows = maps
    .filter((map) => map.system === system && map.standard !== 'diagnosis')
    .flatMap((map) => map.editions.flatMap((edition) => edition.rows))
  const usable = (code: string) => {
    const resolved = codes.resolve('item', { system, code }, today)
    return resolved.ok && (resolved.also?.length ?? 0) === 0
  }
  return [...new Set(rows.map(({ code }) => code))].filter(usable)
}

/** Diagnoses of an institution: its own codes if it has some, else national ones. */
function diagnosesOf(
  { maps, codes, diagnoses, today }: World,
  institution: CodebookEntry,
): readonly { code: string; name: string }[] {
  const system = institution.attributes?.diagnosisSystem
  const map = system && maps.find((one) => one.system === system && one.standard === 'diagnosis')
  if (!map) return diagnoses
  const rows = map.editions.flatMap((edition) => edition.rows)
  return rows.filter(({ code }) => codes.resolve('diagnosis', { system: map.system, code }, today).ok)
}

function linesFor(dice: Dice, items: readonly string[], lane: Lane): DemoLine[] {
  const count = lane === 'inpatient' ? dice.between(12, 40) : dice.between(2, 6)
  const dear = lane === 'inpatient' ? 42_000 : 6_500
  return Array.from({ length: count }, () => ({
    item: dice.pick(items),
    price: (dice.between(150, dear) / 100).toFixed(2),
    count: dice.between(1, lane === 'inpatient' ? 6 : 2),
  }))
}

function twistFor(dice: Dice, lane: Lane): Twist {
  const drawn = dice.next()
  if (drawn < 0.012) return 'bad-code'
  if (drawn < 0.017) return 'wrong-sum'
  if (drawn < 0.04) return 'sent-twice'
  if (drawn < (lane === 'pharmacy' ? 0.12 : 0.055)) return 'cancelled'
  return lane === 'inpatient' && drawn < 0.13 ? 'emergency' : 'none'
}

/** Draws one bill. */
export function drawBill(dice: Dice, world: World, number: number): Bill {
  if (world.pharmacies && dice.happens(PHARMACY_SHARE)) return drawPurchase(dice, world, number)
  const person = dice.pick(world.people)
  const diseases = person.chronic.map(({ code }) => code)
  const drawn = dice.next()
  const chronic = diseases.length > 0 && drawn < INPATIENT_SHARE + CHRONIC_SHARE * 2
  const lane: Lane = drawn < INPATIENT_SHARE ? 'inpatient' : chronic ? 'chronic' : 'outpatient'
  const institution = placeFor(dice, world, person, lane)
  const diagnosis = dice.pick(diagnosesOf(world, institution))
  const bill = {
    number,
    lane,
    person,
    institution,
    diagnosis,
    disease: lane === 'chronic' ? dice.pick(diseases) : '',
    lines: linesFor(dice, itemsOf(world, institution), lane),
    twist: twistFor(dice, lane),
    days: dice.between(2, 14),
  }
  return { ...bill, way: wayOf(bill) }
}

/** Draws a purchase at a pharmacy. */
function drawPurchase(dice: Dice, world: World, number: number): Bill {
  const lane = 'pharmacy'
  const person = dice.pick(world.people)
  const institution = placeFor(dice, world, person, lane)
  const diseases = isOpen(institution, 'chronic') ? person.chronic.map(({ code }) => code) : []
  return {
    ...{ number, lane, person, institution },
    diagnosis: { code: '', name: '' },
    disease: diseases.length > 0 && dice.happens(CHRONIC_MEDICINE_SHARE) ? dice.pick(diseases) : '',
    lines: linesFor(dice, itemsOf(world, institution), lane),
    twist: twistFor(dice, lane),
    days: 0,
    way: null,
  }
}

/** The pair of a bill: insured province → province of treatment. */
export function pairOf(bill: Bill): string {
  const home = bill.person.insurance[0]!.insuplc_admdvs
  return `${home.slice(0, 2)}0000→${areaOf(bill.institution).slice(0, 2)}0000`
}
