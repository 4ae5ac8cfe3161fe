/** Messages of hospitals that do not stay with their own, over the bench of recovery. */

import type { OutboundReply } from '../../src/pipeline/context.ts'
import { handle } from './alone.ts'
import {
  type Behaviour,
  type Bench,
  BILL,
  bench,
  DEADLINE_MS,
  envelope,
  HOSPITAL,
} from './recovery-support.ts'

export const OTHER = 'H34010490001'

let serial = 0

/** A message id that nobody has used. */
export function freshId(institution = HOSPITAL): string {
  serial += 1
  return `${institution}20260302090001${String(serial).padStart(4, '0')}`
}

/** A message: its transaction, its input, and what its head says otherwise than the usual one. */
export interface Told {
  readonly infno: string
  readonly input: Record<string, unknown>
  readonly id?: string
  readonly head?: Record<string, unknown>
}

/** The head of the other hospital. */
export const FROM_OTHER = { fixmedins_code: OTHER, mdtrtarea_admvs: '340104' }

/** Another insured place, behind another platform. */
export const ELSEWHERE = { insuplc_admdvs: '430102' }

/** Sends a message. @param general whether it takes the general way of reading */
export function tell(made: Bench, { infno, input, id, head }: Told, general = false): Promise<OutboundReply> {
  const institution = (head?.fixmedins_code as string | undefined) ?? HOSPITAL
  const message = { ...envelope(infno, id ?? freshId(institution), {}), ...head, input }
  const text = JSON.stringify(message)
  const body = Buffer.from(general ? text.replace('收费员甲', '\\u6536\\u8d39\\u5458\\u7532') : text)
  const { dialect, formats } = made.services
  const caller = { id: 'his', institutions: 'any' } as const
  const format = formats.get(dialect.id)!
  return handle(made.services, { dialect, format, caller, body, transaction: null })
}

/** Sends a message and lets its answer come. */
export async function said(made: Bench, told: Told, general = false) {
  const answer = tell(made, told, general)
  await made.pass(50)
  const { problem, body } = await answer
  const { err_msg, message } = JSON.parse(body.toString()) as { err_msg?: string; message?: string }
  return { problem, text: err_msg ?? message, body: body.toString() }
}

/** Sends a message that the platform leaves without an answer. */
export async function lost({ made, behaviour }: ReturnType<typeof ownersBench>, told: Told) {
  made.behaviour = { says: () => 'silence' }
  const answer = tell(made, told)
  await made.pass(DEADLINE_MS + 1)
  made.behaviour = behaviour
  return (await answer).problem
}

/** A registration that the platform answers with an encounter of the test's choice. */
export const registration = (person: string): Told => ({
  infno: '2201',
  input: {
    data: {
      psn_no: person,
      insutype: '310',
      begntime: '2026-03-02 09:00:00',
      mdtrt_cert_type: '02',
      mdtrt_cert_no: BILL.mdtrt_cert_no,
      ipt_otp_no: `MZ-${person}`,
      atddr_no: 'D1',
      dr_name: '医师甲',
      dept_code: '0101',
      dept_name: '内科',
      caty: 'A03',
    },
  },
})

/** The bill of a person in an encounter. */
export const settlement = (person: string, mdtrt_id: string, infno = '2207'): Told => ({
  infno,
  input: { data: { ...BILL, psn_no: person, mdtrt_id, mid_setl_flag: '0' } },
})

/** A cancellation. */
export const cancellation = (person: string, mdtrt_id: string, setl_id: string, infno = '2208'): Told => ({
  infno,
  input: { data: { psn_no: person, mdtrt_id, setl_id } },
})

/** A reversal of a message. */
export const reversal = (person: string, omsgid: string, oinfno = '2207'): Told => ({
  infno: '2601',
  input: { data: { psn_no: person, omsgid, oinfno } },
})

/** Withdrawn lines, one a row. */
export const withdrawn = (
  ...rows: (readonly [person: string, encounter: string, serial?: string])[]
): Told => ({
  infno: '2302',
  input: {
    data: rows.map(([psn_no, mdtrt_id, feedetl_sn = 'F1']) => ({ psn_no, mdtrt_id, feedetl_sn })),
  },
})

/** A fee line in a code that the institution has. */
export function line(serialNumber: string, psn_no: string, mdtrt_id: string, more = {}) {
  return {
    feedetl_sn: serialNumber,
    mdtrt_id,
    psn_no,
    chrg_bchno: 'B1',
    rx_circ_flag: '0',
    fee_ocur_time: '2026-03-02 09:00:00',
    med_list_codg: '',
    medins_list_codg: 'Z0001',
    det_item_fee_sumamt: 60,
    cnt: 2,
    pric: 30,
    bilg_dept_codg: '0101',
    bilg_dept_name: '内科',
    bilg_dr_codg: 'D1',
    bilg_dr_name: '医师甲',
    hosp_appr_flag: '0',
    med_type: '21',
    ...more,
  }
}

/** A platform that opens the encounter it is told to, settles with ids that count up, and says yes to everything else. */
export function platform(): Behaviour & { opens: string; settles: number } {
  const money = (psn: number, id: string, msgid: string) => ({
    setlinfo: {
      setl_id: id,
      medins_setl_id: msgid,
      medfee_sumamt: 100 * psn,
      fulamt_ownpay_amt: 0,
      overlmt_selfpay: 0,
      preselfpay_amt: 0,
      inscp_scp_amt: 100 * psn,
      fund_pay_sumamt: 60 * psn,
      psn_part_amt: 40 * psn,
      acct_pay: 10 * psn,
      psn_cash_pay: 30 * psn,
      hosp_part_amt: 0,
    },
    setldetail: [{ fund_pay_type: '310100', fund_payamt: 60 * psn }],
  })
  const made = {
    opens: 'V1',
    settles: 0,
    says({ infno, msgid, data }: { infno: string; msgid: string; data: Record<string, string> }) {
      if (infno === '2201') return { output: { data: { mdtrt_id: made.opens } } }
      if (infno === '2401') return { output: { result: { mdtrt_id: made.opens } } }
      if (['2207', '2304', '2208', '2305'].includes(infno)) {
        made.settles += 1
        const sign = infno === '2208' || infno === '2305' ? -1 : 1
        const { setlinfo, setldetail } = money(sign, `S${made.settles}`, msgid)
        const echoed = { mdtrt_id: data.mdtrt_id, psn_no: data.psn_no }
        return { output: { setlinfo: { ...setlinfo, ...echoed }, setldetail } }
      }
      return { output: null }
    },
  }
  return made
}

/** A bench with such a platform. */
export function ownersBench() {
  const behaviour = platform()
  const made = bench({ behaviour, paused: true })
  return { made, behaviour }
}

/** Opens an encounter under an id. */
export async function open(
  { made, behaviour }: ReturnType<typeof ownersBench>,
  encounter: string,
  person: string,
  head: Record<string, unknown> = {},
) {
  behaviour.opens = encounter
  return said(made, { ...registration(person), head })
}
