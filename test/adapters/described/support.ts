/** Messages of described transactions, as a hospital of an area sends them. */

import { isDescribed } from '../../../adapters/000000-national/described/operation.ts'
import national from '../../../adapters/000000-national/index.ts'
import { shippedCatalogue } from '../../../src/extension/catalogue.ts'
import { type SampleOf, sampleInput } from '../../../src/extension/catalogue-samples.ts'
import type { Dialect, Message } from '../../../src/extension/dialect.ts'

export const catalogue = shippedCatalogue()

/** An area of each place that the catalogue has rows of, and one of none. */
export const AREAS = { '22': '220102', '42': '420102', '43': '430902', '': '620102' } as const

/** A province as the catalogue knows it. */
export type Province = keyof typeof AREAS

export const INSTITUTION = 'H43090000001'

/** Ids that must be those of the sender. */
export const VALUES = { fixmedins_code: INSTITUTION, orgCodg: INSTITUTION }

/** The bytes of a message. */
export function message(
  infno: string,
  input: unknown,
  area: string,
  more: Record<string, unknown> = {},
): Buffer {
  return Buffer.from(
    JSON.stringify({
      infno,
      msgid: 'H43090000001202603120800420001',
      mdtrtarea_admvs: area,
      insuplc_admdvs: '',
      recer_sys_code: 'MBS_LOCAL',
      infver: 'V1.0',
      opter_type: '1',
      opter: '0007',
      opter_name: '窗口一',
      inf_time: '2026-03-12 08:00:42',
      fixmedins_code: INSTITUTION,
      fixmedins_name: '示例医院（虚构）',
      sign_no: '',
      input,
      ...more,
    }),
  )
}

/** Takes a message as the gateway does. @throws {GatewayError} */
export function take(infno: string, input: unknown, area: string, dialect: Dialect = national): Message {
  return dialect.read(dialect.open(message(infno, input, area), null), {})
}

/** A valid input of a transaction in a province. */
export function sample(infno: string, province: Province, more: Partial<SampleOf> = {}) {
  return sampleInput(catalogue, infno, { province, values: VALUES, ...more })
}

/** The bytes of a platform's yes. */
export function answered(output: unknown): Buffer {
  return Buffer.from(JSON.stringify({ infcode: 0, inf_refmsgid: '', err_msg: '', output }))
}

/** Transactions whose operation is written by hand, and those that the catalogue alone describes. */
export const [BY_HAND, DESCRIBED] = [false, true].map((described) =>
  [...catalogue.heads.keys()].filter((number) => isDescribed(national.operations[number]!) === described),
) as [string[], string[]]
