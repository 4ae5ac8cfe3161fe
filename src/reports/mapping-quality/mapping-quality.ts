/**
 * Mapping quality (贯标): how well an institution's codes are mapped to the national standards. The report states the
 * coverage of its maps, the share of its codes that were translated, and a worklist ordered by the money at stake.
 */

import { setImmediate } from 'node:timers/promises'
import { sharesIcdCategory } from '../../codes/candidates/icd-shape.ts'
import type { Codes } from '../../codes/codes.ts'
import { systemsOf } from '../../codes/institution.ts'
import { ITEM } from '../../codes/national.ts'
import type { Candidate, ResolveReason } from '../../codes/outcome.ts'
import type { Day } from '../../domain/day.ts'
import type { Store } from '../../store/parts.ts'
import { type Coverage, coverageOf, type OpenRow } from './coverage.ts'
import {
  type FurtherCount,
  type InstitutionRefusals,
  type JudgedCount,
  type RefusedCode,
  readRefusals,
} from './refusals.ts'

/** Parameters of the report. */
export interface MappingQualityQuestion {
  /** Null for every institution in the journal. */
  readonly institution: string | null
  /** Institutions that the report may include; absent or null for all. */
  readonly among?: readonly string[] | null
  readonly from: Day
  readonly to: Day
  /** Day on which maps and tables are evaluated. */
  readonly today: Day
  /** Length of each institution's worklist. */
  readonly limit: number
}

/** How many codes were translated. */
export interface Share extends JudgedCount {
  readonly converted: number
  /** Percentage with two decimals; null if nothing was judged. */
  readonly percent: number | null
}

/** One entry of the worklist. */
export interface WorkItem {
  readonly standard: string
  readonly system: string
  readonly code: string
  readonly name: string
  /** Why it has no usable national code today. */
  readonly reason: ResolveReason
  readonly times: number
  readonly places: number
  readonly fen: number
  /** Last day on which it was refused; null if never. */
  readonly last: Day | null
  /** National codes that it may mean, best first, for a person to choose from. */
  readonly candidates: readonly Candidate[]
}

/** Report of one institution. */
export interface InstitutionMappingQuality {
  readonly institution: string
  readonly name: string
  readonly coverage: readonly Coverage[]
  readonly lines: Share
  readonly diagnoses: Share
  /** Open codes and their money; the worklist shows the first of them. */
  readonly open: number
  readonly openFen: number
  /** Codes refused in the period that are usable now. */
  readonly solved: number
  readonly worklist: readonly WorkItem[]
  /** Codes that need not be national (procedures, Chinese medicine, benefit diseases, people) and are invalid. */
  readonly further: readonly FurtherCount[]
}

/** The report. */
export interface MappingQuality {
  readonly from: Day
  readonly to: Day
  readonly asOf: Day
  readonly institutions: readonly InstitutionMappingQuality[]
}

const CANDIDATES = 5
const NATIONAL = 'national'

/** Computes the report. Read-only. */
export async function mappingQuality(
  database: Store,
  codes: Codes,
  question: MappingQualityQuestion,
): Promise<MappingQuality> {
  const { from, to, today, institution } = question
  const seen = await readRefusals(database, question)
  const asked =
    institution !== null && seen.length === 0 ? [{ institution, judged: {}, codes: [], further: [] }] : seen
  const institutions: InstitutionMappingQuality[] = []
  for (const one of asked) institutions.push(await ofInstitution(codes, one, question))
  return { from, to, asOf: today, institutions }
}

