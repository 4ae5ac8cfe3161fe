/** Builds messages of the national interface, as a hospital system does. */
import { compactTime, type Instant } from '../domain/day.ts'

/** URL path of the gateway; the message names the transaction. */
export const ENDPOINT = '/hss-call-service-interface'

/** Part of a message: fields by national name. */
export type Fields = Readonly<Record<string, unknown>>

/** The sender, and the person's areas. */
export interface MessageSender {
  /** `fixmedins_code`, 12 characters. */
  readonly institution: string
  readonly name: string
  /** Area `mdtrtarea_admvs` in which the institution is registered. */
  readonly treatmentArea: string
  /** Insured area `insuplc_admdvs` of the person, which determines the destination. */
  readonly insuredArea: string
}

/** Values of a single message. */
export interface MessageHead {
  /** `msgid`, the key of the message: created once, stored before sending, and reused unchanged for retries. */
  readonly id: string
  /** `inf_time`, Shanghai time `2026-11-30 09:44:07`. */
  readonly at: string
}

/**
 * Builds a message with its header.
 *
 * @param transaction `infno`: `2207`
 * @param input the transaction's section
 * @param more header fields to replace or add
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
 * Creates message ids in the usual form: institution, second, and a serial shared by all counters.
 *
 * @param first serial to start after; two runs within a second must not start alike
 */
export function createMessageIds(first: number): (institution: string, now: Instant) => string {
  let serial = first % SERIALS
  return (institution, now) => {
    serial = (serial + 1) % SERIALS
    return institution + compactTime(now) + String(serial).padStart(4, '0')
  }
}
