/** A purchase out of area: ordered, paid on the phone, undone once, found where an answer was lost. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Buyer,
  buyerQuestion,
  paymentQuestion,
  purchaseOrder,
  reversedOrder,
  type Sale,
  undoneOrder,
} from '../../src/client/purchase-order.ts'
import { readJournalBook } from '../../src/ledger/journal-book.ts'
import { databaseFile, openDatabaseForReading } from '../../src/store/database.ts'
import { filedPerson, messageId, type System, startSystem, timeNow, yes } from './support.ts'

const PHARMACY = 'P34010490001'
const OTHER = { fixmedins_code: 'P34020290001', mdtrtarea_admvs: '340202' }
const person = filedPerson()
const [insurance] = person.insurance
const AT = { fixmedins_code: PHARMACY, mdtrtarea_admvs: '340104', insuplc_admdvs: insurance!.area }
const buyer: Buyer = {
  psn_no: person.number,
  ssn: person.document,
  psn_name: person.name,
  gend: person.gender,
  brdy: person.birth,
  psn_type: insurance!.psnType,
  insutype: insurance!.insutype,
  insuredArea: insurance!.area,
}

let system: System
let serial = 0
beforeAll(async () => {
  system = await startSystem()
})
afterAll(() => system.stop())

function sale(): Sale {
  serial += 1
  return {
    ...{ institution: PHARMACY, name: '合肥百姓大药房（虚构）', area: '340104' },
    ...{ number: `SN${serial}`, at: timeNow() },
    lines: [{ item: 'Y0001', price: 12.5, count: 2, sum: 25 }],
    total: 25,
  }
}

const send = (infno: string, input: unknown, id = messageId(), at = AT) => system.send(infno, input, id, at)
const order = (input = purchaseOrder(buyer, sale()), id?: string) => send('2166', input, id)
const payment = (number: string) => send('2171', paymentQuestion(buyer, PHARMACY, number))

async function status(transaction: string, message: string) {
  const query = new URLSearchParams({ institution: PHARMACY, transaction, message })
  const answer = await fetch(`${system.url()}/v1/status?${query}`)
  return ((await answer.json()) as { requests: Record<string, unknown>[] }).requests[0]!
}

/** Orders, and has the person pay. */
async function paid(id = messageId()) {
  const { mdtrt_regno } = yes(await order(undefined, id))
  expect(yes(await payment(mdtrt_regno))).toBeNull()
  expect(yes(await payment(mdtrt_regno))).toBeNull()
  const shown = yes(await payment(mdtrt_regno))
  expect(shown).toMatchObject({ mdtrt_regno, medfee_sumamt: 25 })
  return { id, number: String(mdtrt_regno), shown }
}

/** The row of the journal of a message. */
async function standing(id: string) {
  await system.app().indexed()
  const database = openDatabaseForReading(databaseFile(system.dataDir))
  const own = readJournalBook(database).find(({ message }) => message === id)
  database.$client.close()
  return own
}

async function agree() {
  expect(await system.agreement()).toMatchObject({ lost: 0, doubled: 0, fenDifference: 0, unknown: 0 })
}

