/** A journal that could not write and wrote nothing goes on by itself, and what was under way is looked for. */
import { expect, it } from 'vitest'
import { NothingWritten } from '../../src/journal/segment/nothing-written.ts'
import {
  type Asked,
  BILL,
  bench,
  EMPTY,
  HOSPITAL,
  life,
  SETTLEMENT,
  shown,
  transactions,
} from './recovery-support.ts'

const STUCK = new NothingWritten('the next segment cannot be had')

function settles(asked: Asked) {
  const { infno, msgid } = asked
  if (infno !== '2207' && infno !== '5203') return EMPTY.says(asked)
  const { setlinfo, setldetail } = shown(infno === '2207' ? msgid : SETTLEMENT)
  if (infno === '5203') return { output: { setlinfo, setldetail } }
  const { psn_pay: psn_part_amt, cash_payamt: psn_cash_pay, ...rest } = setlinfo
  return { output: { setlinfo: { ...rest, psn_part_amt, psn_cash_pay }, setldetail } }
}

it('a settlement whose outcome could not be taken down is unknown, and found once the journal can be written again', async () => {
  const made = bench({ behaviour: { says: settles, takesMs: () => 500 } })
  const answer = made.send('2207', SETTLEMENT, BILL)
  await made.pass(100)
  made.disk.fail(STUCK)
  await made.pass(3_000)
  expect((await answer).problem).toBe('outcome-unknown')
  expect(made.journal.writable()).toBe(false)
  expect((await made.send('2207', 'M-OTHER', { ...BILL, mdtrt_id: 'V2' })).problem).toBe('journal-down')
  expect(transactions(made)).toEqual(['2207'])

  made.disk.fail(null)
  await made.until(() => made.disk.byMessage(HOSPITAL, SETTLEMENT, '2207')?.state === 'accepted')
  expect(made.journal.writable()).toBe(true)
  expect(life(made).map(({ state }) => state)).toEqual(['open', 'unknown', 'accepted'])
  expect(transactions(made).filter((one) => one === '2207')).toHaveLength(1)
  const again = await made.send('2207', SETTLEMENT, BILL)
  expect(again).toMatchObject({ problem: null, replayed: true })
})

it('a settlement stays unknown where the journal is stopped for good', async () => {
  const made = bench({ behaviour: { says: settles, takesMs: () => 500 } })
  const answer = made.send('2207', SETTLEMENT, BILL)
  await made.pass(100)
  made.disk.fail(new Error('the disk reports an error'))
  await made.pass(3_000)
  expect((await answer).problem).toBe('outcome-unknown')
  made.disk.fail(null)
  await made.pass(60_000)
  expect([made.journal.writable(), transactions(made)]).toEqual([false, ['2207']])
})
