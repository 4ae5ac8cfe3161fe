/** Settlements (2207) as a hospital system writes them, of 1, 20 or 200 fee lines with local codes and Chinese names. */

import { ID_LENGTH } from './ids.ts'

/** Stands in a body where each request has an id of its own: the message id and the encounter. */
export const ID = '[<id>]'

/** An institution of the invented register. */
export interface Hospital {
  readonly code: string
  readonly name: string
  readonly area: string
}

/** The hospital of most cases. */
export const HOSPITAL: Hospital = {
  code: 'H34010290001',
  name: '合肥市瑶海区人民医院（虚构）',
  area: '340102',
}
/** Hospitals of the same register in five provinces. */
export const HOSPITALS: readonly Hospital[] = [
  HOSPITAL,
  { code: 'H62100290001', name: '庆阳市第一综合医院（虚构）', area: '621002' },
  { code: 'H64030290001', name: '吴忠市利通人民医院（虚构）', area: '640302' },
  { code: 'H43090290001', name: '益阳市资江医院（虚构）', area: '430902' },
  { code: 'H44010490001', name: '广州市越秀珠江医院（虚构）', area: '440104' },
  { code: 'H62010290001', name: '兰州大学城关医院（虚构）', area: '620102' },
  { code: 'H34020290001', name: '芜湖市镜湖医院（虚构）', area: '340202' },
  { code: 'H64010490001', name: '银川市兴庆医学院附属医院（虚构）', area: '640104' },
  { code: 'H43010490001', name: '长沙市麓山湘江医院（虚构）', area: '430104' },
  { code: 'H44030490001', name: '深圳市福田中心医院（虚构）', area: '440304' },
]

/** Names as long as those of real catalogues; what they name is invented. */
const NAMES = ['阿莫西林克拉维酸钾分散片', '血清总胆固醇测定（化学法）', '一次性使用静脉输液针', '门诊诊查费']
/** What every line costs. */
export const LINE_FEN = 1250
/** Local codes that every hospital of the register has: `Y0001` to `Y0020`. */
const SHIPPED_ITEMS = 20
/** Local codes of the bench itself, each for a row of the large table. */
export const LOCAL_ITEMS = 5000
/** Claims of one kind that differ in their codes: as many as there are connections. */
const VARIANTS = 64

/** A local code of the bench. */
export function localCode(index: number): string {
  return `B${String(index).padStart(6, '0')}`
}

/** A claim to send: its body, with `ID` in it, and what it comes to. */
export interface Claim {
  readonly lines: number
  readonly body: string
  readonly totalFen: number
}

/** What a claim says. */
export interface Said {
  readonly lines: number
  /** `340104` stays in the province of treatment, `440104` goes across provinces; that of the hospital where left out. */
  readonly insuredArea?: string
  readonly hospital?: Hospital
  /** Whether the lines have codes of the bench, which only `HOSPITAL` has, and only where the large table is loaded. */
  readonly large?: boolean
}

/** Bytes to send, and where its ids stand in them. */
export interface LaidOut {
  readonly bytes: Buffer
  readonly places: readonly number[]
}

/** Lays out a text in which `ID` stands for an id of its own. */
export function layOut(text: string): LaidOut {
  const mark = 'x'.repeat(ID_LENGTH)
  const bytes = Buffer.from(text.replaceAll(ID, mark))
  const places: number[] = []
  for (let at = bytes.indexOf(mark); at >= 0; at = bytes.indexOf(mark, at + ID_LENGTH)) places.push(at)
  return { bytes, places }
}

/** Writes an id wherever one stands. */
export function writeId(bytes: Buffer, places: readonly number[], id: string): Buffer {
  for (const place of places) bytes.write(id, place, 'latin1')
  return bytes
}

/** Claims that differ in their codes only. */
export function claimsOf(said: Said): Claim[] {
  return Array.from({ length: VARIANTS }, (_, variant) => variantOf(said, variant))
}

/** One claim with codes that every hospital of the register has. */
export function claimOf(lines: number, insuredArea: string): Claim {
  return variantOf({ lines, insuredArea }, 0)
}

function variantOf(
  { lines, hospital = HOSPITAL, insuredArea = hospital.area, large = false }: Said,
  variant: number,
): Claim {
  const totalFen = lines * LINE_FEN
  const yuan = totalFen / 100
  const first = variant * lines
  const feedetail = Array.from({ length: lines }, (_, index) => ({
    feedetl_sn: `F${index + 1}`,
    mdtrt_id: ID,
    psn_no: 'P340000000001',
    chrg_bchno: 'B1',
    fee_ocur_time: '2026-03-02 09:12:45',
    med_list_codg: '',
    medins_list_codg: large
      ? localCode((first + index) % LOCAL_ITEMS)
      : `Y${String(1 + ((first + index) % SHIPPED_ITEMS)).padStart(4, '0')}`,
    medins_list_name: NAMES[index % NAMES.length],
    det_item_fee_sumamt: LINE_FEN / 100,
    cnt: 1,
    pric: LINE_FEN / 100,
    bilg_dept_codg: '0101',
    bilg_dept_name: '心血管内科门诊',
    bilg_dr_codg: 'D340102000001',
    bilg_dr_name: '医师甲',
    rx_circ_flag: '0',
    hosp_appr_flag: '0',
  }))
  const data = {
    psn_no: 'P340000000001',
    mdtrt_cert_type: '01',
    mdtrt_cert_no: '99000000ECTOKEN00000000034000001',
    med_type: '11',
    medfee_sumamt: yuan,
    psn_setlway: '01',
    mdtrt_id: ID,
    chrg_bchno: 'B1',
    insutype: '310',
    acct_used_flag: '1',
    fulamt_ownpay_amt: 0,
    overlmt_selfpay: 0,
    preselfpay_amt: 0,
    inscp_scp_amt: yuan,
  }
  const body = JSON.stringify({
    infno: '2207',
    msgid: ID,
    mdtrtarea_admvs: hospital.area,
    insuplc_admdvs: insuredArea,
    recer_sys_code: 'MBS_LOCAL',
    dev_no: '',
    dev_safe_info: '',
    cainfo: '',
    signtype: '',
    infver: 'V1.0',
    opter_type: '1',
    opter: '0001',
    opter_name: '收费员甲',
    inf_time: '2026-03-02 09:30:00',
    fixmedins_code: hospital.code,
    fixmedins_name: hospital.name,
    sign_no: '',
    input: { data, feedetail },
  })
  return { lines, body, totalFen }
}
