/**
 * Makes every code of a message national on the day of the fee. One bad line refuses the whole message, once, with every
 * bad line, its reason and the nearest candidates; nothing has left by then.
 */
import type { Codes, Resolved } from '../codes/codes.ts'
import type { CodeEvidence, CodeFault, MappedRow } from '../codes/evidence.ts'
import { type ClaimLine, type GivenCode, type LineFault, lineFault } from '../domain/claim.ts'
import type { Day } from '../domain/day.ts'
import { GatewayError } from '../domain/problems.ts'
import { splitFault } from '../domain/settlement.ts'
import type { Dialect, Message, NationalCode } from '../extension/dialect.ts'

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

/** What is gathered on the way. */
interface Findings {
  readonly lines: Map<string, NationalCode>
  readonly diagnoses: Map<number, NationalCode>
  readonly faults: LineFault[]
  readonly editions: Record<string, string>
  /** What each answer of the codes came to: the lines of a bill share most of theirs. */
  readonly used: Map<Resolved, Used>
  readonly unmapped: CodeFault[]
}

/** A national code that was used, and the row of a map that led to it. */
interface Used {
  readonly national: NationalCode
  readonly mapped: [...MappedRow] | null
}

/**
 * Translates.
 *
 * @param note is given the evidence of a message that is refused for its codes, before the refusal is thrown
 * @throws {GatewayError} bad-codes with every bad line; bad-amounts where lines or sums do not add up
 */
export function translate(
  codes: Codes,
  dialect: Dialect,
  message: Message,
  note: (evidence: string) => void,
): Translated {
  const { subject } = message
  const inSplit = subject.split ? splitFault(subject.split) : null
  if (inSplit) throw new GatewayError('bad-amounts', 'translate', inSplit)
  const findings: Findings = {
    lines: new Map(),
    diagnoses: new Map(),
    faults: [],
    editions: {},
    used: new Map(),
    unmapped: [],
  }
  judgeLines(codes, message, findings)
  judgeDiagnoses(codes, message, findings)
  const { lines, diagnoses, faults, unmapped, used } = findings
  if (unmapped.length > 0) note(evidenceOf(message, findings))
  if (faults.length > 0) throw refusal(faults)
  if (lines.size === 0 && diagnoses.size === 0) return { message, evidence: null, mapped: null }
  const mapped = [...used.values()].flatMap((one) => (one.mapped ? [one.mapped] : []))
  return {
    message: dialect.place(message, { lines, diagnoses }),
    evidence: evidenceOf(message, findings),
    mapped: mapped.length > 0 ? JSON.stringify(mapped) : null,
  }
}

function evidenceOf({ subject }: Message, { editions, unmapped }: Findings): string {
  const evidence: CodeEvidence = {
    lines: subject.lines?.length ?? 0,
    diagnoses: subject.diagnoses?.length ?? 0,
    editions,
    ...(unmapped.length > 0 && { faults: unmapped }),
  }
  return JSON.stringify(evidence)
}

function judgeLines(codes: Codes, { subject }: Message, findings: Findings): void {
  const serials = new Set<string>()
  for (const line of subject.lines ?? []) {
    const fault = lineFault(line)
    if (fault) findings.faults.push(fault)
    if (serials.has(line.serial)) findings.faults.push(twice(line.serial))
    serials.add(line.serial)
    const resolved = codes.resolve('item', line.item, line.day)
    const national = again(resolved, line.serial, findings) ?? settleLine(resolved, line, findings)
    if (national) findings.lines.set(line.serial, national)
  }
}

/** An answer that another line of the bill had before. */
function again(resolved: Resolved, at: string, { used }: Findings): NationalCode | null {
  const known = used.get(resolved)
  known?.mapped?.push(at)
  return known?.national ?? null
}

function settleLine(resolved: Resolved, line: ClaimLine, findings: Findings): NationalCode | null {
  const field = line.item.system === 'national' ? 'med_list_codg' : 'medins_list_codg'
  return settle(resolved, line.item, { at: line.serial, field, reason: 'E501', fen: line.amount }, findings)
}

function judgeDiagnoses(codes: Codes, { subject }: Message, findings: Findings): void {
  for (const { index, field, day, given } of subject.diagnoses ?? []) {
    const [at = '', name = at] = field.split(' ')
    const place = { at, field: name, reason: 'E502', fen: 0 } as const
    const national = settle(codes.resolve('diagnosis', given, day), given, place, findings)
    if (!national) continue
    const also = national.also.map(({ code }) => ({ code, name: nameOf(codes, code, day) }))
    findings.diagnoses.set(index, { ...national, also })
  }
}

function nameOf(codes: Codes, code: string, day: Day): string {
  const found = codes.lookup('diagnosis', code, day)
  return found.found ? found.entry.name : ''
}

/** Files a resolved code under the findings: the national code, or a fault. */
function settle(
  resolved: Resolved,
  given: GivenCode,
  { at, field, reason, fen }: CodePlace,
  findings: Findings,
): NationalCode | null {
  const fault = (why: CodeFault[2], text: string, candidates: LineFault['candidates']) => {
    findings.faults.push({ at, field, reason, text, candidates })
    const name = (given.name ?? '').slice(0, NAME_LENGTH_MAX)
    findings.unmapped.push([at, reason, why, given.system, given.code, name, fen])
    return null
  }
  if (!resolved.ok) {
    const offered = findings.faults.length < CANDIDATES_FAULTS_MAX
    return fault(resolved.reason, resolved.text, offered ? resolved.candidates : [])
  }
  if (reason === 'E501' && (resolved.also?.length ?? 0) > 0) {
    return fault('several-together', `医院编码“${given.code}”对应多个国家编码，请拆分明细`, [])
  }
  findings.editions[resolved.standard] = resolved.edition
  const also = (resolved.also ?? []).map((code) => ({ code, name: '' }))
  const national = { code: resolved.code, name: resolved.name, also }
  findings.used.set(resolved, { national, mapped: mappedBy(resolved, given, at) })
  return national
}

function mappedBy(
  { map, code }: Extract<Resolved, { ok: true }>,
  given: GivenCode,
  at: string,
): Used['mapped'] {
  if (!map) return null
  return [given.code, code, `${map.system}@${map.version}`, map.row.provenance ?? '', at]
}

function twice(serial: string): LineFault {
  const text = `费用明细流水号${serial}在同一报文中重复`
  return { at: serial, field: 'feedetl_sn', reason: 'E503', text, candidates: [] }
}

function refusal(faults: readonly LineFault[]): GatewayError {
  const told = faults.map(({ at, field, text, candidates }) => {
    const near = candidates.map(({ code, name }) => `${code} ${name}`).join('、')
    return `${at === field ? at : `${at} ${field}`}：${text}${near ? `（相近：${near}）` : ''}`
  })
  const code = faults.every((fault) => fault.reason === 'E503') ? 'bad-amounts' : 'bad-codes'
  const detail = `共${faults.length}处不可用。${told.join('；')}`
  // The reason of the whole: that of its first fault, codes before amounts.
  const reason = (faults.find((fault) => fault.reason !== 'E503') ?? faults[0]!).reason
  return new GatewayError(code, 'translate', detail, { reason, lines: faults })
}
