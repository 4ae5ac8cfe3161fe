/**
 * Makes the codes of a message national on the day of the fee. One bad line refuses the whole message, once, with every
 * bad line, its reason and the nearest candidates; nothing has left by then.
 */
import type { Codes, Resolved } from '../codes/codes.ts'
import { type CodeEvidence, type CodeFault, mappedPlace } from '../codes/evidence.ts'
import type { CodeContract } from '../codes/institution.ts'
import { judgeCode, placeOf, warnUnmapped } from '../codes/judge.ts'
import {
  type ClaimCode,
  type ClaimLine,
  type LineFault,
  lineFault,
  NATIONAL_SYSTEM,
} from '../domain/claim.ts'
import type { Day } from '../domain/day.ts'
import { withoutIdentity } from '../domain/masking.ts'
import { isIdentityNumber } from '../domain/person.ts'
import { GatewayError } from '../domain/problems.ts'
import { linesFault, splitFault } from '../domain/settlement.ts'
import type { CodeWarning } from '../extension/code-warning.ts'
import type { Dialect, Message } from '../extension/dialect.ts'
import type { NationalCode } from '../extension/national-codes.ts'
import { refusal, twice } from './line-faults.ts'

/** A translated message. */
export interface TranslatedMessage {
  readonly message: Message
  /** `CodeEvidence` in JSON; null where the message carries no code. */
  readonly evidence: string | null
  /** Its `MappedRow`s in JSON; null where no map was used. */
  readonly mapped: string | null
}

/** Bad lines that get candidates: seeking them takes milliseconds, and other bills must not wait for a hopeless one. */
const CANDIDATES_FAULTS_MAX = 20

/** Longest name that the journal keeps of a bad line. */
const NAME_LENGTH_MAX = 100

/** A code that was made national. */
type Ok = Extract<Resolved, { ok: true }>

/** A code that must be made national. */
type Required = ClaimCode & { readonly refuses: NonNullable<ClaimCode['refuses']> }

/** What is gathered on the way. */
interface Findings {
  /** National codes by the place of the given ones. */
  readonly national: (NationalCode | null)[]
  readonly faults: LineFault[]
  /** How many codes there were by standard, but for those of the standard that is being counted. */
  readonly counts: Record<string, number>
  counted: string
  times: number
  readonly editions: Record<string, string>
  /** The code that was made national last: the lines of a bill share standard and edition. */
  last: Ok | null
  /** The `MappedRow`s, JSON without their brackets. */
  mapped: string
  readonly unmapped: CodeFault[]
  readonly warnings: CodeWarning[]
}

/** What was agreed about the codes that need not be national, and the day for those of a message that names none. */
export interface Agreed {
  readonly codes: CodeContract
  readonly today: Day
}

/**
 * Translates.
 *
 * @param agreed absent: codes that need not be national stay as they are
 * @param note is given the evidence of a message that is refused for its codes, before the refusal is thrown
 * @throws {GatewayError} bad-codes with every bad line; bad-amounts where lines or sums do not add up
 */
export function translate(
  codes: Codes,
  dialect: Dialect,
  message: Message,
  note: (evidence: string) => void,
  agreed?: Agreed,
): TranslatedMessage {
  const { subject, codes: given } = message
  const fault = amountsFault(message)
  if (fault) throw new GatewayError('bad-amounts', 'translate', fault)
  const findings: Findings = {
    national: new Array(given.length).fill(null),
    faults: [],
    counts: {},
    counted: '',
    times: 0,
    editions: {},
    last: null,
    mapped: '',
    unmapped: [],
    warnings: [],
  }
  const { lines = [] } = subject
  const isTwice = createTwice(lines)
  for (let place = 0; place < given.length; place += 1) {
    const code = given[place]!
    if (place < lines.length) judgeLine(lines[place]!, isTwice(place), findings)
    if (code.refuses) makeNational(codes, code as Required, place, findings)
    else if (agreed) tryNational(codes, code, place, agreed.today, findings)
    // A mark is not for the platform.
    if (code.marked) findings.national[place] ??= { code: code.given.code, name: '' }
  }
  const { national, faults, unmapped, mapped, warnings } = findings
  if (agreed?.codes === 'refuse') for (const warning of warnings) faults.push(refusedCode(codes, warning))
  if (unmapped.length > 0 || (faults.length > 0 && warnings.length > 0)) note(evidenceOf(findings))
  if (faults.length > 0) throw refusal(faults)
  const told = warnings.length > 0 ? { ...message, warnings } : message
  const isPlaced = national.some((code) => code !== null)
  const isEvident = warnings.length > 0 || findings.counted !== ''
  return {
    message: isPlaced ? dialect.place(told, national) : told,
    evidence: isEvident ? evidenceOf(findings) : null,
    mapped: mapped === '' ? null : `[${mapped}]`,
  }
}

