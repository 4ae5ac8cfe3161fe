/** Bodies of the catalogue's transactions, and a gateway for a hospital whose province's text asks for their fields. */
import national from '../../../adapters/000000-national/index.ts'
import { sampleInput } from '../../../src/extension/catalogue-samples.ts'
import type { Operation } from '../../../src/extension/dialect.ts'
import { isKeyed } from '../../../src/http/rest/transactions.ts'
import { type Gateway, startGateway } from '../rest-support.ts'

export const dialect = national
export const catalogue = national.catalogue!

/** A hospital of the register. */
export const HOSPITAL = 'H43090290001'
/** A pharmacy of the register, in the same province. */
const PHARMACY = 'P43090390001'
/** Its province, as the catalogue knows it. */
export const PROVINCE = '43'

/** A diagnosis that there is, a state that is the end, and amounts that add up. */
const VALUES = {
  ...{ diag_code: 'I10.x00x002', dscg_maindiag_code: 'I10.x00x002' },
  ...{ diag_name: '高血压', dscg_maindiag_name: '高血压' },
  ...{ medfee_sumamt: '6', psn_part_amt: 3 },
  ...{ ordStas: '6', refStatus: 'SUCC', feeSumamt: '6', ownPayAmt: '3', psnAcctPay: '2', fundPay: '1' },
}

/** Who sends a transaction: some are for pharmacies alone. */
export function senderOf(number: string): string {
  return dialect.operations[number]?.lane === 'pharmacy' ? PHARMACY : HOSPITAL
}

/** Values of a transaction: its sender's ids, and an order of its own. */
export function valuesOf(number: string): Record<string, string | number> {
  const sender = senderOf(number)
  return {
    ...VALUES,
    fixmedins_code: sender,
    orgCodg: sender,
    payOrdId: `ORDER${number}`,
    mdtrt_regno: `REG${number}`,
    // A visit that is settled is not uploaded as self-paid.
    ...(number === '4261' && { mdtrtId: 'SELFPAID' }),
  }
}

export const HEAD = { institution: HOSPITAL, operator: { id: '0007', name: '窗口一' } }

/** Whether it only asks. */
export const isAsked = (operation: Operation) => !isKeyed(operation)

/** A valid body of a transaction. */
export function bodyOf(number: string): Record<string, unknown> & typeof HEAD {
  const input = sampleInput(catalogue, number, { province: PROVINCE, values: valuesOf(number), whole: true })
  return { ...HEAD, institution: senderOf(number), ...input }
}

/** A gateway whose platform says yes to everything and nothing else. */
export async function startHunan(callers?: Parameters<typeof startGateway>[0]): Promise<Gateway> {
  const addresses = { national: 'http://national.test/', '430000': 'http://province.test/' }
  const gateway = await startGateway(callers, { addresses })
  gateway.platform = () => null
  return gateway
}
