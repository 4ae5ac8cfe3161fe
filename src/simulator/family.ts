/** The family account: what of a bill is paid from a relative's account, and whose. It is contained in what the account paid. [F] */
import { asFen, type Fen, fenFromYuan } from '../domain/money.ts'
import type { Bill } from './bill.ts'
import type { Province } from './province.ts'
import type { WireSettlement } from './wire.ts'

/** Amount of a bill taken from the relative's account: what the person's own cannot pay. */
export function familyPart({ benefit, ownAccount }: Pick<Bill, 'benefit' | 'ownAccount'>): Fen {
  return asFen(Math.max(benefit.settlement.account - ownAccount, 0))
}

/** The family's part of a settlement that was booked. */
export function familyPartOf({ money }: WireSettlement): Fen {
  return fenFromYuan(money.acct_mulaid_pay ?? 0)
}

/** Takes money from the account of a person's relative; a negative amount gives it back. */
export function drawFamily({ book, people }: Province, person: string, amount: Fen): void {
  if (amount === 0) return
  const giver = people.get(people.get(person)?.family ?? '')
  if (!giver) throw new Error('A family account without a relative')
  book.draw(giver.number, giver.insurance[0]!.insutype, amount)
}