/** What is wrong with the sums of a bill. Only a purchase has all its lines beside its total. */
function amountsFault({ operation, subject }: Message): string | null {
  const { split, total, lines } = subject
  if (split) return splitFault(split)
  return lines && total !== undefined && operation.lane === 'pharmacy' ? linesFault(lines, total) : null
}

function evidenceOf(findings: Findings): string {
  addCounted(findings)
  const { counts, editions, unmapped, warnings } = findings
  const evidence: CodeEvidence = {
    codes: counts,
    editions,
    ...(unmapped.length > 0 && { faults: unmapped }),
    ...(warnings.length > 0 && {
      warned: warnings.map(({ field, standard, reason, code }) => [field, standard, reason, code] as const),
    }),
  }
  return JSON.stringify(evidence)
}

function judgeLine(line: ClaimLine, isTwice: boolean, { faults }: Findings): void {
  const fault = lineFault(line)
  if (fault) faults.push(fault)
  if (isTwice) faults.push(twice(line.at))
}

/** Says of one line after another whether its serial was there before. Those of most bills ascend, and need no look. */
function createTwice(lines: readonly ClaimLine[]): (place: number) => boolean {
  let seen: Set<string> | null = null
  return (place) => {
    const { at } = lines[place]!
    if (!seen) {
      if (place === 0 || isBefore(lines[place - 1]!.at, at)) return false
      seen = new Set(lines.slice(0, place).map((line) => line.at))
    }
    const others = seen.size
    return seen.add(at).size === others
  }
}

/** An order in which F9 stands before F10. */
function isBefore(one: string, other: string): boolean {
  return one.length < other.length || (one.length === other.length && one < other)
}

/** Counts a code. The lines of a bill are all of one standard and follow each other. */
function count(standard: string, findings: Findings): void {
  if (standard !== findings.counted) {
    addCounted(findings)
    findings.counted = standard
  }
  findings.times += 1
}

function addCounted(findings: Findings): void {
  const { counts, counted, times } = findings
  if (times > 0) counts[counted] = (counts[counted] ?? 0) + times
  findings.times = 0
}

/** A code without whose national one the message does not go. */
function makeNational(codes: Codes, code: Required, place: number, findings: Findings): void {
  const { standard, day, given, withdrawn, several, at } = code
  count(standard, findings)
  const resolved = codes.resolve(standard, given, day!)
  if (resolved.ok && (several || !resolved.also)) {
    noteUse(resolved, at, findings)
    findings.national[place] = nationalOf(codes, resolved, day!)
  } else if (!withdrawn) refuse(codes, resolved, code, findings)
}

