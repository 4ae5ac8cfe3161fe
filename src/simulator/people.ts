/**
 * Synthetic insured people. Nobody of them exists: identity numbers begin with the unassigned area 9900, names with 测,
 * telephones are zeros. The same province, count and seed give the same people in the same order.
 */
import { type Area, parseArea } from '../domain/area.ts'
import { type Day, parseDay } from '../domain/day.ts'
import type { Filing, FilingKind } from '../domain/filing.ts'
import { asFen, type Fen, ZERO } from '../domain/money.ts'
import { identityCheck } from '../domain/person.ts'
import { type Draw, pick, seededRandom } from '../seeded-random.ts'
import { CHRONIC_DISEASES } from './chronic.ts'
import { type PersonGroup, REGIONS } from './region.ts'
import type { Supplement } from './supplements.ts'

type SupplementName = Supplement['name']

/** One participation `insuinfo`. */
export interface Insurance {
  readonly insutype: '310' | '390'
  readonly psnType: '1101' | '1201' | '1501' | '1403'
  /** State `psn_insu_stas`: 1 insured, 2 suspended. */
  readonly status: '1' | '2'
  readonly area: Area
  /** Balance of the personal account at the start. */
  readonly opening: Fen
}

/** Something shown at the counter. */
interface Credential {
  readonly kind: '01' | '02' | '03'
  readonly number: string
  readonly cardSerial: string
}

/** One insured person. */
export interface Person {
  readonly number: string
  readonly name: string
  readonly gender: '1' | '2'
  readonly birth: Day
  readonly documentKind: string
  readonly document: string
  readonly phone: string
  readonly credentials: readonly Credential[]
  readonly insurance: readonly Insurance[]
  readonly filings: readonly Filing[]
  /** Certified chronic diseases. */
  readonly chronic: readonly { readonly code: string; readonly from: Day; readonly until: Day }[]
  /** Category of medical assistance, or null. */
  readonly assistance: string | null
  /** Who pays besides the basic layers. */
  readonly supplements: readonly SupplementName[]
  /** Number of the relative whose personal account may be used (家庭共济), or null. */
  readonly family: string | null
}

/** Cities that people file to: two of each simulated province. */
export const CITIES = [
  '621000',
  '620100',
  '340100',
  '340200',
  '640300',
  '640100',
  '430900',
  '430100',
  '440100',
  '440300',
].map(parseArea)

/** Where the people of a province are insured; weighted towards the seed's region. */
const INSURED_AREAS: Readonly<Record<string, readonly string[]>> = {
  '620000': ['621000', '621025', '621002', '621025', '620100'],
  '340000': ['340100', '340104', '340100', '340104', '340200'],
  '640000': ['640300', '640302', '640300', '640302', '640100'],
  '430000': ['430900', '430902', '430900', '430902', '430100'],
  '440000': ['440100', '440106', '440100', '440106', '440300'],
}

const PERSON_TYPES = [
  { psnType: '1101', insutype: '310', born: [1968, 1998], weight: 40 },
  { psnType: '1201', insutype: '310', born: [1940, 1962], weight: 18 },
  { psnType: '1501', insutype: '390', born: [1948, 1999], weight: 32 },
  { psnType: '1403', insutype: '390', born: [2010, 2017], weight: 10 },
] as const

/** Group of a person class `psn_type` that has its own ratios. */
export function groupOf(psnType: string): PersonGroup {
  if (psnType.startsWith('11')) return 'active'
  if (psnType.startsWith('12')) return 'retiree'
  return psnType.startsWith('14') ? 'child' : 'adult'
}

const GIVEN = [...'安宁平和乐康嘉瑞华文心然若晴川远']
const ASSISTANCE = ['dibao', 'tekun', 'dibao_bianyuan', 'yinbing_zhipin']
const START = parseDay('2024-01-01')
const EARLY = parseDay('2023-01-01')
const PAST = parseDay('2024-06-30')
const END = parseDay('2030-12-31')

function digits(value: number, width: number): string {
  return String(value).padStart(width, '0')
}

function birthIn(next: Draw, [from, to]: readonly [number, number]): Day {
  const year = from + Math.floor(next() * (to - from + 1))
  return parseDay(
    `${year}-${digits(1 + Math.floor(next() * 12), 2)}-${digits(1 + Math.floor(next() * 28), 2)}`,
  )
}

/** Kind of document and its number: nearly all carry an identity number. */
function documentOf(province: string, index: number, birth: Day, gender: string): [string, string] {
  const two = province.slice(0, 2)
  if (index % 40 === 17) return ['04', `H99${two}${digits(index, 4)}`]
  if (index % 40 === 33) return ['08', `T99${two}${digits(index, 4)}`]
  const body = `9900${two}${birth.replaceAll('-', '')}${digits(index * 2 + (gender === '1' ? 1 : 0), 3)}`
  return ['01', body + identityCheck(body)]
}

function credentialsOf(
  province: string,
  index: number,
  documentKind: string,
  document: string,
): Credential[] {
  const tail = `${province.slice(0, 2)}${digits(index, 6)}`
  const token = { kind: '01', number: `99000000ECTOKEN${digits(0, 9)}${tail}`, cardSerial: '' } as const
  const card = { kind: '03', number: `CARD9900${tail}`, cardSerial: `9900${digits(0, 20)}${tail}` } as const
  const paper = { kind: '02', number: document, cardSerial: '' } as const
  return documentKind === '01' ? [token, paper, card] : [token, card]
}

