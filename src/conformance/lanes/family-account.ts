/** A relative's account (家庭共济): included in the account payment, and refused without an agreement. */
import type { Insured, Place } from '../place.ts'
import type { Play } from '../play.ts'
import { counterOf } from './counter.ts'
import { isNear, type Moment, nodeOf, otherOf, settle, undo } from './lane.ts'

/** Settled with it and cancelled. */
export async function familyAccount(
  play: Play,
  place: Place,
  patient: Insured,
  moment: Moment,
): Promise<void> {
  const { psn_no, family } = patient
  const { id, bill, undo: clear } = await counterOf(play, place, patient, moment, '11')
  const withFamily = { data: { ...bill.data, acct_used_flag: '2' } }
  if (family !== true) {
    await play.no('2207', 'a family account that was not agreed on pays nothing', withFamily)
    await clear()
    return
  }
  const other = otherOf(play, place)
  const { settlement, answered } = await settle(play, { settle: '2207', id }, withFamily, other)
  const info = nodeOf(answered.output, 'setlinfo')
  const [account, relative, cash, person] = [
    'acct_pay',
    'acct_mulaid_pay',
    'psn_cash_pay',
    'psn_part_amt',
  ].map((field) => Number(info[field] ?? 0)) as [number, number, number, number]
  play.holds(
    '2207',
    'the account contains the share of the family',
    relative <= account,
    `${relative} ${account}`,
  )
  play.holds(
    '2207',
    'which is not counted twice',
    isNear(account + cash, person),
    `${account} ${cash} ${person}`,
  )
  await undo(play, { cancel: '2208', id }, settlement, psn_no, other)
  await clear()
}