/** A code that is made national where the institution has a map for it, and goes as it came where not: that is told. */
function tryNational(codes: Codes, code: ClaimCode, place: number, today: Day, findings: Findings): void {
  const { standard, others = [], given, withdrawn, several } = code
  const { warnings } = findings
  const day = code.day ?? today
  if (withdrawn) return
  if (given.system === NATIONAL_SYSTEM) {
    const warning = judgeCode(codes, code, day)
    if (warning) warnings.push(warning)
    return
  }
  count(standard, findings)
  let why: string | null = null
  for (const one of [standard, ...others]) {
    const resolved = codes.resolve(one, given, day)
    if (resolved.ok && (several || !resolved.also)) {
      // What an institution calls a person by is kept nowhere.
      if (codes.book(one)?.ofPeople) findings.editions[one] = resolved.edition
      else noteUse(resolved, placeOf(code), findings)
      findings.national[place] = nationalOf(codes, resolved, day)
      return
    }
    why ??= resolved.ok ? 'several-together' : resolved.reason
    if (codes.book(one)?.distinct && codes.book(one)?.shape?.test(given.code)) return
  }
  warnings.push(warnUnmapped(codes, code, why!))
}

/** A national code for the message; of most lines the very answer of the engine, which is kept there. */
function nationalOf(codes: Codes, resolved: Ok, day: Day): NationalCode {
  const { code, name, standard, also } = resolved
  if (!also) return resolved
  return { code, name, beside: also.map((one) => ({ code: one, name: nameOf(codes, standard, one, day) })) }
}

function nameOf(codes: Codes, standard: string, code: string, day: Day): string {
  const found = codes.lookup(standard, code, day)
  return found.found ? found.entry.name : ''
}

/** Notes the edition that made a code national, and the row of the map where one was needed. */
function noteUse(resolved: Ok, at: string, findings: Findings): void {
  const { standard, edition, map } = resolved
  const { last, editions } = findings
  if (last?.edition !== edition || last.standard !== standard) editions[standard] = edition
  findings.last = resolved
  if (map) findings.mapped += `${findings.mapped && ','}${map.head}${mappedPlace(at)}`
}

/** How a code is marked as national: in the fields of the national interface, and over REST. */
function howToMark({ nationalField }: ClaimCode, code: string): string {
  if (nationalField) return `请填入${nationalField}（REST为code）`
  return `请写作“national:${code}”（REST为"system":"national"）`
}

/**
 * What is to be told of a code that the map of an institution lacks and that is, letter for letter, a national one: often it
 * means something else there, so its national name is told, and how to send it where it is meant. It is no candidate.
 */
function meantNational(codes: Codes, resolved: Resolved, code: Required): string {
  if (resolved.ok || resolved.reason !== 'not-mapped') return ''
  const found = codes.lookup(code.standard, code.given.code, code.day!)
  if (!found.found) return ''
  const how = howToMark(code, found.code)
  return `。国家编码“${found.code}”为${found.entry.name}，确要上传国家编码时${how}`
}

/** Files a code that has no one national code under the faults. */
function refuse(codes: Codes, resolved: Resolved, code: Required, { faults, unmapped }: Findings): void {
  const { at, field, given, standard, refuses: reason, amount = null } = code
  const offered = !resolved.ok && faults.length < CANDIDATES_FAULTS_MAX
  const meant = offered ? meantNational(codes, resolved, code) : ''
  const text = resolved.ok ? `院内编码“${given.code}”对应多个国家编码，请拆分明细` : resolved.text + meant
  const near = offered ? resolved.candidates : []
  const candidates = meant === '' ? near : near.filter((one) => one.code !== given.code)
  faults.push({ at, field, reason, text, candidates })
  const why = resolved.ok ? 'several-together' : resolved.reason
  // The index keeps it in clear, and nobody knows what was typed into the field.
  const name = withoutIdentity(given.name ?? '').slice(0, NAME_LENGTH_MAX)
  unmapped.push([at, standard, why, given.system, withoutPerson(given.code), name, amount])
}

/** A code as it came. Only what is an identity number beyond doubt is none: local codes may be any digits. */
function withoutPerson(code: string): string {
  return isIdentityNumber(code.normalize('NFKC').replaceAll(/[\s-]/g, '').toUpperCase()) ? '' : code
}

/** A warning as a fault of the message: at its field, which has no row of its own. */
function refusedCode(codes: Codes, { field, standard, text }: CodeWarning): LineFault {
  const reason = codes.book(standard)?.ofIllness ? 'E502' : 'E501'
  return { at: field, field, reason, text, candidates: [] }
}
