/** Messages of the national interface as a hospital system writes them; hospitals and doctors are invented. */
import { createMessageIds, type Fields, nationalMessage } from '../src/client/message.ts'
import type { LineOfVisit, VisitOf } from '../src/client/visit.ts'
import { type Instant, shanghaiTime } from '../src/domain/day.ts'
import type { Insured } from './parties.ts'

/** A hospital of the invented register. */
export interface Hospital {
  readonly code: string
  readonly name: string
  readonly area: string
}

/** One hospital a simulated city. They are in the starter register of the gateway and write national diagnoses. */
export const HOSPITALS: readonly Hospital[] = [
  { code: 'H62100290001', name: '庆阳市第一综合医院（虚构）', area: '621002' },
  { code: 'H34010290001', name: '合肥市瑶海区人民医院（虚构）', area: '340102' },
  { code: 'H64030290001', name: '吴忠市利通人民医院（虚构）', area: '640302' },
  { code: 'H43090290001', name: '益阳市资江医院（虚构）', area: '430902' },
  { code: 'H44010490001', name: '广州市越秀珠江医院（虚构）', area: '440104' },
]

/** Transactions by which money moves. */
export const MONEY: ReadonlySet<string> = new Set(['2207', '2208', '2304', '2305'])

const DIAGNOSIS = { code: 'I10.x00x002', name: '高血压' } as const

const newId = createMessageIds(Math.floor(Math.random() * 10_000))

/** A message with its header, of now. */
export function envelope(hospital: Hospital, insuredArea: string, infno: string, input: Fields): Fields {
  const now = Date.now() as Instant
  const { code: institution, name, area: treatmentArea } = hospital
  const sender = { institution, name, treatmentArea, insuredArea }
  return nationalMessage(sender, infno, input, { id: newId(institution, now), at: shanghaiTime(now) })
}

/** What is about a person's visit in its messages, as `src/client/visit.ts` writes them. It begins now. */
export function visitOf(person: Insured, number: string, category: '11' | '21'): VisitOf {
  const { mdtrt_cert_type, mdtrt_cert_no } = person.credentials[0]!
  const { insutype } = person.insurance[0]!
  const patient = { psn_no: person.psn_no, credential: { mdtrt_cert_type, mdtrt_cert_no }, insutype }
  return { patient, number, category, at: shanghaiNow(), diagnosis: DIAGNOSIS }
}

/** A fee line of one piece in the hospital's own codes. */
export function lineOf(item: string, fen: number): LineOfVisit {
  return { item, price: fen / 100, count: 1, sum: fen / 100 }
}

/** Now, as messages write it. */
export const shanghaiNow = (): string => shanghaiTime(Date.now() as Instant)