/** The kind of long-term filing that fits a person. */
function longTermKind(psnType: string): FilingKind {
  if (psnType === '1201') return '11'
  return psnType === '1101' ? '13' : '12'
}

/**
 * Filings: every 24th person has an expired one, to the eight foreign cities in turn; of the others by chance 7 % have
 * none, 56 % a long-term one, the rest temporary ones.
 */
function filingsOf(next: Draw, province: string, psnType: string, index: number): Filing[] {
  const abroad = CITIES.filter((city) => !city.startsWith(province.slice(0, 2)))
  if (index % 24 === 11) {
    const expired = abroad[Math.floor(index / 24) % abroad.length]!
    return [{ kind: '21', destination: expired, from: EARLY, until: PAST }]
  }
  const draw = next()
  const destination = pick(next, abroad)
  const second = pick(next, abroad)
  const more = next() < 0.3
  if (draw < 0.07) return []
  const kind = draw < 0.37 ? longTermKind(psnType) : draw < 0.63 ? '12' : draw < 0.82 ? '21' : '23'
  const until = kind.startsWith('1') ? null : END
  const first: Filing = { kind, destination, from: START, until }
  if (!more || second === destination) return [first]
  return [first, { kind: '21', destination: second, from: START, until: END }]
}

function chronicOf(next: Draw, psnType: string): Person['chronic'] {
  const draw = next()
  const codes = [pick(next, CHRONIC_DISEASES), pick(next, CHRONIC_DISEASES)].map((disease) => disease.code)
  if (psnType === '1403' || draw >= 0.35) return []
  const chosen = draw < 0.08 ? [...new Set(codes)] : codes.slice(0, 1)
  return chosen.map((code) => ({ code, from: START, until: END }))
}

function openingOf(province: string, psnType: string, index: number): Fen {
  const account = REGIONS[province]?.insurances.employee.personal_account
  if (!account || !psnType.startsWith('1') || psnType >= '1300') return ZERO
  const base = account.opening_balance[groupOf(psnType)] ?? ZERO
  return index % 11 === 0 ? ZERO : asFen(base + (index % 17) * 3_137)
}

function personOf(province: string, index: number, seed: number): Person {
  const next = seededRandom(seed + Number(province) * 4096 + index)
  const weighted = PERSON_TYPES.flatMap((type) => Array.from({ length: type.weight }, () => type))
  const { psnType, insutype, born } = pick(next, weighted)
  const gender = next() < 0.5 ? '1' : '2'
  const birth = birthIn(next, born)
  const area = parseArea(pick(next, INSURED_AREAS[province] ?? [province]))
  const [documentKind, document] = documentOf(province, index, birth, gender)
  const poor = insutype === '390' && next() < 0.15
  return {
    number: `${area}99${digits(index + 1, 18)}`,
    name: `测${pick(next, GIVEN)}${pick(next, GIVEN)}`,
    gender,
    birth,
    documentKind,
    document,
    phone: '00000000000',
    credentials: credentialsOf(province, index, documentKind, document),
    insurance: participationsOf(
      {
        insutype,
        psnType,
        status: index % 29 === 28 ? '2' : '1',
        area,
        opening: openingOf(province, psnType, index),
      },
      index,
    ),
    filings: filingsOf(next, province, psnType, index),
    chronic: chronicOf(next, psnType),
    assistance: poor ? pick(next, ASSISTANCE) : null,
    supplements: supplementsOf(psnType, index),
    family: null,
  }
}

/** Who pays besides: by the place in the list alone, so that nothing else is drawn otherwise. */
function supplementsOf(psnType: string, index: number): SupplementName[] {
  const isEmployee = psnType < '1300'
  return [
    ...(isEmployee && index % 9 === 4 ? (['civilServant'] as const) : []),
    ...(isEmployee && index % 9 === 7 ? (['enterprise'] as const) : []),
    ...(isEmployee && index % 37 === 21 ? (['disabled'] as const) : []),
    ...(index % 17 === 3 ? (['further'] as const) : []),
  ]
}

/** Every third resident may use the account of the preceding employee in the list. */
function withFamily(people: readonly Person[]): Person[] {
  let giver: Person | null = null
  return people.map((person, index) => {
    const [own] = person.insurance
    if (own!.insutype === '310') {
      if (own!.opening > 0 && own!.status === '1') giver = person
      return person
    }
    return index % 3 === 0 && giver ? { ...person, family: giver.number } : person
  })
}

/** Every 31st employee is insured as a resident as well, which is suspended for most of them. */
function participationsOf(own: Insurance, index: number): Insurance[] {
  if (own.insutype !== '310' || index % 31 !== 6) return [own]
  const psnType = '1501' as const
  return [own, { ...own, insutype: '390', psnType, status: index % 62 === 6 ? '1' : '2', opening: ZERO }]
}

/** Default seed of the people, shared by all processes. */
export const PEOPLE_SEED = 20_250_331

/**
 * The insured people of a province.
 *
 * @param province `620000`
 * @param count how many; the first ones are the same for every count
 */
export function peopleOf(province: string, count = 240, seed = PEOPLE_SEED): Person[] {
  return withFamily(Array.from({ length: count }, (_, index) => personOf(province, index, seed)))
}
