/** A purchase at a pharmacy, which opens its visit and settles it in one message, keeps every rule of a settlement. */
import { beforeEach, describe, expect, it } from 'vitest'
import { FROM_OTHER, freshId, reversal, said, type Told, tell } from './owner-support.ts'
import { type Asked, type Bench, BILL, bench, DEADLINE_MS, type Said } from './recovery-support.ts'

const PHARMACY = 'P34010490001'
const AT = { fixmedins_code: PHARMACY, mdtrtarea_admvs: '340104' }
/** Another pharmacy, in another city. */
const OTHER = { fixmedins_code: 'P34020290001', mdtrtarea_admvs: '340202' }

/** A purchase of 100 yuan. */
function purchase(person: string, id: string, druginfo = {}, head = AT): Told {
  return {
    infno: '2102',
    id,
    head,
    input: {
      druginfo: {
        psn_no: person,
        mdtrt_cert_type: '02',
        mdtrt_cert_no: BILL.mdtrt_cert_no,
        begntime: '2026-03-02 09:00:00',
        medfee_sumamt: 100,
        insutype: '310',
        acct_used_flag: '1',
        med_type: '41',
        ...druginfo,
      },
      drugdetail: [40, 60].map((pric, index) => ({
        feedetl_sn: `F${index + 1}`,
        rx_circ_flag: '0',
        fee_ocur_time: '2026-03-02 09:00:00',
        med_list_codg: '',
        medins_list_codg: 'Y0001',
        det_item_fee_sumamt: pric,
        cnt: 1,
        pric,
      })),
    },
  }
}

const cancellation = (person: string, mdtrt_id: string, setl_id: string, head = AT): Told => ({
  ...{ infno: '2103', head },
  input: { data: { psn_no: person, mdtrt_id, setl_id } },
})
const undo = (person: string, omsgid: string, oinfno = '2102'): Told => ({
  ...reversal(person, omsgid, oinfno),
  head: AT,
})

/** What the platform has booked of a purchase. */
interface Sold {
  readonly mdtrt_id: string
  readonly setl_id: string
  readonly msgid: string
  readonly psn_no: string
}

/** The money of a purchase of 100 yuan, or of its cancellation. */
function money({ mdtrt_id, setl_id, msgid, psn_no }: Sold, sign: 1 | -1 = 1) {
  const amounts = {
    medfee_sumamt: 100,
    inscp_scp_amt: 100,
    psn_part_amt: 100,
    acct_pay: 70,
    psn_cash_pay: 30,
  }
  const turned = Object.fromEntries(Object.entries(amounts).map(([name, yuan]) => [name, sign * yuan]))
  const ids = { mdtrt_id, setl_id, psn_no, medins_setl_id: msgid }
  return { setlinfo: { ...ids, fund_pay_sumamt: 0, ...turned }, setldetail: [] }
}

/** A platform with its book. What comes into `silent` is booked and not answered; into `lost` it is not even booked. */
class Platform {
  readonly book: Sold[] = []
  readonly silent = new Set<string>()
  readonly lost = new Set<string>()
  /** What it answers to the next 2102, whatever it books. */
  answers: ((own: Sold) => Sold) | null = null
  #serial = 0