describe('a purchase out of area', () => {
  it('is ordered, paid on the phone, and counts from when a question shows it', async () => {
    const ssn = buyerQuestion(buyer.ssn, buyer.insuredArea, PHARMACY)
    expect(yes(await send('2161', ssn))).toMatchObject({ psn_no: person.number, insutype: buyer.insutype })
    const input = purchaseOrder(buyer, sale())
    const id = messageId()
    const first = await order(input, id)
    const { mdtrt_regno, push_flag } = yes(first)
    expect(push_flag).toBe('1')
    expect((await order(input, id)).text).toBe(first.text)
    expect(await standing(id)).toMatchObject({ state: 'accepted', total: 0, encounter: mdtrt_regno })
    yes(await payment(mdtrt_regno))
    yes(await payment(mdtrt_regno))
    expect(await standing(id)).toMatchObject({ total: 0 })
    const shown = yes(await payment(mdtrt_regno))
    const fen = (yuan: number) => Math.round(yuan * 100)
    expect(await standing(id)).toMatchObject({
      ...{ state: 'accepted', total: 2500, person: 2500 },
      ...{ account: fen(shown.acct_payamt), cash: fen(shown.psn_cashpay) },
    })
    yes(await payment(mdtrt_regno))
    expect((await order(input, id)).text).toBe(first.text)
    await agree()
  })

  it('is refunded once, and its number is used up', async () => {
    const sold = sale()
    const { mdtrt_regno } = yes(await order(purchaseOrder(buyer, sold)))
    for (const _ of [1, 2, 3]) yes(await payment(mdtrt_regno))
    const back = undoneOrder(PHARMACY, mdtrt_regno)
    const foreign = { ...back, fixmedins_code: OTHER.fixmedins_code }
    const other = await send('2163', foreign, messageId(), { ...AT, ...OTHER })
    expect(other.json.err_msg).toContain('[foreign-institution]')
    const id = messageId()
    expect(yes(await send('2163', back, id))).toMatchObject({ medfee_sumamt: -25 })
    expect(await standing(id)).toMatchObject({ state: 'accepted', total: -2500 })
    expect((await send('2163', back)).json.err_msg).toContain('不能重复撤销')
    const late = await send('2181', reversedOrder(buyer, PHARMACY, mdtrt_regno, '2166'))
    expect(late.json.err_msg).toContain('mdtrt_regno所指的结算已由2163撤销')
    const again = await order(purchaseOrder(buyer, sold))
    expect(again.json.err_msg).toContain('就诊顺序号mdtrtsn已使用')
    await agree()
  })

  it('that was paid without anyone having asked counts from its refund, and comes to nothing', async () => {
    const id = messageId()
    const { mdtrt_regno } = yes(await order(undefined, id))
    for (const _ of [1, 2]) expect(yes(await payment(mdtrt_regno))).toBeNull()
    yes(await send('2163', undoneOrder(PHARMACY, mdtrt_regno)))
    expect(await standing(id)).toMatchObject({ state: 'accepted', total: 2500 })
    await agree()
  })

  it('that is not paid is cancelled, one that is paid is not', async () => {
    await system.faults(system.insured, [{ kind: 'unpaid', times: 1 }])
    const { mdtrt_regno } = yes(await order())
    for (const _ of [1, 2, 3]) expect(yes(await payment(mdtrt_regno))).toBeNull()
    yes(await send('2167', undoneOrder(PHARMACY, mdtrt_regno)))
    const { number } = await paid()
    const { json } = await send('2167', undoneOrder(PHARMACY, number))
    expect(json.err_msg).toContain('参保人已付款')
    await agree()
  })

  it('is not taken for reversed by the reversal of a refund that it never had', async () => {
    const { id, number } = await paid()
    const { json } = await send('2181', reversedOrder(buyer, PHARMACY, number, '2163'))
    expect(json.err_msg).toContain('status为2163')
    expect(await standing(id)).toMatchObject({ state: 'accepted', total: 2500 })
    await agree()
  })

  it('is reversed by its own reversal, and counts no more', async () => {
    const { id, number } = await paid()
    yes(await send('2181', reversedOrder(buyer, PHARMACY, number, '2166')))
    expect(await standing(id)).toMatchObject({ state: 'reversed' })
    expect((await send('2163', undoneOrder(PHARMACY, number))).json.err_msg).toContain('已冲正')
    await agree()
  })
})

describe('an answer that is lost', () => {
  const lose = (transaction: string, kind = 'drop-after') =>
    system.faults(system.insured, [{ kind, transaction, times: 1 }])

  async function found(transaction: string, id: string, state: string) {
    await system.clearFaults()
    await expect.poll(async () => (await status(transaction, id)).state).toBe(state)
  }

  it('of an order is found, and the order is answered with its number', async () => {
    await lose('2166')
    const id = messageId()
    const input = purchaseOrder(buyer, sale())
    expect((await order(input, id)).json.err_msg).toContain('[outcome-unknown]')
    await found('2166', id, 'accepted')
    const { mdtrt_regno } = yes(await order(input, id))
    for (const _ of [1, 2, 3]) yes(await payment(mdtrt_regno))
    expect(await standing(id)).toMatchObject({ total: 2500 })
    await agree()
  })

  it('of an order that never arrived is not taken for another one of the same sum', async () => {
    await lose('2166', 'drop-before')
    const id = messageId()
    await order(purchaseOrder(buyer, sale()), id)
    await found('2166', id, 'reversed')
    await agree()
  })

  it.each([
    ['2163', (number: string) => undoneOrder(PHARMACY, number), true],
    ['2167', (number: string) => undoneOrder(PHARMACY, number), false],
    ['2181', (number: string) => reversedOrder(buyer, PHARMACY, number, '2166'), true],
    ['2181', (number: string) => reversedOrder(buyer, PHARMACY, number, '2166'), false],
  ])('of %s is found done or not done', async (transaction, inputOf, isPaid) => {
    for (const kind of ['drop-after', 'drop-before']) {
      const ordered = isPaid ? await paid() : null
      const number = ordered?.number ?? String(yes(await order()).mdtrt_regno)
      await lose(transaction, kind)
      const id = messageId()
      expect((await send(transaction, inputOf(number), id)).json.err_msg).toContain('[outcome-unknown]')
      await found(transaction, id, kind === 'drop-after' ? 'accepted' : 'reversed')
      if (ordered && transaction === '2181')
        expect((await standing(ordered.id))?.state).toBe(kind === 'drop-after' ? 'reversed' : 'accepted')
      await agree()
    }
  })
})
