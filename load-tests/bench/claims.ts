/** Settlements (2207) as a hospital system writes them, of 1, 20 or 200 fee lines with local codes and Chinese names. */

/** Stands in a body where each request has an id of its own: the message id and the encounter. */
export const ID = '[<id>]'

const HOSPITAL = { code: 'H34010290001', name: '合肥市瑶海区人民医院（虚构）', area: '340102' }
/** Names as long as those of real catalogues; what they name is invented. */
const NAMES = ['阿莫西林克拉维酸钾分散片', '血清总胆固醇测定（化学法）', '一次性使用静脉输液针', '门诊诊查费']
const LOCAL_ITEMS = 20
const LINE_FEN = 1250

/** A claim to send: its body, with `ID` in it, and what it comes to. */
export interface Claim {
  readonly lines: number
  readonly body: string
  readonly totalFen: number
}

/**
 * A settlement of an insured person.
 *
 * @param lines number of fee lines
 * @param insuredArea `340104` stays in the province of treatment, `440104` goes across provinces
 */
export function claimOf(lines: number, insuredArea: string): Claim {
  const totalFen = lines * LINE_FEN
  const yuan = totalFen / 100
  const feedetail = Array.from({ length: lines }, (_, index) => ({
    feedetl_sn: `F${index + 1}`,
    mdtrt_id: ID,
    psn_no: 'P340000000001',
    chrg_bchno: 'B1',
    fee_ocur_time: '2026-03-02 09:12:45',
    med_list_codg: '',
    medins_list_codg: `Y${String(1 + (index % LOCAL_ITEMS)).padStart(4, '0')}`,
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
    mdtrtarea_admvs: HOSPITAL.area,
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
    fixmedins_code: HOSPITAL.code,
    fixmedins_name: HOSPITAL.name,
    sign_no: '',
    input: { data, feedetail },
  })
  return { lines, body, totalFen }
}
