/**
 * Makes every code of a message national on the day of the fee. One bad line refuses the whole message, once, with every
 * bad line, its reason and the nearest candidates; nothing has left by then.
 */
import type { Codes, Resolved } from '../codes/codes.ts'
import { type GivenCode, type LineFault, lineFault } from '../domain/claim.ts'
import type { Day } from '../domain/day.ts'
import { GatewayError } from '../domain/problems.ts'
import { splitFault } from '../domain/settlement.ts'
import type { Dialect, Message, NationalCode } from '../extension/dialect.ts'

/** A translated message, and which edition and map made each code national. */
export interface Translated {
  readonly message: Message
  /**
   * JSON: editions used, and the rows of maps: `[where, given code, national code, system@version]`, and where the row
   * comes from, if the map says more than the source of its edition.
   */
  readonly evidence: string | null
}

/** What is gathered on the way. */
interface Findings {
  readonly lines: Map<string, NationalCode>
  readonly diagnoses: Map<number, NationalCode>
  readonly faults: LineFault[]
  readonly editions: Record<string, string>
  readonly mapped: string[][]
}

/**
 * Translates.
 *
 * @throws {GatewayError} bad-codes with every bad line; bad-amounts where lines or sums do not add up
 */
export function translate(codes: Codes, dialect: Dialect, message: Message): Translated {
  const { subject } = message
  const inSplit = subject.split ? splitFault(subject.split) : null
  if (inSplit) throw new GatewayError('bad-amounts', 'translate', inSplit)
  const findings: Findings = { lines: new Map(), diagnoses: new Map(), faults: [], editions: {}, mapped: [] }
  judgeLines(codes, message, findings)
  judgeDiagnoses(codes, message, findings)
  if (findings.faults.length > 0) throw refusal(findings.faults)
  if (findings.lines.size === 0 && findings.diagnoses.size === 0) return { message, evidence: null }
  const { lines, diagnoses, editions, mapped } = findings
  return {
    message: dialect.place(message, { lines, diagnoses }),
    evidence: JSON.stringify({ editions, mapped }),
  }
}

function judgeLines(codes: Codes, { subject }: Message, findings: Findings): void {
  const serials = new Set<string>()
  for (const line of subject.lines ?? []) {
    const fault = lineFault(line)
    if (fault) findings.faults.push(fault)
    if (serials.has(line.serial)) findings.faults.push(twice(line.serial))
    serials.add(line.serial)
    const resolved = codes.resolve('item', line.item, line.day)
    const field = line.item.system === 'national' ? 'med_list_codg' : 'medins_list_codg'
    const national = settle(resolved, line.item, { at: line.serial, field, reason: 'E501' }, findings)
    if (national) findings.lines.set(line.serial, national)
  }
}

function judgeDiagnoses(codes: Codes, { subject }: Message, findings: Findings): void {
  for (const { index, field, day, given } of subject.diagnoses ?? []) {
    const [at = '', name = at] = field.split(' ')
    const place = { at, field: name, reason: 'E502' } as const
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
  place: Pick<LineFault, 'at' | 'field' | 'reason'>,
  findings: Findings,
): NationalCode | null {
  if (!resolved.ok) {
    findings.faults.push({ ...place, text: resolved.text, candidates: resolved.candidates })
    return null
  }
  if (place.reason === 'E501' && (resolved.also?.length ?? 0) > 0) {
    findings.faults.push({
      ...place,
      text: `医院编码“${given.code}”对应多个国家编码，请拆分明细`,
      candidates: [],
    })
    return null
  }
  findings.editions[resolved.standard] = resolved.edition
  if (resolved.map) {
    const { system, version, row } = resolved.map
    const proof = [place.at, given.code, resolved.code, `${system}@${version}`]
    findings.mapped.push(row.provenance ? [...proof, row.provenance] : proof)
  }
  const also = (resolved.also ?? []).map((code) => ({ code, name: '' }))
  return { code: resolved.code, name: resolved.name, also }
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
