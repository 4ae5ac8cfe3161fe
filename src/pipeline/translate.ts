/**
 * Makes every code of a message national on the day of the fee. One bad line refuses the whole message, once, with every
 * bad line, its reason and the nearest candidates; nothing has left by then.
 */
import type { Codes, Resolved } from '../codes/codes.ts'
import { type CodeEvidence, type CodeFault, mappedPlace } from '../codes/evidence.ts'
import { judgeFurther } from '../codes/further.ts'
import type { CodeContract } from '../codes/institution.ts'
import { type ClaimLine, type GivenCode, type LineFault, lineFault } from '../domain/claim.ts'
import type { Day } from '../domain/day.ts'
import { withoutIdentity } from '../domain/masking.ts'
import { isIdentityNumber } from '../domain/person.ts'
import { GatewayError } from '../domain/problems.ts'
import { splitFault } from '../domain/settlement.ts'
import type { Dialect, Message, NationalCode } from '../extension/dialect.ts'
import type { CodeWarning } from '../extension/further.ts'

/** A translated message. */
export interface Translated {
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

/** Where a code stands, and the money of its line. */
interface CodePlace {
  readonly at: string
  readonly field: string
  readonly reason: 'E501' | 'E502'
  readonly fen: number
}

/** A code that was made national. */
type Ok = Extract<Resolved, { ok: true }>

/** What is gathered on the way. */
interface Findings {
  /** National codes of the items, by the place of their line. */
  readonly lines: (string | null)[]
  readonly diagnoses: Map<number, NationalCode>
  readonly faults: LineFault[]
  readonly editions: Record<string, string>
  /** The code that was made national last: the lines of a bill share standard and edition. */
  last: Ok | null
  /** The `MappedRow`s, JSON without their brackets. */
  mapped: string
  readonly unmapped: CodeFault[]
  readonly warnings: readonly CodeWarning[]
}

/** What was agreed about the further codes, and the day for those of a message that names none. */
export interface Agreed {
  readonly codes: CodeContract
  readonly today: Day
}

/**
 * Translates.
 *
 * @param agreed absent: further codes are not judged
 * @param note is given the evidence of a message that is refused for its codes, before the refusal is thrown
 * @throws {GatewayError} bad-codes with every bad line; bad-amounts where lines or sums do not add up
 */
export function translate(
  codes: Codes,
  dialect: Dialect,
  message: Message,
  note: (evidence: string) => void,
  agreed?: Agreed,
): Translated {
  const { subject } = message
  const inSplit = subject.split ? splitFault(subject.split) : null
  if (inSplit) throw new GatewayError('bad-amounts', 'translate', inSplit)
  const findings: Findings = {
    lines: new Array(subject.lines?.length ?? 0).fill(null),
    diagnoses: new Map(),
    faults: [],
    editions: {},
    last: null,
    mapped: '',
    unmapped: [],
    warnings: agreed && message.further ? judgeFurther(codes, message.further, agreed.today) : [],
  }
  judgeLines(codes, message, findings)
  judgeDiagnoses(codes, message, findings)
  const { lines, diagnoses, faults, unmapped, mapped, warnings } = findings
  if (agreed?.codes === 'refuse') for (const warning of warnings) faults.push(refusedCode(warning))
  if (unmapped.length > 0 || (faults.length > 0 && warnings.length > 0)) note(evidenceOf(message, findings))
  if (faults.length > 0) throw refusal(faults)
  const told = warnings.length > 0 ? { ...message, warnings } : message
  const carriesCodes = lines.length > 0 || diagnoses.size > 0
  if (!carriesCodes && told === message) return { message, evidence: null, mapped: null }
  return {
    message: carriesCodes ? dialect.place(told, { lines, diagnoses }) : told,
    evidence: evidenceOf(message, findings),
    mapped: mapped === '' ? null : `[${mapped}]`,
  }
}

function evidenceOf({ subject }: Message, { editions, unmapped, warnings }: Findings): string {
  const evidence: CodeEvidence = {
    lines: subject.lines?.length ?? 0,
    diagnoses: subject.diagnoses?.length ?? 0,
    editions,
    ...(unmapped.length > 0 && { faults: unmapped }),
    ...(warnings.length > 0 && {
      further: warnings.map(({ field, standard, reason, code }) => [field, standard, reason, code] as const),
    }),
  }
  return JSON.stringify(evidence)
}

function judgeLines(codes: Codes, { subject }: Message, findings: Findings): void {
  const { lines = [] } = subject
  const isTwice = createTwice(lines)
  for (let place = 0; place < lines.length; place += 1) {
    const line = lines[place]!
    const { item, serial, day, amount } = line
    const fault = lineFault(line)
    if (fault) findings.faults.push(fault)
    if (isTwice(place)) findings.faults.push(twice(serial))
    const resolved = codes.resolve('item', item, day)
    if (resolved.ok && !resolved.also) {
      findings.lines[place] = resolved.code
      noteUse(resolved, serial, findings)
    } else
      refuse(
        codes,
        day,
        resolved,
        item,
        { at: serial, field: fieldOf(item), reason: 'E501', fen: amount },
        findings,
      )
  }
}

/** Says of one line after another whether its serial was there before. Those of most bills ascend, and need no look. */
function createTwice(lines: readonly ClaimLine[]): (place: number) => boolean {
  let seen: Set<string> | null = null
  return (place) => {
    const { serial } = lines[place]!
    if (!seen) {
      if (place === 0 || isBefore(lines[place - 1]!.serial, serial)) return false
      seen = new Set(lines.slice(0, place).map((line) => line.serial))
    }
    const others = seen.size
    return seen.add(serial).size === others
  }
}

/** An order in which F9 stands before F10. */
function isBefore(one: string, other: string): boolean {
  return one.length < other.length || (one.length === other.length && one < other)
}

/** Where the code of an item stands. */
function fieldOf({ system }: GivenCode): string {
  return system === 'national' ? 'med_list_codg' : 'medins_list_codg'
}

function judgeDiagnoses(codes: Codes, { subject }: Message, findings: Findings): void {
  for (const { index, field, day, given, withdrawn } of subject.diagnoses ?? []) {
    const [at = '', name = at] = field.split(' ')
    const resolved = codes.resolve('diagnosis', given, day)
    if (!resolved.ok) {
      if (withdrawn) continue
      refuse(codes, day, resolved, given, { at, field: name, reason: 'E502', fen: 0 }, findings)
      continue
    }
    noteUse(resolved, at, findings)
    const { code, name: title, also = [] } = resolved
    const further = also.map((code) => ({ code, name: nameOf(codes, code, day) }))
    findings.diagnoses.set(index, { code, name: title, also: further })
  }
}

function nameOf(codes: Codes, code: string, day: Day): string {
  const found = codes.lookup('diagnosis', code, day)
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

/** How a code is marked as national, by the reason of its fault: in the fields of the national interface, and over REST. */
const MARKED = {
  E501: () => '请填入med_list_codg（REST为code）',
  E502: (code: string) => `请写作“national:${code}”（REST为"system":"national"）`,
} as const

/**
 * What is to be told of a code that the map of an institution lacks and that is, letter for letter, a national one: often it
 * means something else there, so its national name is told, and how to send it where it is meant. It is no candidate.
 */
function meantNational(
  codes: Codes,
  resolved: Resolved,
  given: GivenCode,
  reason: 'E501' | 'E502',
  day: Day,
): string {
  if (resolved.ok || resolved.reason !== 'not-mapped') return ''
  const found = codes.lookup(reason === 'E501' ? 'item' : 'diagnosis', given.code, day)
  if (!found.found) return ''
  return `。国家编码“${found.code}”为${found.entry.name}，确要上传国家编码时${MARKED[reason](found.code)}`
}

/** Files a code that has no one national code under the faults. */
function refuse(
  codes: Codes,
  day: Day,
  resolved: Resolved,
  given: GivenCode,
  { at, field, reason, fen }: CodePlace,
  { faults, unmapped }: Findings,
): void {
  const offered = !resolved.ok && faults.length < CANDIDATES_FAULTS_MAX
  const meant = offered ? meantNational(codes, resolved, given, reason, day) : ''
  const text = resolved.ok ? `院内编码“${given.code}”对应多个国家编码，请拆分明细` : resolved.text + meant
  const near = offered ? resolved.candidates : []
  const candidates = meant === '' ? near : near.filter(({ code }) => code !== given.code)
  faults.push({ at, field, reason, text, candidates })
  const why = resolved.ok ? 'several-together' : resolved.reason
  // The index keeps it in clear, and nobody knows what was typed into the field.
  const name = withoutIdentity(given.name ?? '').slice(0, NAME_LENGTH_MAX)
  unmapped.push([at, reason, why, given.system, withoutPerson(given.code), name, fen])
}

/** A code as it came. Only what is an identity number beyond doubt is none: local codes may be any digits. */
function withoutPerson(code: string): string {
  return isIdentityNumber(code.normalize('NFKC').replaceAll(/[\s-]/g, '').toUpperCase()) ? '' : code
}

/** Standards of illness; a code of another one that is none is an invalid code as such. */
const OF_ILLNESS: ReadonlySet<string> = new Set([
  'tcm',
  'chronic-disease',
  'by-disease-settlement',
  'day-surgery',
])

/** A further code as a fault of the message: at its field, which has no row of its own. */
function refusedCode({ field, standard, text }: CodeWarning): LineFault {
  const reason = OF_ILLNESS.has(standard) ? 'E502' : 'E501'
  return { at: field, field, reason, text, candidates: [] }
}

function twice(serial: string): LineFault {
  const text = `费用明细流水号${serial}在同一报文中重复`
  return { at: serial, field: 'feedetl_sn', reason: 'E503', text, candidates: [] }
}

/** The sentence about bad lines and diagnoses: each with its place, its fault and what comes near. */
export function linesText(faults: readonly LineFault[]): string {
  const told = faults.map(({ at, field, text, candidates }) => {
    const near = candidates.map(({ code, name }) => `${code} ${name}`).join('、')
    return `${at === field ? at : `${at} ${field}`}：${text}${near ? `（相近的国家编码：${near}）` : ''}`
  })
  return `共${faults.length}处${WRONG[kindOf(faults)]}。${told.join('；')}`
}

/** What is wrong with lines, as their problem tells it. */
const WRONG = {
  'bad-codes': '编码不可用',
  'bad-amounts': '金额不符或流水号有误',
  both: '编码、金额或流水号有误',
} as const

function kindOf(faults: readonly LineFault[]): keyof typeof WRONG {
  const amounts = faults.filter((fault) => fault.reason === 'E503').length
  return amounts === 0 ? 'bad-codes' : amounts === faults.length ? 'bad-amounts' : 'both'
}

function refusal(faults: readonly LineFault[]): GatewayError {
  const code = kindOf(faults) === 'bad-amounts' ? 'bad-amounts' : 'bad-codes'
  const detail = linesText(faults)
  // The reason of the whole: that of its first fault, codes before amounts.
  const reason = (faults.find((fault) => fault.reason !== 'E503') ?? faults[0]!).reason
  return new GatewayError(code, 'translate', detail, { reason, lines: faults })
}
