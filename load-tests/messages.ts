/** Messages of the national interface as a hospital system writes them; hospitals and doctors are invented. */
import { createMessageIds, type Fields, nationalMessage } from '../src/client/message.ts'
import { type Instant, shanghaiTime } from '../src/domain/day.ts'

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

const newId = createMessageIds(Math.floor(Math.random() * 10_000))

/** A message with its header, of now. */
export function envelope(hospital: Hospital, insuredArea: string, infno: string, input: Fields): Fields {
  const now = Date.now() as Instant
  const { code: institution, name, area: treatmentArea } = hospital
  const sender = { institution, name, treatmentArea, insuredArea }
  return nationalMessage(sender, infno, input, { id: newId(institution, now), at: shanghaiTime(now) })
}

/** A fee line of one piece in the hospital's own codes. */
export function feeLine(feedetl_sn: string, item: string, fen: number, fee_ocur_time: string): Fields {
  return {
    feedetl_sn,
    fee_ocur_time,
    med_list_codg: '',
    medins_list_codg: item,
    det_item_fee_sumamt: fen / 100,
    cnt: 1,
    pric: fen / 100,
    bilg_dept_codg: '0101',
    bilg_dept_name: '内科',
    bilg_dr_codg: 'D000000000001',
    bilg_dr_name: '医师甲',
    hosp_appr_flag: '0',
  }
}

/** Now, as messages write it. */
export const shanghaiNow = (): string => shanghaiTime(Date.now() as Instant)
