/** Messages of the national interface as a hospital system writes them; hospitals and doctors are invented. */

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

/** Where the gateway takes them. */
export const PATH = '/hss-call-service-interface'

/** Transactions by which money moves. */
export const MONEY: ReadonlySet<string> = new Set(['2207', '2208', '2304', '2305'])

/** A section of a message. */
export interface Node {
  readonly [field: string]: unknown
}

let serial = Math.floor(Math.random() * 10_000)

/** A message with its header. */
export function envelope(hospital: Hospital, insuplc_admdvs: string, infno: string, input: Node): Node {
  serial += 1
  const inf_time = shanghaiNow()
  const { code: fixmedins_code, name: fixmedins_name, area: mdtrtarea_admvs } = hospital
  const id = inf_time.replace(/\D/g, '') + String(serial % 10_000).padStart(4, '0')
  const clerk = { opter_type: '1', opter: '0001', opter_name: '压测' }
  return {
    infno,
    msgid: fixmedins_code + id,
    mdtrtarea_admvs,
    insuplc_admdvs,
    recer_sys_code: 'MBS_LOCAL',
    infver: 'V1.0',
    ...clerk,
    inf_time,
    fixmedins_code,
    fixmedins_name,
    sign_no: '',
    input,
  }
}

/** A fee line of one piece in the hospital's own codes. */
export function feeLine(feedetl_sn: string, item: string, fen: number, fee_ocur_time: string): Node {
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

/** The sums of a settlement from how each line was split; in fen, so that they close. */
export function sumsOf(rows: readonly Node[]): Node {
  const fields = {
    medfee_sumamt: 'det_item_fee_sumamt',
    fulamt_ownpay_amt: 'fulamt_ownpay_amt',
    overlmt_selfpay: 'overlmt_amt',
    preselfpay_amt: 'preselfpay_amt',
    inscp_scp_amt: 'inscp_scp_amt',
  }
  const sum = (field: string) =>
    rows.reduce((fen, row) => fen + Math.round(Number(row[field]) * 100), 0) / 100
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, sum(field)]))
}

/** Now, as messages write it. */
export function shanghaiNow(): string {
  return new Date(Date.now() + 8 * 3600 * 1000).toISOString().slice(0, 19).replace('T', ' ')
}
