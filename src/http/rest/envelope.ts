/** Builds the national envelope for a request in English. */
import { shanghaiTime } from '../../domain/day.ts'
import type { Services } from '../../pipeline/context.ts'
import { registered } from './institution-of.ts'

/** Who sends, for whom, between which areas. */
export interface Head {
  readonly institution: string
  readonly treatmentArea: string
  readonly insuredArea: string
  readonly operator: { readonly id: string; readonly name: string }
  /** Areas given by the request, by national field. */
  readonly places: Readonly<Record<HeadField, string>>
}

type HeadField = 'fixmedins_code' | 'insuplc_admdvs' | 'mdtrtarea_admvs' | 'opter' | 'opter_name'

/** Default operator of a request. */
export const GATEWAY_OPERATOR = { id: 'zhijie', name: '直结' } as const

/** Version of the interface, and the receiving system, as public clients write them. [F] */
const VERSION = 'V1.0'
const RECEIVER = 'MBS_LOCAL'
/** Kind of operator `opter_type`: 1, a clerk. [F] */
const CLERK = '1'

/**
 * Serialises a national message.
 *
 * @param transaction `infno`
 * @param id `msgid`; that of the first attempt for a retry
 */
export function envelopeOf(
  services: Pick<Services, 'codes' | 'clock'>,
  head: Head,
  transaction: string,
  id: string,
  input: Readonly<Record<string, unknown>>,
): Buffer {
  const now = services.clock.now()
  const { institution, treatmentArea, insuredArea, operator } = head
  return Buffer.from(
    JSON.stringify({
      infno: transaction,
      msgid: id,
      mdtrtarea_admvs: treatmentArea,
      insuplc_admdvs: insuredArea,
      recer_sys_code: RECEIVER,
      dev_no: '',
      dev_safe_info: '',
      cainfo: '',
      signtype: '',
      infver: VERSION,
      opter_type: CLERK,
      opter: operator.id,
      opter_name: operator.name,
      inf_time: shanghaiTime(now),
      fixmedins_code: institution,
      fixmedins_name: registered(services, institution)?.name ?? institution,
      sign_no: '',
      input,
    }),
  )
}
