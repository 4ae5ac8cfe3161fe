/** Local code systems of the invented institutions, generated from the starter tables. */
import { type Day, parseDay } from '../../../src/domain/day.ts'
import {
  type CodebookEntry,
  type CodeMap,
  type CodeMapRow,
  defineCodeMap,
} from '../../../src/extension/codebook.ts'
import consumable from '../../consumable/index.ts'
import diagnosis from '../../diagnosis/index.ts'
import drugs from '../../drug/index.ts'
import service from '../../service/index.ts'

const FIRST = parseDay('2025-01-01')
const SECOND = parseDay('2026-01-01')
const LABORATORY = '04'
const SOURCE = {
  grade: 'A',
  text: 'Invented: local codes numbered by a rule over the starter tables',
} as const

/** Number of ordinary rows per institution and kind: drugs, laboratory, other services, consumables. */
const COUNTS = { Y: 20, L: 12, Z: 16, C: 10 } as const

/** Entries valid throughout both editions. */
function steady(entries: readonly CodebookEntry[] = []): CodebookEntry[] {
  return entries.filter(({ from, until, grey }) => !from && !until && !grey)
}

/** A row equivalent to one national entry. */
function same(code: string, { code: target, name }: CodebookEntry): CodeMapRow {
  return { code, name, targets: [target], relation: 'equivalent' }
}

/** Numbers `COUNTS[letter]` entries from `offset` on, cyclically: `Y0001`, `Y0002`, … */
function numbered(letter: keyof typeof COUNTS, entries: CodebookEntry[], offset: number): CodeMapRow[] {
  const turned = [...entries.slice(offset % entries.length), ...entries.slice(0, offset % entries.length)]
  return turned
    .slice(0, COUNTS[letter])
    .map((entry, index) => same(`${letter}${String(index + 1).padStart(4, '0')}`, entry))
}

/** Two editions of a map: rows of 2025, and rows of 2026. */
function twoEditions(
  system: string,
  standard: string,
  first: readonly CodeMapRow[],
  second: readonly CodeMapRow[],
): CodeMap {
  return defineCodeMap({
    system,
    standard,
    editions: [
      { version: '2025', from: FIRST, source: SOURCE, rows: first },
      { version: '2026', from: SECOND, source: SOURCE, rows: second },
    ],
  })
}

/** Usable rows of the starter tables by kind. */
function starter() {
  const services = steady(service.editions.at(-1)?.entries)
  return {
    drugs: steady(drugs[0]?.editions.at(-1)?.entries),
    laboratory: services.filter(({ attributes }) => attributes?.chargeType === LABORATORY),
    others: services.filter(({ attributes }) => attributes?.chargeType !== LABORATORY),
    consumables: steady(consumable.editions.at(-1)?.entries),
  }
}

/** The drug map of an institution, numbered as in `itemMaps`; a pharmacy has no other. */
export function drugMap(system: string, offset: number): CodeMap {
  const { drugs: medicines } = starter()
  const retired = drugs[0]?.editions.at(-1)?.entries.find(({ until }) => until)
  const [before, after] = [medicines[0]!, medicines[1]!]
  const rows = [...numbered('Y', medicines, offset), ...(retired ? [same('Y0902', retired)] : [])]
  return twoEditions(system, 'drug', [...rows, same('Y0901', before)], [...rows, same('Y0901', after)])
}

/**
 * The maps of one institution's fee items: `Y` drugs, `L` laboratory, `Z` other services, `C` consumables. Numbers
 * from 0901 are special cases: `Y0901` changes its target on 2026-01-01, `Y0902` leads to a withdrawn drug, `Z0901`
 * ends on 2025-07-01, `C0901` means two consumables together.
 *
 * @param system `H62100290001`
 * @param offset where the numbering starts in the starter tables, so that `Y0001` differs between institutions
 */
export function itemMaps(system: string, offset: number): CodeMap[] {
  const { laboratory, others, consumables } = starter()
  const [sheath, wire, ended] = [consumables[4]!, consumables[6]!, others[0]!]
  const serviceRows = [...numbered('L', laboratory, offset), ...numbered('Z', others, offset)]
  const pair: CodeMapRow = {
    code: 'C0901',
    name: '介入穿刺套装',
    targets: [sheath.code, wire.code],
    relation: 'related',
  }
  const consumableRows = [...numbered('C', consumables, offset), pair]
  const until: Day = parseDay('2025-07-01')
  return [
    drugMap(system, offset),
    twoEditions(system, 'service', [...serviceRows, { ...same('Z0901', ended), until }], serviceRows),
    twoEditions(system, 'consumable', consumableRows, consumableRows),
  ]
}

/**
 * A hospital's old diagnosis list: the national subcategory and a number of its own (`K29.301`). Many of its codes
 * also exist in the national table with another meaning.
 *
 * @param system `H62010290001-diagnosis`
 * @param special rows that replace numbered ones with the same code
 */
export function diagnosisMap(system: string, special: readonly CodeMapRow[]): CodeMap {
  const serials = new Map<string, number>()
  const rows = steady(diagnosis.editions.at(-1)?.entries).map((entry) => {
    const subcategory = entry.code.slice(0, 5)
    const serial = (serials.get(subcategory) ?? 0) + 1
    serials.set(subcategory, serial)
    return same(`${subcategory}${String(serial).padStart(2, '0')}`, entry)
  })
  const taken = new Set(special.map(({ code }) => code))
  const all = [...rows.filter(({ code }) => !taken.has(code)), ...special]
  return twoEditions(system, 'diagnosis', all, all)
}
