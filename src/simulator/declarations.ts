/**
 * Declarations about a person apart from visits: filings, chronic diseases, designated institutions, accidents.
 * Each has a number (`trt_dcla_detl_sn`), is in force until the institution that made it cancels it, and is
 * immutable: a change is a cancellation and a new one. Refusing a duplicate while the first is in force is [A].
 */
import { parseArea } from '../domain/area.ts'
import { addDays, type Day, dayOf } from '../domain/day.ts'
import type { Filing, FilingKind } from '../domain/filing.ts'
import { type Message, type Node, Refusal } from './envelope.ts'
import { dayField, requiredText, sectionOf, textOf } from './fields.ts'
import type { Person } from './people.ts'
import type { Handler, Province } from './province.ts'

/** Its table. */
export const DECLARATIONS = `
CREATE TABLE IF NOT EXISTS declarations (sn TEXT PRIMARY KEY, what TEXT NOT NULL, about TEXT NOT NULL,
  psn_no TEXT NOT NULL, filer TEXT NOT NULL, source TEXT NOT NULL, begins TEXT NOT NULL, ends TEXT,
  state TEXT NOT NULL, at INTEGER NOT NULL, row TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS declarations_person ON declarations (psn_no, what);
`

/** Kind of declaration: a filing of some kind, a chronic disease, a designated institution, an accident. */
export type What = 'filing' | 'chronic' | 'designation' | 'accident'

/** One declaration. */
export type Declaration = {
  sn: string
  what: What
  /** What of it can stand once at a time: kind and destination, disease, purpose and institution, day of the accident. */
  about: string
  psn_no: string
  /** Institution that made it; empty for other channels. */
  filer: string
  /** Channel `dcla_souc` (申报来源): 01 institution, 02 counter, 03 online, 04 APP. */
  source: string
  begins: Day
  ends: Day | null
  state: 'stands' | 'cancelled'
  at: number
  /** The message as it came, as JSON. */
  row: string
}

/** Days of a declaration. @throws {Refusal} E000 where it ends before it begins */
export function span(province: Province, node: Node, begin: Day): { begins: Day; ends: Day | null } {
  const begins = textOf(node, 'begndate') ? dayField(node, 'begndate', province.now()) : begin
  const ends = textOf(node, 'enddate') ? dayField(node, 'enddate', province.now()) : null
  if (ends !== null && ends < begins) throw new Refusal('E000', '结束日期早于开始日期')
  return { begins, ends }
}

/** Declarations of a person that stand, oldest first. */
export function standing({ book }: Province, person: string, what: What): Declaration[] {
  const sql = `SELECT * FROM declarations WHERE psn_no = ? AND what = ? AND state = 'stands' ORDER BY at, sn`
  return book.store.rows<Declaration>(sql, person, what)
}

function filingOf({ about, begins, ends }: Declaration): Filing {
  const [kind, destination] = about.split(' ') as [FilingKind, string]
  return { kind, destination: parseArea(destination), from: begins, until: ends }
}

/** Filings of a person that stand, those from before the beginning first. */
export function filingsOf(province: Province, person: Person): Filing[] {
  return [...person.filings, ...standing(province, person.number, 'filing').map(filingOf)]
}

/** Whether a declaration covers a day. */
export function covers({ begins, ends }: Pick<Declaration, 'begins' | 'ends'>, day: Day): boolean {
  return begins <= day && (ends === null || day <= ends)
}

const overlap = (one: Pick<Declaration, 'begins' | 'ends'>, other: Pick<Declaration, 'begins' | 'ends'>) =>
  (one.ends === null || other.begins <= one.ends) && (other.ends === null || one.begins <= other.ends)

/** Contents of a new declaration. */
export type Declared = Pick<Declaration, 'what' | 'about' | 'filer' | 'source' | 'begins' | 'ends'>

/**
 * Books a declaration.
 *
 * @returns its number
 * @throws {Refusal} E504 where one for the same stands in these days
 */
export function declare(province: Province, person: Person, declared: Declared, row: Node): string {
  const same = standing(province, person.number, declared.what).find(
    (one) => one.about === declared.about && overlap(one, declared),
  )
  if (same)
    throw new Refusal('E504', `已有相同的有效备案，起止${same.begins}至${same.ends ?? '长期'}，不能重复备案`)
  const now = province.now()
  const serial = String(province.book.next('filing')).padStart(10, '0')
  const sn = `${province.code}${dayOf(now).replaceAll('-', '')}${serial}`
  province.book.store.insert('declarations', {
    ...declared,
    sn,
    psn_no: person.number,
    state: 'stands',
    at: now,
    row: JSON.stringify(row),
  })
  return sn
}

/**
 * Cancels a declaration from now on. @throws {Refusal} E000 if the filer made none, E504 if it is already cancelled
 */
export function cancel(province: Province, what: What, sn: string, person: string, filer: string): void {
  const sql = 'SELECT * FROM declarations WHERE sn = ?'
  const found = province.book.store.row<Declaration>(sql, sn)
  if (!found || found.what !== what || found.psn_no !== person || found.filer !== filer)
    throw new Refusal('E000', '未查询到本机构为该参保人办理的备案')
  if (found.state !== 'stands') throw new Refusal('E504', '该备案已撤销，不能重复撤销')
  province.book.store.run("UPDATE declarations SET state = 'cancelled' WHERE sn = ?", sn)
}

/** The handler of a cancellation by an institution: 2502, 2504, 2506. */
export function cancelling(what: What): Handler {
  return (province, message) => {
    const node = sectionOf(message, 'data')
    cancel(
      province,
      what,
      requiredText(node, 'trt_dcla_detl_sn'),
      requiredText(node, 'psn_no'),
      message.institution,
    )
    return null
  }
}

/** The row of a declaration, as it came. */
export function rowOf({ row }: Declaration): Node {
  return JSON.parse(row) as Node
}

/** Books what an institution declares, by its message. @returns the answer @throws {Refusal} as `declare` */
export function declareBy(
  province: Province,
  { institution }: Message,
  person: Person,
  said: Omit<Declared, 'filer' | 'source'>,
  row: Node,
): unknown {
  const sn = declare(province, person, { ...said, filer: institution, source: '01' }, row)
  return { result: { trt_dcla_detl_sn: sn } }
}

/** Declarations are a hospital's to make: a pharmacy has no patients. [A] @throws {Refusal} E301 */
export function requireHospital({ institution }: Message): void {
  if (institution.startsWith('P')) throw new Refusal('E301', '定点零售药店不能办理该类备案')
}

/** A filing of no stated end holds half a year: 6 months at least [K]. */
export function halfAYearFrom(begin: Day): Day {
  return addDays(begin, 183)
}
