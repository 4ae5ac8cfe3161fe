/** The client's messages are read as they were meant, its sums close, and it takes nothing else for a yes. */
import { describe, expect, it } from 'vitest'
import { readAnswer } from '../../src/client/answer.ts'
import { sumOfSplits } from '../../src/client/bill.ts'
import { createMessageIds, nationalMessage } from '../../src/client/message.ts'
import type { Instant } from '../../src/domain/day.ts'
import { loadRegistry } from '../../src/extension/registry.ts'

const INSTITUTION = 'H34010290001'
const SENDER = {
  institution: INSTITUTION,
  name: '示例医院（虚构）',
  treatmentArea: '340102',
  insuredArea: '621000',
}
const NOW = Date.parse('2026-03-02T01:00:00Z') as Instant

describe('nationalMessage()', () => {
  it('is read by the national dialect as what was meant', async () => {
    const { dialects } = await loadRegistry()
    const national = dialects.find(({ id }) => id === '000000-national')!
    const id = `${INSTITUTION}202603020900000001`
    const input = { data: { mdtrt_cert_type: '01', mdtrt_cert_no: '99000000ECTOKEN00000000044000001' } }
    const message = nationalMessage(SENDER, '1101', input, { id, at: '2026-03-02 09:00:00' })
    const envelope = national.open(Buffer.from(JSON.stringify(message)), null)
    expect(envelope).toMatchObject({
      id,
      institution: INSTITUTION,
      treatmentArea: '340102',
      insuredArea: '621000',
    })
  })

  it('lets a field of the header be another', () => {
    const head = { id: 'M1', at: '2026-03-02 09:00:00' }
    expect(nationalMessage(SENDER, '1101', {}, head, { insuplc_admdvs: '440100' })).toMatchObject({
      insuplc_admdvs: '440100',
    })
  })
})

describe('createMessageIds()', () => {
  it('makes ids of 30 characters whose serial counts through all windows and begins anew after 9999', () => {
    const newId = createMessageIds(9_998)
    expect([newId(INSTITUTION, NOW), newId('H34010290002', NOW), newId(INSTITUTION, NOW)]).toEqual([
      'H34010290001202603020900009999',
      'H34010290002202603020900000000',
      'H34010290001202603020900000001',
    ])
  })
})

describe('sumOfSplits()', () => {
  it('adds up in fen, whatever the rows lack', () => {
    const rows = [{ det_item_fee_sumamt: 0.1, overlmt_amt: '19.99' }, { det_item_fee_sumamt: '0.2' }]
    expect(sumOfSplits(rows)).toEqual({
      medfee_sumamt: 0.3,
      fulamt_ownpay_amt: 0,
      overlmt_selfpay: 19.99,
      preselfpay_amt: 0,
      inscp_scp_amt: 0,
    })
  })
})

describe('readAnswer()', () => {
  it.each([0, '0'])('takes infcode %j for a yes', (infcode) => {
    const answer = JSON.stringify({ infcode, output: { setlinfo: { setl_id: 'S1' } } })
    expect(readAnswer(answer, '')).toMatchObject({ is: 'yes', output: { setlinfo: { setl_id: 'S1' } } })
  })

  it('parts reason, code and sentence of a no', () => {
    const answer = JSON.stringify({ infcode: -1, err_msg: 'E101 [fund-rejected] 未备案' })
    const { bytes: _, ...no } = readAnswer(answer, 'fund-rejected') as { bytes: string }
    expect(no).toEqual({ is: 'no', reason: 'E101', code: 'fund-rejected', text: '未备案' })
  })

  it.each(['', '{"infcode":', '<html>'])('throws at %j, which proves nothing', (bytes) => {
    expect(() => readAnswer(bytes, '')).toThrow(SyntaxError)
  })
})