  says = ({ infno, msgid, data }: Asked): Said => {
    if (infno === '2102') {
      if (this.lost.has('2102')) return 'silence'
      const own = this.sell(msgid, data.psn_no!)
      if (this.silent.has('2102')) return 'silence'
      return { output: money(this.answers?.(own) ?? own) }
    }
    if (infno === '2103')
      return { output: money({ ...(data as unknown as Sold), setl_id: this.#next('S'), msgid }, -1) }
    if (infno === '5201') {
      const rows = this.book.filter(({ psn_no }) => psn_no === data.psn_no)
      return { output: { mdtrtinfo: rows.map(({ mdtrt_id }) => ({ mdtrt_id, psn_no: data.psn_no })) } }
    }
    if (infno === '5203') {
      const row = this.book.find(({ mdtrt_id }) => mdtrt_id === data.mdtrt_id)
      return row ? { output: money(row) } : { no: 'E000 未查询到结算记录' }
    }
    if (infno === '2601') {
      const at = this.book.findIndex(({ msgid: own }) => own === data.omsgid)
      if (at >= 0) this.book.splice(at, 1)
    }
    return { output: infno === '5202' ? { diseinfo: [] } : null }
  }

  sell(msgid: string, psn_no: string): Sold {
    const row = { mdtrt_id: this.#next('V'), setl_id: this.#next('S'), msgid, psn_no }
    this.book.push(row)
    return row
  }

  #next(letter: string): string {
    this.#serial += 1
    return `${letter}${this.#serial}`
  }
}

let made: Bench
let platform: Platform
beforeEach(() => {
  platform = new Platform()
  made = bench({ behaviour: platform })
})

/** Sends what is never answered. */
async function unanswered(told: Told) {
  const answer = tell(made, told)
  await made.pass(DEADLINE_MS + 1)
  return (await answer).problem
}
const stateOf = (id: string, transaction = '2102') => made.disk.byMessage(PHARMACY, id, transaction)?.state
const leftOf = (transaction: string) => made.left.filter(({ asked }) => asked.infno === transaction)
async function refused(told: Told, problem: string, text: string) {
  const before = made.left.length
  expect(await said(made, told)).toMatchObject({ problem, text: expect.stringContaining(text) })
  expect(made.left.length).toBe(before)
}

describe('2102', () => {
  it('opens its visit: what it answered is cancelled in it, once, and no more reversed', async () => {
    const id = freshId(PHARMACY)
    const yes = await said(made, purchase('P1', id))
    expect(yes.problem).toBeNull()
    const { mdtrt_id, setl_id } = platform.book[0]!
    expect(made.journal.ownOpener(mdtrt_id, PHARMACY, '621000')).toMatchObject({ institution: PHARMACY })
    expect(made.journal.byMessage(PHARMACY, id, '2102')).toMatchObject({
      encounter: mdtrt_id,
      settlement: setl_id,
    })
    expect((await said(made, cancellation('P1', mdtrt_id, setl_id))).problem).toBeNull()
    await refused(cancellation('P1', mdtrt_id, setl_id), 'invalid-field', 'setl_id所指的结算已撤销')
    await refused(undo('P1', id), 'invalid-field', 'omsgid所指的结算已由2103撤销')
    expect(stateOf(id)).toBe('accepted')
  })

  it('is answered again with the same bytes, and leaves once', async () => {
    const id = freshId(PHARMACY)
    const [once, twice] = [await said(made, purchase('P1', id)), await said(made, purchase('P1', id))]
    expect(twice.body).toBe(once.body)
    expect(leftOf('2102')).toHaveLength(1)
  })

  it.each([
    ['another person', 'P2'],
    ['the very person', 'P1'],
  ])('is not accepted with the visit of an earlier purchase of %s', async (_whose, person) => {
    await said(made, purchase(person, freshId(PHARMACY)))
    const earlier = platform.book[0]!
    platform.answers = (own) => ({ ...own, mdtrt_id: earlier.mdtrt_id })
    const id = freshId(PHARMACY)
    expect((await said(made, purchase('P1', id))).problem).toBe('outcome-unknown')
    expect(stateOf(id)).toBe('unknown')
  })

  it.each([
    ['a hospital', purchase('P1', freshId(), {}, FROM_OTHER), '不是零售药店'],
    [
      'a pharmacy without the chronic lane',
      purchase('P1', freshId(), { med_type: '14', dise_codg: 'M03900' }, OTHER),
      '未开通',
    ],
    ['an ordinary visit', purchase('P1', freshId(), { med_type: '11' }), '未开通'],
  ])('is not settled for %s', (_who, told, text) => refused(told, 'institution-closed', text))

  it('is refused where its lines do not add up to its sum', () =>
    refused(
      purchase('P1', freshId(PHARMACY), { medfee_sumamt: 100.01 }),
      'bad-amounts',
      '明细金额det_item_fee_sumamt之和',
    ))
})

describe('2103', () => {
  it.each([
    ['another pharmacy', OTHER, 'foreign-institution', '不能由本机构'],
    ['another visit', AT, 'invalid-field', '不属于所填就诊ID的就诊'],
    ['another person', AT, 'invalid-field', '人员不一致'],
  ])('is refused for %s', async (what, head, problem, text) => {
    await said(made, purchase('P1', freshId(PHARMACY)))
    await said(made, purchase('P2', freshId(PHARMACY)))
    const [first, second] = platform.book
    const person = what === 'another person' ? 'P2' : 'P1'
    const visit = what === 'another visit' ? second!.mdtrt_id : first!.mdtrt_id
    const told = cancellation(what === 'another visit' ? 'P2' : person, visit, first!.setl_id, head)
    await refused(told, problem, text)
  })

  it('is found by 5203 where its answer was lost, and reversible by 2601', async () => {
    await said(made, purchase('P1', freshId(PHARMACY)))
    const { mdtrt_id, setl_id } = platform.book[0]!
    const id = freshId(PHARMACY)
    expect((await said(made, { ...cancellation('P1', mdtrt_id, setl_id), id })).problem).toBeNull()
    expect((await said(made, undo('P1', id, '2103'))).problem).toBeNull()
    expect(stateOf(id, '2103')).toBe('reversed')
  })
})

describe('a purchase without an answer', () => {
  it('is found by the visits of its person and day, by its own message id and no other, however alike', async () => {
    for (const earlier of [1, 2]) platform.sell(`${PHARMACY}2026030208000000${earlier}0`, 'P1')
    platform.silent.add('2102')
    const id = freshId(PHARMACY)
    expect(await unanswered(purchase('P1', id))).toBe('outcome-unknown')
    platform.sell(`${PHARMACY}202603020900000099`, 'P1')
    await made.until(() => stateOf(id) === 'accepted')
    const own = platform.book.find(({ msgid }) => msgid === id)!
    expect(made.journal.byMessage(PHARMACY, id, '2102')).toMatchObject({
      encounter: own.mdtrt_id,
      settlement: own.setl_id,
    })
    expect(leftOf('2601')).toEqual([])
    expect((await said(made, purchase('P1', id))).body).toContain(own.setl_id)
  })

  it('is reversed after three searches where only purchases of other messages are shown', async () => {
    platform.sell(`${PHARMACY}202603020800000010`, 'P1')
    platform.lost.add('2102')
    const id = freshId(PHARMACY)
    await unanswered(purchase('P1', id))
    await made.until(() => stateOf(id) === 'reversed')
    expect(leftOf('2601').map(({ asked }) => asked.data)).toEqual([
      { psn_no: 'P1', omsgid: id, oinfno: '2102' },
    ])
    expect(platform.book).toHaveLength(1)
  })

  it('is not called undone while one of the visits cannot be read', async () => {
    const hidden = platform.sell(`${PHARMACY}202603020800000010`, 'P1')
    platform.lost.add('2102')
    made.behaviour = {
      says: (asked) => (asked.data?.mdtrt_id === hidden.mdtrt_id ? 'silence' : platform.says(asked)),
    }
    const id = freshId(PHARMACY)
    await unanswered(purchase('P1', id))
    await made.pass(120_000)
    expect(stateOf(id)).toBe('unknown')
    expect(leftOf('2601')).toEqual([])
  })

  it('lets the person buy nothing further there, nor cancel, until it has one; others may', async () => {
    await said(made, purchase('P1', freshId(PHARMACY)))
    const { mdtrt_id, setl_id } = platform.book[0]!
    platform.silent.add('2102')
    const id = freshId(PHARMACY)
    await unanswered(purchase('P1', id))
    await refused(purchase('P1', freshId(PHARMACY)), 'encounter-busy', '购药结算尚无结果')
    await refused(cancellation('P1', mdtrt_id, setl_id), 'encounter-busy', '购药结算尚无结果')
    platform.silent.clear()
    expect((await said(made, purchase('P2', freshId(PHARMACY)))).problem).toBeNull()
    expect((await said(made, purchase('P1', freshId(OTHER.fixmedins_code), {}, OTHER))).problem).toBeNull()
    await made.until(() => stateOf(id) === 'accepted')
    expect((await said(made, purchase('P1', freshId(PHARMACY)))).problem).toBeNull()
  })

  it('holds its person also after a restart', async () => {
    platform.silent.add('2102')
    const id = freshId(PHARMACY)
    await unanswered(purchase('P1', id))
    const earlier = made.disk.batches
    made = bench({ behaviour: platform, earlier, paused: true, timeline: made.timeline })
    await made.journal.recover()
    await refused(purchase('P1', freshId(PHARMACY)), 'encounter-busy', '购药结算尚无结果')
  })
})
