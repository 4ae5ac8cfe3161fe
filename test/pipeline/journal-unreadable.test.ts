/** A journal that cannot be asked what a message is about costs a note, never the answer. */
import { expect, it } from 'vitest'
import { journalDown } from '../../src/journal/noes.ts'
import { said, type Told } from './owner-support.ts'
import { bench } from './recovery-support.ts'

/** A gateway whose journal, at another machine, answers who owns the settlement, and then no more. */
function unreadable() {
  const made = bench()
  let asked = 0
  const settlers = async () => {
    asked += 1
    if (asked > 1) throw journalDown(new Error('the engine is gone'))
    return []
  }
  return { ...made, services: { ...made.services, journal: { ...made.services.journal, settlers } } }
}

const cancellation: Told = {
  infno: '2208',
  head: { insuplc_admdvs: '340102' },
  input: { data: { setl_id: 'S1', mdtrt_id: 'V1', psn_no: 'P1' } },
}

it('is told as such by what moves money, which does not leave', async () => {
  const made = unreadable()
  expect(await said(made, cancellation)).toMatchObject({
    problem: 'journal-down',
    text: expect.stringContaining('本次未向平台发送'),
  })
  expect(made.left).toEqual([])
  expect(made.faults.length).toBeGreaterThan(0)
})
