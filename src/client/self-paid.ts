/** The bill of who has paid all, as a hospital uploads it for a claim by hand (4261). Source: interface-2025, 4261 [F: T]. */
import type { Fields, MessageSender } from './message.ts'
import type { LineOfVisit, VisitOf } from './visit.ts'

/** Who has paid. */
export interface SelfPayer {
  readonly psnCertType: string
  readonly certno: string
  readonly psnName: string
}

/**
 * Input of 4261.
 *
 * @param mdtrtId the visit: `mdtrt_id` where it was registered, else the institution's own number
 * @param valiFlag `0` takes the bill back
 */
export function selfPaidBill(
  { institution, name }: Pick<MessageSender, 'institution' | 'name'>,
  payer: SelfPayer,
  { number, category, at, diagnosis }: VisitOf,
  mdtrtId: string,
  lines: readonly LineOfVisit[],
  valiFlag: '0' | '1' = '1',
): Fields {
  const of = { fixmedinsCode: institution, fixmedinsName: name }
  const visit = { mdtrtId, iptOpNo: number, begntime: at, medType: category, inhospStas: '0', valiFlag }
  return {
    fmiOwnpayPatnMdtrtDDTO: { ...of, ...payer, ...visit },
    fmiOwnpayPatnDiseListDDTOS: [
      {
        ...{ ...of, mdtrtId, diagSrtNo: '1', inoutDiagType: '1', diagType: '1', maindiagFlag: '1' },
        ...{ diagCode: diagnosis.code, diagName: diagnosis.name },
      },
    ],
    fmiOwnpayPatnFeeListDDTO: lines.map(({ item, price, count, sum }, index) => ({
      ...{ ...of, bkkpSn: `${number}${index + 1}`, feeOcurTime: at, cnt: count, pric: price },
      ...{ detItemFeeSumamt: sum, medinsListCodg: item, valiFlag: '1' },
    })),
    upType: '0',
  }
}

/** Input of 4262: is the sum of the bill the one that is known there? */
export function selfPaidSum(fixmedinsCode: string, mdtrtId: string, totalFeeSumamt: number): Fields {
  return { mdtrtId, fixmedinsCode, totalFeeSumamt }
}
