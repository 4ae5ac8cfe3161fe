/** What is told of bad lines and codes: one refusal with all of them. */
import type { LineFault } from '../domain/claim.ts'
import { GatewayError } from '../domain/problems.ts'

/** A line number that stands twice in one message. */
export function twice(serial: string): LineFault {
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

/** The refusal of a message for its bad lines and codes. */
export function refusal(faults: readonly LineFault[]): GatewayError {
  const code = kindOf(faults) === 'bad-amounts' ? 'bad-amounts' : 'bad-codes'
  const detail = linesText(faults)
  // The reason of the whole: that of its first fault, codes before amounts.
  const reason = (faults.find((fault) => fault.reason !== 'E503') ?? faults[0]!).reason
  return new GatewayError(code, 'translate', detail, { reason, lines: faults })
}