async function ofInstitution(
  codes: Codes,
  { institution, judged, codes: refused, further }: InstitutionRefusals,
  { today, limit }: MappingQualityQuestion,
): Promise<InstitutionMappingQuality> {
  const { name, systems } = registered(codes, institution, today)
  const maps: Awaited<ReturnType<typeof coverageOf>>[] = []
  for (const system of new Set(Object.values(systems))) maps.push(await coverageOf(codes, system, today))
  const known = new Map<string, RefusedCode | OpenRow>()
  let solved = 0
  for (const one of refused) {
    if (codes.resolve(one.standard, one, today).ok) solved += 1
    else known.set(keyOf(one), one)
  }
  // An open row whose code was also refused is one entry; the journal's version has more detail.
  for (const row of maps.flatMap(({ open }) => open)) {
    const key = keyOf({ ...row, standard: askedAs(codes, row.standard) })
    const before = known.get(key)
    known.set(key, before ? { ...before, name: before.name || row.name } : row)
  }
  const open = [...known.values()].map(atStake).sort(byMoney)
  const worklist: WorkItem[] = []
  for (const one of open.slice(0, limit)) {
    worklist.push(workItem(codes, one, today))
    await setImmediate()
  }
  return {
    institution,
    name,
    coverage: [...maps.flatMap(({ coverage }) => coverage), ...unmappedSystems(codes, refused, today)],
    lines: share(judged[ITEM]),
    diagnoses: share(judged.diagnosis),
    open: open.length,
    openFen: open.reduce((sum, { fen }) => sum + fen, 0),
    solved,
    worklist,
    further: further.slice(0, limit),
  }
}

const keyOf = ({ standard, system, code }: Pick<RefusedCode, 'system' | 'code'> & { standard: string }) =>
  JSON.stringify([standard, system, code])

function registered(codes: Codes, institution: string, today: Day) {
  const standard = institution.startsWith('P') ? 'pharmacy' : 'institution'
  const found = codes.lookup(standard, institution, today)
  const entry = found.entry ?? { code: institution, name: '' }
  return { name: entry.name, systems: systemsOf(entry) }
}

type Stake = OpenRow & Pick<WorkItem, 'times' | 'places' | 'fen' | 'last'>

const atStake = (one: RefusedCode | OpenRow): Stake => ({ times: 0, places: 0, fen: 0, last: null, ...one })

const byMoney = (one: Stake, other: Stake) =>
  other.fen - one.fen || other.times - one.times || (one.code < other.code ? -1 : 1)

function workItem(codes: Codes, { standard, system, code, name, ...stake }: Stake, day: Day): WorkItem {
  const resolved = codes.resolve(standard, { system, code }, day)
  const says = system === NATIONAL || sharesIcdCategory(standard, code)
  const sought = { ...(says && { code }), ...(name && { name }) }
  return {
    ...{ standard, system, code, name },
    reason: resolved.ok ? 'not-mapped' : resolved.reason,
    ...stake,
    candidates: codes.nearest(standard, sought, day, CANDIDATES),
  }
}

/** Codes from a system without any map for their standard: all of them are open. */
function unmappedSystems(codes: Codes, refused: readonly RefusedCode[], today: Day): Coverage[] {
  const counts = new Map<string, { system: string; standard: string; open: number }>()
  for (const { system, standard, code } of refused) {
    if (system === NATIONAL || codes.resolve(standard, { system, code }, today).ok) continue
    const mapped = codes.mapsFrom(system).some(({ book }) => askedAs(codes, book.standard) === standard)
    if (mapped) continue
    const count = counts.get(`${system}\n${standard}`) ?? { system, standard, open: 0 }
    counts.set(`${system}\n${standard}`, { ...count, open: count.open + 1 })
  }
  return [...counts.values()].map((count) => ({ ...count, edition: null, mapped: 0, decidedNone: 0 }))
}

/** The name under which bills use a standard: `item` for all that a fee line may carry. */
const askedAs = (codes: Codes, standard: string) => (codes.isItem(standard) ? ITEM : standard)

function share({ judged, refused }: JudgedCount = { judged: 0, refused: 0 }): Share {
  const converted = judged - refused
  const percent = judged === 0 ? null : Math.round((converted / judged) * 10_000) / 100
  return { judged, refused, converted, percent }
}
