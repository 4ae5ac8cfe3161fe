/**
 * Messages of a hospital system about a mobile-payment order: upload, payment, refund, query, revocation. Keys are in
 * camel case.
 */
import type { Fields } from './message.ts'
import type { LineOfVisit, VisitOf } from './visit.ts'

/** The person of an order: what 6201, 6301 and 6401 ask for. */
export interface Payer {
  readonly idNo: string
  readonly userName: string
  readonly idType: string
}

/** An uploaded order, as later messages refer to it. */
export interface OrderOf {
  readonly payOrdId: string
  readonly payToken: string
  readonly orgCodg: string
}

/** Who pays which part of an order, in yuan as returned by 6202. */
export interface PaidLegs {
  readonly feeSumamt: string
  readonly ownPayAmt: string
  readonly psnAcctPay: string
  readonly fundPay: string
}

/** Token of an authorisation by scan; invented. */
const TOKEN = 'EC0000000001'
const DOCTOR = { bilgDrCodg: 'D000000000001', bilgDrName: '医师甲' }
const DEPARTMENT = { bilgDeptCodg: '0101', bilgDeptName: '内科' }

/** 6201. @param mdtrtId empty: the upload registers the visit @param total of the lines, in yuan */
export function orderUpload(
  visit: VisitOf,
  payer: Payer,
  orgCodg: string,
  lines: readonly LineOfVisit[],
  { total, mdtrtId = '' }: { readonly total: number; readonly mdtrtId?: string },
): Fields {
  const { patient, number, category, at, diagnosis } = visit
  const chrgBchno = `P${number}`
  const ids = { mdtrtId, psnNo: patient.psn_no, chrgBchno }
  return {
    data: {
      ...{ orgCodg, ...payer, ...ids, insutype: patient.insutype, medOrgOrd: `M${number}`, begntime: at },
      ...{
        ecToken: TOKEN,
        iptOtpNo: number,
        deptName: '内科',
        caty: 'A03',
        medType: category,
        feeType: '01',
      },
      ...{ medfeeSumamt: total, acctUsedFlag: '1', diseCodg: '0', psnSetlway: '01' },
      ...{ fetts: 0, matnType: '0', extData: '{}' },
      diseinfoList: [
        {
          ...{ diagType: '1', diagSrtNo: 1, diagCode: diagnosis.code, diagName: diagnosis.name },
          ...{ diagDept: '内科', diseDorNo: DOCTOR.bilgDrCodg, diseDorName: DOCTOR.bilgDrName },
          ...{ diagTime: at, valiFlag: '1' },
        },
      ],
      feedetailList: lines.map((line, index) => ({
        ...ids,
        // A visit registered by the upload has no id yet, but the specification requires one. [F: T]
        ...{ mdtrtId: mdtrtId || '0', feedetlSn: `${number}P${index + 1}`, rxCircFlag: '0', feeOcurTime: at },
        ...{ medListCodg: line.national || line.item, medinsListCodg: line.item, medType: category },
        ...{ detItemFeeSumamt: line.sum, cnt: line.count, pric: line.price, hospApprFlag: '0' },
        ...DEPARTMENT,
        ...DOCTOR,
      })),
    },
  }
}

/** 6202. */
export function orderPayment(order: OrderOf, mdtrtId: string, serial: string): Fields {
  return { data: { payAuthNo: 'AU0000000001', ...order, orgBizSer: serial, mdtrtId, extData: '' } }
}

/**
 * 6203 for everything that was paid. @param serial the hospital's number of the refund @param time `20261130094407`
 */
export function orderRefund({ payOrdId }: OrderOf, paid: PaidLegs, serial: string, time: string): Fields {
  const { feeSumamt, ownPayAmt, psnAcctPay, fundPay } = paid
  const amounts = {
    totlRefdAmt: feeSumamt,
    cashRefdAmt: ownPayAmt,
    psnAcctRefdAmt: psnAcctPay,
    fundRefdAmt: fundPay,
  }
  const own = { appRefdSn: serial, appRefdTime: time, ecToken: TOKEN, refdType: 'ALL' }
  return { data: { payOrdId, ...own, ...amounts } }
}

/** 6301 and 6401, which have the same input. */
export function orderQuestion(order: OrderOf, payer: Payer): Fields {
  return { data: { ...order, ...payer } }
}
