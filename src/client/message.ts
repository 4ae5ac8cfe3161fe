/** Messages of the national interface as a hospital system writes them. */
import { compactTime, type Instant } from '../domain/day.ts'

/** Where a gateway takes them; the transaction stands in the message. */
export const ENDPOINT = '/hss-call-service-interface'

/** A part of a message: fields by their national names. */
export type Fields = Readonly<Record<string, unknown>>

/** Who sends, and about whom. */
export interface MessageSender {
  /** `fixmedins_code`, 12 characters. */
  readonly institution: string
  readonly name: string
  /** Area `mdtrtarea_admvs` in which the institution is registered. */
  readonly treatmentArea: string
  /** Area `insuplc_admdvs` of the person: it decides where the message goes. */
  readonly insuredArea: string
}

/** What is of one message alone. */
export interface MessageHead {
  /** `msgid`: the key of the message. Made once and stored before it is sent; sent again unchanged. */
  readonly id: string
  /** `inf_time`, Shanghai time `2026-11-30 09:44:07`. */
  readonly at: string
}

/**
 * A message with its header.
 *
 * @param transaction `infno`: `2207`
 * @param input the section of the transaction
 * @param more fields of the header that are others, or are sent besides
 */
export function nationalMessage(
  { institution, name, treatmentArea, insuredArea }: MessageSender,
  transaction: string,
  input: unknown,
  { id, at }: MessageHead,
  more: Fields = {},
): Fields {
  return {
    infno: transaction,
    msgid: id,
    mdtrtarea_admvs: treatmentArea,
    insuplc_admdvs: insuredArea,
    recer_sys_code: 'MBS_LOCAL',
    infver: 'V1.0',
    opter_type: '1',
    opter: '0001',
    opter_name: '收费员甲',
    inf_time: at,
    fixmedins_code: institution,
    fixmedins_name: name,
    sign_no: '',
    input,
    ...more,
  }
}

/** A serial has four digits. */
const SERIALS = 10_000

/**
 * Makes the ids of a run in their usual form: institution, second, and a serial that counts through all windows.
 *
 * @param first serial to begin after; two runs within a second must not begin alike
 */
export function createMessageIds(first: number): (institution: string, now: Instant) => string {
  let serial = first % SERIALS
  return (institution, now) => {
    serial = (serial + 1) % SERIALS
    return institution + compactTime(now) + String(serial).padStart(4, '0')
  }
}
