/** The answers of a platform of the bench. Those to settlements are laid out once for each size and only get their ids. */
import { LINE_FEN } from './claims.ts'
import type { Book } from './endpoint-book.ts'
import { ID_LENGTH, serialOf } from './ids.ts'

type Node = Readonly<Record<string, unknown>>

/** Stands where an id goes. */
const HOLE = 'x'.repeat(ID_LENGTH)

interface Layout {
  readonly bytes: Buffer
  readonly places: readonly number[]
}

const layouts = new Map<number, Layout>()

function settlementInfo(id: string, yuan: number): Record<string, unknown> {
  const fund = Math.floor(yuan * 50) / 100
  const person = Math.round((yuan - fund) * 100) / 100
  return {
    mdtrt_id: id,
    setl_id: id,
    psn_no: 'P340000000001',
    psn_name: '测试甲',
    medins_setl_id: id,
    setl_time: '2026-03-02 09:30:01',
    med_type: '11',
    medfee_sumamt: yuan,
    fulamt_ownpay_amt: 0,
    overlmt_selfpay: 0,
    preselfpay_amt: 0,
    inscp_scp_amt: yuan,
    act_pay_dedc: 0,
    hifp_pay: fund,
    cvlserv_pay: 0,
    hifes_pay: 0,
    hifmi_pay: 0,
    hifob_pay: 0,
    maf_pay: 0,
    oth_pay: 0,
    fund_pay_sumamt: fund,
    psn_part_amt: person,
    acct_pay: 0,
    psn_cash_pay: person,
    hosp_part_amt: 0,
    balc: 0,
    acct_mulaid_pay: 0,
    clr_optins: '340100',
    clr_way: '1',
    clr_type: '11',
  }
}

/** Fund rows of a settlement. */
function fundsOf({ fund_pay_sumamt: fund_payamt, inscp_scp_amt }: Node): Node[] {
  return [{ fund_pay_type: '310100', inscp_scp_amt, fund_payamt, setl_proc_info: '职工统筹' }]
}

function answered(id: string, infcode: number, err_msg: string, output: unknown): string {
  return JSON.stringify({
    infcode,
    inf_refmsgid: id,
    refmsg_time: '20260302093001000',
    respond_time: '20260302093001000',
    err_msg,
    warn_msg: null,
    cainfo: '',
    signtype: '',
    output,
  })
}

function layoutOf(fen: number): Layout {
  const known = layouts.get(fen)
  if (known) return known
  const setlinfo = settlementInfo(HOLE, fen / 100)
  const result = Array.from({ length: fen / LINE_FEN }, (_, index) => ({
    feedetl_sn: `F${index + 1}`,
    inscp_scp_amt: 12.5,
    memo: '甲类',
  }))
  const bytes = Buffer.from(answered(HOLE, 0, '', { setlinfo, setldetail: fundsOf(setlinfo), result }))
  const places: number[] = []
  for (let at = bytes.indexOf(HOLE); at >= 0; at = bytes.indexOf(HOLE, at + ID_LENGTH)) places.push(at)
  const layout = { bytes, places }
  layouts.set(fen, layout)
  return layout
}

/** The yes to a settlement. Every line costs the same, so the sum says how many there are. */
export function settledAnswer(id: string, fen: number): Buffer {
  const { bytes, places } = layoutOf(fen)
  const answer = Buffer.from(bytes)
  for (const place of places) answer.write(id, place, 'latin1')
  return answer
}

/** The answer to anything else, by what the book says: recovery asks 5203 and 5202, and undoes by 2601; 1101 is the probe. */
export function otherAnswer(body: Buffer, book: Book): string {
  const { infno, msgid, input } = JSON.parse(body.toString()) as {
    infno: string
    msgid: string
    input?: { data?: Record<string, string> }
  }
  const { mdtrt_id = '', omsgid = '' } = input?.data ?? {}
  if (infno === '2601') {
    book.undo(serialOf(omsgid))
    return answered(msgid, 0, '', null)
  }
  if (infno === '1101') return answered(msgid, -1, '未查询到该人员信息', null)
  if (infno === '5202') return answered(msgid, 0, '', { diseinfo: [] })
  if (infno !== '5203') return answered(msgid, 0, '', {})
  const fen = book.fenOf(serialOf(mdtrt_id))
  if (fen === null) return answered(msgid, -1, '未查到结算信息', null)
  const { psn_part_amt: psn_pay, psn_cash_pay: cash_payamt, ...rest } = settlementInfo(mdtrt_id, fen / 100)
  const setlinfo = { ...rest, psn_pay, cash_payamt }
  return answered(msgid, 0, '', { setlinfo, setldetail: fundsOf(setlinfo) })
}
