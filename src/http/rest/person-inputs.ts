/** From English to the national fields: person, entitlement, referral filing. Pure. */
import type { z } from '@hono/zod-openapi'
import type { EligibilityRequest, FilingRequest } from './person-schemas.ts'

type Input = Readonly<Record<string, unknown>>

/** 1 and 0, the marks of the national interface; undefined stays away. */
export function mark(value: boolean | undefined): '1' | '0' | undefined {
  return value === undefined ? undefined : value ? '1' : '0'
}

/** 1101 人员基本信息获取. */
export function personInput(body: z.output<typeof EligibilityRequest>): Input {
  const { credential, document, name, begins } = body
  return {
    data: {
      mdtrt_cert_type: credential.type,
      mdtrt_cert_no: credential.number,
      card_sn: credential.serial,
      begntime: begins,
      psn_cert_type: document?.type,
      certno: document?.number,
      psn_name: name,
    },
  }
}

/** 2001 人员待遇享受检查. */
export function entitlementInput(
  body: z.output<typeof EligibilityRequest>,
  known: { readonly person: string; readonly insuranceType: string; readonly begins: string },
): Input {
  return {
    data: {
      psn_no: known.person,
      insutype: known.insuranceType,
      fixmedins_code: body.institution,
      med_type: body.medicalCategory,
      begntime: known.begins,
      dise_codg: body.disease?.code,
      dise_name: body.disease?.name,
    },
  }
}

/** 2501 转院备案. */
export function filingInput(body: z.output<typeof FilingRequest>): Input {
  return {
    refmedin: {
      psn_no: body.person,
      insutype: body.insuranceType,
      tel: body.phone,
      addr: body.address,
      insu_optins: body.insuredArea,
      diag_code: body.diagnosis.code,
      diag_name: body.diagnosis.name,
      dise_cond_dscr: body.condition,
      reflin_medins_no: body.toInstitution.code,
      reflin_medins_name: body.toInstitution.name,
      mdtrtarea_admdvs: body.destinationArea,
      hosp_agre_refl_flag: mark(body.hospitalAgrees),
      refl_type: body.type,
      refl_date: body.referredOn,
      refl_rea: body.reason,
      refl_opnn: body.opinion,
      begndate: body.from,
      enddate: body.until,
    },
  }
}
