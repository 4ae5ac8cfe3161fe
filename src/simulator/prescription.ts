/**
 * Electronic prescriptions as the platform of the insured place keeps them: checked, uploaded with one trace code, withdrawn while
 * nobody has used them, expired by themselves, used by the pharmacy that dispenses.
 */
import { createHash } from 'node:crypto'
import { dayOf } from '../domain/day.ts'
import type { Book } from './book.ts'
import { type Message, type Node, Refusal } from './envelope.ts'
import { requiredText, sectionOf, textOf } from './fields.ts'
import type { Province } from './province.ts'

/** Their tables. */
export const PRESCRIPTION_SCHEMA = `
CREATE TABLE IF NOT EXISTS prescriptions (hiRxno TEXT PRIMARY KEY, trace TEXT NOT NULL UNIQUE, fixmedins_code TEXT NOT NULL,
  psn_no TEXT NOT NULL, certno TEXT NOT NULL, state TEXT NOT NULL, valid_until TEXT NOT NULL, file TEXT NOT NULL,
  input TEXT NOT NULL, upload TEXT NOT NULL, audit TEXT, dispensed TEXT, dispensed_by TEXT, settlement TEXT) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS prescriptions_person ON prescriptions (certno);
CREATE INDEX IF NOT EXISTS prescriptions_settlement ON prescriptions (settlement);
CREATE TABLE IF NOT EXISTS circulations (token TEXT PRIMARY KEY, authRxno TEXT NOT NULL, hiRxno TEXT NOT NULL,
  fixmedins_code TEXT NOT NULL, list TEXT NOT NULL, state TEXT NOT NULL, verified TEXT) WITHOUT ROWID;
`

/** A prescription. */
export type Prescription = {
  hiRxno: string
  /** Serves one upload. */
  trace: string
  /** The hospital. */
  fixmedins_code: string
  psn_no: string
  certno: string
  /** `checked` becomes `valid` by its upload. */
  state: 'checked' | 'valid' | 'withdrawn'
  /** Last day. */
  valid_until: string
  /** Base64, as it was signed. */
  file: string
  /** As it was checked and as it was uploaded, JSON. */
  input: string
  upload: string
  /** What the pharmacist has found, JSON. */
  audit: string | null
  /** What was dispensed, as JSON; null while unused. */
  dispensed: string | null
  dispensed_by: string | null
  /** Settlement that was charged for what was dispensed. */
  settlement: string | null
}

/** A pharmacy's permission for prescriptions, issued once for each that it was shown. */
export type Circulation = {
  token: string
  authRxno: string
  hiRxno: string
  /** The pharmacy. */
  fixmedins_code: string
  /** All that were authorised together: the download of one ends the others. [F: T, 7201] */
  list: string
  state: 'given' | 'downloaded' | 'ended'
  /** Serial number of the verification of the signature. */
  verified: string | null
}

/** State `rxStasCodg`. */
export const STATES = { valid: ['1', '有效'], expired: ['2', '已失效'], withdrawn: ['3', '已撤销'] } as const
/** Use `rxUsedStasCodg`. */
const USES = { unused: ['1', '未使用'], used: ['2', '已使用'] } as const

/** Its current state. */
export function standing(province: Province, { state, valid_until }: Prescription): keyof typeof STATES {
  if (state === 'withdrawn') return 'withdrawn'
  return valid_until < dayOf(province.now()) ? 'expired' : 'valid'
}

/** State and use, as answers say them. */
export function statesOf(province: Province, prescription: Prescription): Node {
  const [rxStasCodg, rxStasName] = STATES[standing(province, prescription)]
  const [rxUsedStasCodg, rxUsedStasName] = USES[prescription.dispensed === null ? 'unused' : 'used']
  return { rxStasCodg, rxStasName, rxUsedStasCodg, rxUsedStasName }
}

/** A prescription by its number. @throws {Refusal} if there is none, or it was not uploaded */
export function prescriptionOf(province: Province, message: Message): Prescription {
  const found = askedPrescription(province, message)
  if (!found) throw new Refusal('E000', '未查询到该医保电子处方')
  return found
}

/** A prescription that is asked for; null if there is none, or it was not uploaded. */
export function askedPrescription({ book }: Province, message: Message): Prescription | null {
  const found = byNumber(book, requiredText(sectionOf(message, 'data'), 'hiRxno'))
  return found && found.state !== 'checked' ? found : null
}

/** A prescription by its number, whatever its state. */
export function byNumber(book: Book, number: string): Prescription | undefined {
  return book.store.row<Prescription>('SELECT * FROM prescriptions WHERE hiRxno = ?', number)
}

/** Refuses what can no more be dispensed. */
export function requireUsable(province: Province, prescription: Prescription): void {
  const now = standing(province, prescription)
  if (now !== 'valid') throw new Refusal('E504', `处方${STATES[now][1]}，不能使用`)
  if (prescription.dispensed !== null) throw new Refusal('E504', '处方已使用，不能重复使用')
}

/** Changes one. */
export function changePrescription(book: Book, number: string, change: Partial<Prescription>): void {
  const columns = Object.keys(change).map((column) => `${column} = ?`)
  const sql = `UPDATE prescriptions SET ${columns.join(', ')} WHERE hiRxno = ?`
  book.store.run(sql, ...(Object.values(change) as (string | null)[]), number)
}

/** Gives back what was dispensed for a settlement that is undone: it may be dispensed again. [F: T, 7207] */
export function withdrawDispensing(book: Book, settlement: string): void {
  book.store.run(
    `UPDATE prescriptions SET dispensed = NULL, dispensed_by = NULL, settlement = NULL WHERE settlement = ?`,
    settlement,
  )
}

/** Digest of a file, base64 of both. */
export function digestOfFile(file: string): string {
  return createHash('sha256').update(Buffer.from(file, 'base64')).digest('base64')
}

/** A node of what was checked. */
export function checkedNode({ input }: Pick<Prescription, 'input'>, name: string): Node {
  const node = (JSON.parse(input) as Node)[name]
  return ((Array.isArray(node) ? node[0] : node) ?? {}) as Node
}

/** Rows of what was checked. */
export function checkedRows({ input }: Pick<Prescription, 'input'>, name: string): readonly Node[] {
  const node = (JSON.parse(input) as Node)[name]
  return (Array.isArray(node) ? node : node ? [node] : []) as Node[]
}

/** The fields of a node that are there, of those that are named. */
export function picked(node: Node, names: readonly string[]): Node {
  return Object.fromEntries(names.flatMap((name) => (node[name] === undefined ? [] : [[name, node[name]]])))
}

/** Whether the sender is the hospital that wrote it. @throws {Refusal} */
export function requireWriter({ institution }: Message, { fixmedins_code }: Prescription): void {
  if (fixmedins_code !== institution) throw new Refusal('E000', '该处方不是本机构开具的')
}

/** A text of a node, its first ten characters: a day. */
export const dayIn = (node: Node, name: string) => textOf(node, name).slice(0, 10)
