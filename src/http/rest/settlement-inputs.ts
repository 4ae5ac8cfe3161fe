/** From English to the national fields: trial, settlement, cancellation. Pure. */
import type { z } from '@hono/zod-openapi'
import { asFen, yuanFromFen } from '../../domain/money.ts'
import type { OpenedEncounter } from './opening.ts'
import { mark } from './person-inputs.ts'
import type { BillRequest } from './settlement-schemas.ts'

type Input = Readonly<Record<string, unknown>>
type Bill = z.output<typeof BillRequest>

function yuan(amountFen: number): string {
  return yuanFromFen(asFen(amountFen))
}

function shared(body: Bill, opened: OpenedEncounter) {
  const credential = body.credential ?? opened.credential
  return {
    psn_no: opened.person,
    mdtrt_cert_type: credential.type,
    mdtrt_cert_no: credential.number,
    medfee_sumamt: yuan(body.totalFen),
    psn_setlway: body.settlementWay,
    mdtrt_id: opened.encounter,
    acct_used_flag: mark(body.useAccount),
    insutype: body.insuranceType ?? opened.insuranceType,
  }
}

function sums(body: Bill) {
  return {
    fulamt_ownpay_amt: yuan(body.selfPaidFen),
    overlmt_selfpay: yuan(body.overLimitFen),
    preselfpay_amt: yuan(body.firstSelfPayFen),
    inscp_scp_amt: yuan(body.inScopeFen),
  }
}

/** 2206 门诊预结算, which has no place for the four sums, and 2207 门诊结算. */
export function outpatientBillInput(
  body: Bill,
  opened: OpenedEncounter,
  category: string,
  trial: boolean,
): Input {
  const bill = { ...shared(body, opened), med_type: category, chrg_bchno: body.batch }
  return { data: trial ? bill : { ...bill, invono: body.invoice, ...sums(body) } }
}

/** 2303 住院预结算 and 2304 住院结算: the trial takes the day of the discharge, the settlement its time. */
export function inpatientBillInput(body: Bill, opened: OpenedEncounter, trial: boolean): Input {
  return {
    data: {
      ...shared(body, opened),
      ...sums(body),
      invono: body.invoice,
      mid_setl_flag: mark(body.midway),
      dscg_time: trial ? body.discharged?.slice(0, 10) : body.discharged,
    },
  }
}

/** 2208 门诊结算撤销 and 2305 住院结算撤销. */
export function cancellationInput(settlement: string, opened: OpenedEncounter): Input {
  return { data: { mdtrt_id: opened.encounter, setl_id: settlement, psn_no: opened.person } }
}
