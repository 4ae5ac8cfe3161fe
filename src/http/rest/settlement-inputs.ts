/** Converts English requests to national fields: pre-settlement, settlement, cancellation. Pure. */
import type { z } from '@hono/zod-openapi'
import { asFen, yuanFromFen } from '../../domain/money.ts'
import type { OpenedEncounter } from './opened-encounter.ts'
import { mark } from './person-inputs.ts'
import type { BillRequest } from './settlement-schemas.ts'
import { type Reading, type Written, written } from './written.ts'

type Bill = z.output<typeof BillRequest>

function yuan(amountFen: number): string {
  return yuanFromFen(asFen(amountFen))
}

function shared(read: Reading<Bill>, body: Bill, opened: OpenedEncounter) {
  const credential = body.credential ?? opened.credential
  return {
    psn_no: read.known('encounter', opened.person),
    mdtrt_cert_type: read.known('credential.type', credential.type),
    mdtrt_cert_no: read.known('credential.number', credential.number),
    medfee_sumamt: read.at('totalFen', yuan),
    psn_setlway: read.at('settlementWay'),
    mdtrt_id: read.known('encounter', opened.encounter),
    acct_used_flag: read.at('useAccount', mark),
    insutype: read.known('insuranceType', body.insuranceType ?? opened.insuranceType),
  }
}

function sums(read: Reading<Bill>) {
  return {
    fulamt_ownpay_amt: read.at('selfPaidFen', yuan),
    overlmt_selfpay: read.at('overLimitFen', yuan),
    preselfpay_amt: read.at('firstSelfPayFen', yuan),
    inscp_scp_amt: read.at('inScopeFen', yuan),
  }
}

/** 2206 门诊预结算, which has no fields for the four parts, and 2207 门诊结算. */
export function outpatientBillInput(
  body: Bill,
  opened: OpenedEncounter,
  category: string,
  trial: boolean,
): Written {
  return written(body, (read) => {
    const bill = {
      ...shared(read, body, opened),
      med_type: read.known('medicalCategory', category),
      chrg_bchno: read.at('batch'),
    }
    return { data: trial ? bill : { ...bill, invono: read.at('invoice'), ...sums(read) } }
  })
}

/** 2303 住院预结算 and 2304 住院结算: the pre-settlement takes the day of discharge, the settlement its time. */
export function inpatientBillInput(body: Bill, opened: OpenedEncounter, trial: boolean): Written {
  const dayOf = (time: string | undefined) => time?.slice(0, 10)
  return written(body, (read) => ({
    data: {
      ...shared(read, body, opened),
      ...sums(read),
      invono: read.at('invoice'),
      mid_setl_flag: read.at('midway', mark),
      dscg_time: trial ? read.at('discharged', dayOf) : read.at('discharged'),
    },
  }))
}

/** 2208 门诊结算撤销, 2305 住院结算撤销 and 2103 药店结算撤销. */
export function cancellationInput(settlement: string, opened: OpenedEncounter): Written {
  return written({}, (read) => ({
    data: {
      mdtrt_id: read.known('encounter', opened.encounter),
      setl_id: read.known('settlement', settlement),
      psn_no: read.known('encounter', opened.person),
    },
  }))
}
