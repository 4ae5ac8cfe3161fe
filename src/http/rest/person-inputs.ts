/** Converts English requests to national fields: person, entitlement, referral filing. Pure. */
import type { z } from '@hono/zod-openapi'
import type { EligibilityRequest, FilingRequest } from './person-schemas.ts'
import { type Written, written } from './written.ts'

/** A boolean as 1 or 0, as in the national interface; undefined is omitted. */
export function mark(value: boolean | undefined): '1' | '0' | undefined {
  return value === undefined ? undefined : value ? '1' : '0'
}

/** 1101 人员基本信息获取. */
export function personInput(body: z.output<typeof EligibilityRequest>): Written {
  return written(body, (read) => ({
    data: {
      mdtrt_cert_type: read.of('credential', 'type'),
      mdtrt_cert_no: read.of('credential', 'number'),
      card_sn: read.of('credential', 'serial'),
      begntime: read.at('begins'),
      psn_cert_type: read.of('document', 'type'),
      certno: read.of('document', 'number'),
      psn_name: read.at('name'),
    },
  }))
}

/** 2001 人员待遇享受检查. */
export function entitlementInput(
  body: z.output<typeof EligibilityRequest>,
  known: { readonly person: string; readonly insuranceType: string; readonly begins: string },
): Written {
  return written(body, (read) => ({
    data: {
      psn_no: read.known('credential', known.person),
      insutype: read.known('insuranceType', known.insuranceType),
      fixmedins_code: read.at('institution'),
      med_type: read.at('medicalCategory'),
      begntime: read.known('begins', known.begins),
      dise_codg: read.of('disease', 'code'),
      dise_name: read.of('disease', 'name'),
    },
  }))
}

/** 2501 转院备案. */
export function filingInput(body: z.output<typeof FilingRequest>): Written {
  return written(body, (read) => ({
    refmedin: {
      psn_no: read.at('person'),
      insutype: read.at('insuranceType'),
      tel: read.at('phone'),
      addr: read.at('address'),
      insu_optins: read.at('insuredArea'),
      diag_code: read.of('diagnosis', 'code'),
      diag_name: read.of('diagnosis', 'name'),
      dise_cond_dscr: read.at('condition'),
      reflin_medins_no: read.of('toInstitution', 'code'),
      reflin_medins_name: read.of('toInstitution', 'name'),
      mdtrtarea_admdvs: read.at('destinationArea'),
      hosp_agre_refl_flag: read.at('hospitalAgrees', mark),
      refl_type: read.at('type'),
      refl_date: read.at('referredOn'),
      refl_rea: read.at('reason'),
      refl_opnn: read.at('opinion'),
      begndate: read.at('from'),
      enddate: read.at('until'),
    },
  }))
}
