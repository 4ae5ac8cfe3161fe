/** What a row says of finding a lost outcome: the question, the row that is ours, its state, the answer. */
import { describe, expect, it } from 'vitest'
import { questionOf } from '../../../adapters/000000-national/described/found.ts'
import national from '../../../adapters/000000-national/index.ts'
import type { FoundBy } from '../../../src/extension/found-by.ts'
import { AREAS, catalogue, INSTITUTION, sample, take } from './support.ts'

const upload = take('7103', sample('7103', '43', { values: { hiRxno: 'RX0001' } }), AREAS['43'])
const [byDetails] = national.operations['7103']!.evidence!.questions!

describe('an upload of a prescription', () => {
  it('is asked for by its number', () => {
    const { transaction, input } = byDetails!.ask(upload)
    expect(transaction).toBe('7105')
    expect(input).toMatchObject({ data: { fixmedinsCode: INSTITUTION, hiRxno: 'RX0001' } })
  })

  it('stands where the answer shows its number, and is answered as it would have been', () => {
    const shown = { data: { hiRxno: 'RX0001', rxStasCodg: 1, rxStasName: '有效', prscTime: '2026-03-12' } }
    expect(byDetails!.found!(upload, shown)).toEqual({
      data: { hiRxno: 'RX0001', rxStasCodg: '1', rxStasName: '有效' },
    })
  })

  it.each([
    ['another prescription', { data: { hiRxno: 'RX0002', rxStasCodg: '1' } }, null],
    ['nothing', { data: null }, null],
    ['no output', null, null],
    ['a state that nobody knows', { data: { hiRxno: 'RX0001', rxStasCodg: '9' } }, 'unclear'],
  ])('%s in the answer is no evidence of it', (_, shown, told) => {
    expect(byDetails!.found!(upload, shown)).toBe(told)
  })
})

describe('places', () => {
  const row: FoundBy = {
    ask: '7105',
    with: { 'data.id': '@id', day: '@day', kind: '=1' },
    at: '',
    same: { hi_rxno: 'data.hiRxno' },
    state: { field: 'stas', done: ['1'], undone: ['3'] },
    answer: { ok: '=yes', 'data.no': 'hiRxno' },
  }

  it('hold what the message is, a text, or nothing where the message does not say it', () => {
    expect(questionOf(row).ask(upload).input).toEqual({ data: { id: upload.id }, day: '', kind: '1' })
  })

  it('of the rows of a list the one that is ours counts, however its keys are spelt', () => {
    const rows = [
      { hiRxno: 'RX0000', stas: '3' },
      { HI_RXNO: 'RX0001', STAS: '1' },
    ]
    expect(questionOf(row).found!(upload, rows)).toEqual({ ok: 'yes', data: { no: 'RX0001' } })
    expect(questionOf(row).found!(upload, [{ hiRxno: 'RX0001', stas: '3' }])).toBeNull()
  })
})

describe('an application for clearing', () => {
  const claim = take(
    '3203A',
    sample('3203A', '22', { values: { medfee_sumamt: '3043.60', clr_optins: '220100' } }),
    AREAS['22'],
  )
  const [byState] = national.operations['3203A']!.evidence!.questions!
  const { data } = claim.document.json().input as { data: Record<string, string> }
  const { medfee_sumamt: _, ...shown } = data
  const row = { ...shown, medfee_Sumamt: 3043.6, clr_stas: '10', clr_appy_evt_id: 'C1' }

  it('is asked for at its agency, and found by its days and sums, however they are written', () => {
    expect(byState!.ask(claim)).toMatchObject({
      transaction: '3205A',
      input: { data: { clr_optins: '220100' } },
    })
    expect(byState!.found!(claim, { data: [row] })).toEqual({ result: { clr_appy_evt_id: 'C1' } })
  })

  it.each([
    ['another sum', { medfee_Sumamt: 3043.61 }],
    ['other days', { enddate: '2000-01-01' }],
    ['another agency', { clr_optins: '220200' }],
  ])('%s is not it', (_, other) => {
    expect(byState!.found!(claim, { data: [{ ...row, ...other }] })).toBeNull()
  })

  it('with an event of its own spelling is taken back in Jilin', () => {
    const input = { data: { clr_apply_evt_id: 'C1', clr_optins: '220100' } }
    expect(take('3204A', input, AREAS['22']).operation.transaction).toBe('3204A')
  })
})

