/** Settles bills of eight lines by the whole way of a message, for a test that says how the process is started. */
import { handle } from './alone.ts'
import { type Asked, BILL, bench, EMPTY, envelope, SETTLEMENT, shown } from './recovery-support.ts'

const LINES = 8
const BILLS = 3

function settles({ infno, msgid, data }: Asked) {
  if (infno !== '2207') return EMPTY.says({ infno, msgid, data })
  const { setlinfo, setldetail } = shown(msgid)
  const { psn_pay: psn_part_amt, cash_payamt: psn_cash_pay, ...rest } = setlinfo
  const setl_id = `S${msgid.slice(-1)}`
  return { output: { setlinfo: { ...rest, setl_id, psn_part_amt, psn_cash_pay }, setldetail } }
}

const lineOf = (_: unknown, at: number) => ({
  feedetl_sn: `F${at}`,
  mdtrt_id: 'V1',
  psn_no: 'P1',
  chrg_bchno: 'B1',
  fee_ocur_time: '2026-03-02 08:30:00',
  med_list_codg: '',
  medins_list_codg: 'Y0001',
  medins_list_name: '门诊诊查费',
  det_item_fee_sumamt: 12.5,
  cnt: 1,
  pric: 12.5,
  bilg_dept_codg: '0101',
  bilg_dept_name: '内科门诊',
  bilg_dr_codg: 'D340102000001',
  bilg_dr_name: '医师甲',
  rx_circ_flag: '0',
  hosp_appr_flag: '0',
})

const made = bench({ behaviour: { says: settles } })
const { dialect, formats } = made.services
const caller = { id: 'his', institutions: 'any' } as const
for (let bill = 1; bill <= BILLS; bill += 1) {
  const { input, ...head } = envelope('2207', SETTLEMENT.slice(0, -1) + bill, BILL)
  const feedetail = Array.from({ length: LINES }, lineOf)
  const body = Buffer.from(JSON.stringify({ ...head, input: { ...input, feedetail } }))
  const answered = handle(made.services, {
    ...{ dialect, format: formats.get(dialect.id)!, caller, body },
    transaction: null,
  })
  await made.pass(1_000)
  const { problem } = await answered
  console.log(problem ?? `settled ${made.left.at(-1)?.asked.infno}`)
}
for (const fault of made.faults) console.error(fault)
