/** Messages of hospital systems that speak the national interface. The message id is the key. */
import { nationalMessage } from '../../src/client/message.ts'
import { isNational } from './catalogue.ts'
import { boxRow } from './goods.ts'
import type { Form, Line, Person, Sent } from './sent.ts'

const DOCTOR = { bilg_dr_codg: 'D340102000001', bilg_dr_name: '医师甲' }
const DEPARTMENT = { bilg_dept_codg: '0101', bilg_dept_name: '内科' }

/** A hospital: its code and the area in which it lies. */
export interface Hospital {
  readonly code: string
  readonly area: string
}

function diagnosis({ psn_no }: Person, at: string) {
  return {
    psn_no,
    diag_type: '1',
    maindiag_flag: '1',
    diag_srt_no: 1,
    diag_code: 'I10.x00x002',
    diag_name: '高血压',
    diag_dept: '内科',
    dise_dor_no: 'D340102000001',
    dise_dor_name: '医师甲',
    diag_time: at,
  }
}

function lineRow({ serial, code, day, fen }: Line, { psn_no }: Person, mdtrt_id: string) {
  return {
    feedetl_sn: serial,
    mdtrt_id,
    psn_no,
    fee_ocur_time: `${day} 08:00:00`,
    med_list_codg: isNational(code) ? code : '',
    medins_list_codg: code,
    det_item_fee_sumamt: fen / 100,
    cnt: 1,
    pric: String(fen / 100),
    ...DEPARTMENT,
    ...DOCTOR,
    hosp_appr_flag: '0',
  }
}

/**
 * The national form of one hospital.
 *
 * @param serial counts the messages of a run
 */
export function nationalForm({ code, area }: Hospital, at: () => string, serial: () => number): Form {
  function envelope(
    infno: string,
    input: object,
    person: Person,
    more: Partial<Pick<Sent, 'encounter' | 'order' | 'undoes' | 'lines' | 'other' | 'msgid'>> = {},
  ): Sent {
    const msgid = more.msgid || `${code}20260302090000${String(serial()).padStart(4, '0')}`
    const sender = {
      institution: code,
      name: '示例医院（虚构）',
      treatmentArea: area,
      insuredArea: person.area,
    }
    const message = nationalMessage(sender, infno, input, { id: msgid, at: at() })
    return {
      door: 'national',
      infno,
      msgid,
      key: `${code}|${infno}|${msgid}`,
      name: `${infno} ${msgid}`,
      person,
      encounter: more.encounter ?? null,
      ...(more.order !== undefined && { order: more.order }),
      undoes: more.undoes ?? null,
      lines: more.lines ?? [],
      other: more.other ?? false,
      bytes: Buffer.from(JSON.stringify(message)),
      rest: null,
      contradiction: () =>
        envelope(infno, { ...input, exp_content: 'other' }, person, { ...more, msgid, other: true }),
    }
  }

  return {
    institution: code,
    open(person, stay, number, time) {
      const head = {
        psn_no: person.psn_no,
        insutype: '310',
        begntime: time,
        mdtrt_cert_type: '02',
        mdtrt_cert_no: person.document,
        atddr_no: 'D340102000001',
      }
      if (!stay) {
        const dept = { dr_name: '医师甲', dept_code: '0101', dept_name: '内科', caty: 'A03' }
        return envelope('2201', { data: { ...head, ipt_otp_no: number, ...dept } }, person)
      }
      const mdtrtinfo = {
        ...head,
        med_type: '21',
        ipt_no: number,
        chfpdr_name: '医师甲',
        adm_diag_dscr: '高血压',
        adm_dept_codg: '0101',
        adm_dept_name: '内科',
        adm_bed: '12',
        dscg_maindiag_code: 'I10.x00x002',
        dscg_maindiag_name: '高血压',
      }
      return envelope('2401', { mdtrtinfo, diseinfo: [diagnosis(person, time)] }, person)
    },
    lines(person, encounter, stay, lines, batch) {
      const own = stay ? { med_type: '21' } : { chrg_bchno: batch, rx_circ_flag: '0' }
      const feedetail = lines.map((line) => ({ ...lineRow(line, person, encounter), ...own }))
      return envelope(stay ? '2301' : '2204', { feedetail }, person, { encounter, lines })
    },
    discharge(person, encounter, time) {
      const dscginfo = {
        mdtrt_id: encounter,
        psn_no: person.psn_no,
        insutype: '310',
        endtime: time,
        dscg_dept_codg: '0101',
        dscg_dept_name: '内科',
        dscg_way: '1',
      }
      const diseinfo = [{ ...diagnosis(person, time), mdtrt_id: encounter }]
      return envelope('2402', { dscginfo, diseinfo }, person, { encounter })
    },
    settle({ person, encounter, stay, total, batch, midway }) {
      const data = {
        psn_no: person.psn_no,
        mdtrt_cert_type: '02',
        mdtrt_cert_no: person.document,
        medfee_sumamt: total / 100,
        psn_setlway: '01',
        mdtrt_id: encounter,
        insutype: '310',
        acct_used_flag: '1',
        fulamt_ownpay_amt: 0,
        overlmt_selfpay: 0,
        preselfpay_amt: 0,
        inscp_scp_amt: total / 100,
        ...(stay ? { mid_setl_flag: midway ? '1' : '0' } : { med_type: '11', chrg_bchno: batch }),
      }
      return envelope(stay ? '2304' : '2207', { data }, person, { encounter })
    },
    cancel({ person, encounter, stay, purchase }, setl_id) {
      const data = { setl_id, mdtrt_id: encounter, psn_no: person.psn_no }
      return envelope(purchase ? '2103' : stay ? '2305' : '2208', { data }, person, { encounter })
    },
    buy(person, lines, begntime) {
      const druginfo = {
        psn_no: person.psn_no,
        mdtrt_cert_type: '02',
        mdtrt_cert_no: person.document,
        begntime,
        medfee_sumamt: lines.reduce((sum, { fen }) => sum + fen, 0) / 100,
        insutype: '310',
        acct_used_flag: '1',
        med_type: '41',
      }
      const drugdetail = lines.map((line) => {
        const { psn_no: _, mdtrt_id: __, ...row } = lineRow(line, person, '')
        return { ...row, rx_circ_flag: '0' }
      })
      return envelope('2102', { druginfo, drugdetail }, person, { lines })
    },
    ask(person, encounter) {
      const data = encounter
        ? { psn_no: person.psn_no, setl_id: '', mdtrt_id: encounter }
        : { mdtrt_cert_type: '02', mdtrt_cert_no: person.document }
      return envelope(encounter ? '5203' : '1101', { data }, person, { encounter })
    },
    only: {
      goods(infno, boxes, person) {
        const rows = boxes.map((box) => boxRow(box, person))
        return envelope(infno, infno.endsWith('A') ? { selinfoDetail: rows } : { selinfo: rows[0] }, person)
      },
      readmit: (person, encounter) =>
        envelope('2405', { data: { mdtrt_id: encounter, psn_no: person.psn_no } }, person, { encounter }),
      reverse: (person, infno, msgid) =>
        envelope('2601', { data: { psn_no: person.psn_no, omsgid: msgid, oinfno: infno } }, person, {
          undoes: { infno, msgid },
        }),
      say: envelope,
    },
    encounterOf({ body }) {
      const { output } = JSON.parse(body.toString())
      return (output.data ?? output.result ?? output.setlinfo).mdtrt_id
    },
    settlementOf: ({ body }) => JSON.parse(body.toString()).output.setlinfo.setl_id,
  }
}