describe('what a message undoes', () => {
  const order = take('2166', sample('2166', '43', { values: { ssn: 'S1', medfee_sumamt: 25 } }), AREAS['43'])
  const input = sample('2167', '43', { values: { mdtrt_regno: 'R1' } })
  const cancellation = take('2167', input, AREAS['43'])
  const [waiting, paid] = national.operations['2167']!.evidence!.questions!

  it('is asked for with what only the message said that it undoes', () => {
    expect(cancellation.subject).toMatchObject({ encounter: 'R1', settlement: 'R1' })
    expect(waiting!.ask(cancellation, [order]).input).toMatchObject({ ssn: 'S1' })
    expect(waiting!.ask(cancellation).input).toMatchObject({ ssn: '' })
  })

  it('and still waits was not undone; and is neither waiting nor paid, in this order, was', () => {
    expect([waiting, paid].map((question) => question!.ask(cancellation, [order]).transaction)).toEqual([
      '2170',
      '2171',
    ])
    expect(waiting!.found!(cancellation, { mdtrt_regno: 'R1' })).toBe('undone')
    expect(waiting!.found!(cancellation, null)).toBeNull()
    expect(paid!.found!(cancellation, [{ mdtrt_regno: 'R1' }])).toBeNull()
    expect(paid!.found!(cancellation, [{ mdtrt_regno: 'R2' }])).toEqual({})
  })

  it('was refunded where it is shown with its amounts turned', () => {
    const refund = take('2163', input, AREAS['43'])
    const [shown] = national.operations['2163']!.evidence!.questions!
    const row = { mdtrt_regno: 'R1', psn_cashpay: '-5.00', acct_payamt: '-20.00' }
    expect(shown!.found!(refund, { ...row, medfee_sumamt: '25.00' })).toBeNull()
    expect(shown!.found!(refund, { ...row, medfee_sumamt: '-25.00' })).toMatchObject({
      medfee_sumamt: '-25.00',
      acct_payamt: '-20.00',
    })
  })

  it('is an order of its own: what another message has opened is not ours, and of two that nobody has none is', () => {
    const [byOrders] = national.operations['2166']!.evidence!.questions!
    const { dscg_date } = sample('2166', '43') as { dscg_date: string }
    const row = (mdtrt_regno: string) => ({
      ...{ mdtrt_regno, fixmedins_code: INSTITUTION, medfee_sumamt: '25.00', dscg_date },
    })
    const others = (number: string) => number === 'R1'
    expect(byOrders!.found!(order, row('R1'), others)).toBeNull()
    expect(byOrders!.found!(order, [row('R1'), row('R2')], others)).toMatchObject({ mdtrt_regno: 'R2' })
    expect(byOrders!.found!(order, [row('R2'), row('R3')], others)).toBe('unclear')
    expect(byOrders!.found!(order, { ...row('R2'), medfee_sumamt: '25.01' })).toBeNull()
  })
})

it('every row asks a question that the catalogue has, at places that its input has', () => {
  const wrong: string[] = []
  for (const { number, found = [] } of catalogue.heads.values()) {
    for (const { ask, with: asks } of found) {
      const nodes = catalogue.heads.has(ask) ? catalogue.nodes(ask, '43').input : []
      for (const place of Object.keys(asks)) {
        const cut = place.lastIndexOf('.')
        const node = nodes.find(({ at }) => at === place.slice(0, Math.max(0, cut)))
        const isThere = node?.fields.some(({ name, spelt = name }) => spelt === place.slice(cut + 1))
        if (!isThere) wrong.push(`${number} asks ${ask} at ${place}`)
      }
    }
  }
  expect(wrong).toEqual([])
})
