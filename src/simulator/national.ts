/**
 * The national platform: routes by the insured place, calculates nothing, and keeps its own row of every money
 * transaction. It never answers in the stead of a province: silence is `E701` and the row stays unknown until a query,
 * a repeat of the message or a reversal gives evidence.
 */
import type { Instant } from '../domain/day.ts'
import { asFen } from '../domain/money.ts'
import { digestOf, type Message, type Node, Refusal, writeAnswer } from './envelope.ts'
import { moneyOf, sectionOf, textOf } from './fields.ts'
import { Group } from './group.ts'
import { isOfOrder, requireOrderFields } from './mobile-payment.ts'
import type { Amounts, NationalBook, TransactionRow } from './national-book.ts'
import {
  isOrderReversal,
  isOwnOrder,
  keepOrdered,
  learnOrders,
  learnRefund,
  ORDERING,
  orderBookedIn,
  reversedOrder,
  SHOWING,
  UNDOING_ORDERS,
} from './national-orders.ts'
import type { Forwarded, Route } from './route.ts'

/** Area in the answer ids of the national platform. */
const NATION = '100000'

const MONEY = ['2102', '2103', '2207', '2208', '2304', '2305', ...ORDERING]
/** Bytes of a file pass no further; what a province reconciles by file (3202) is handed in there. */
const FILES = ['9102']
const CANCELLING = ['2103', '2208', '2305']
/** What opens its own visit says in another node whose it is. */
const HEADS: Readonly<Record<string, string>> = { '2102': 'druginfo' }

/** Mobile payment is the business of a province's own centre: no source says that an order crosses provinces. [A] */
const NO_ORDERS = new Refusal('E000', '移动支付由省移动支付中心办理，暂不支持跨省，请到窗口结算')

const UNREACHED = new Refusal('E701', '参保地医保平台暂不可用，请稍后重试')
const SILENT = new Refusal('E701', '参保地医保平台超时未应答，结果未知，请查询或冲正')
const NO_FILES = new Refusal(
  'E000',
  '国家平台不存放文件，请以就医地医保区划作参保地下载；跨省对账结果用13203查询',
)
const REVERSED = new Refusal('E504', '该报文已冲正')
const FOREIGN = new Refusal('E000', '冲正与原交易的机构、人员或医保区划不符')
const CONFLICT = new Refusal('E504', '报文ID已用于内容不同的报文')

/** What the national platform works with. */
export interface National {
  readonly book: NationalBook
  /** Routes by province code. */
  readonly routes: ReadonlyMap<string, Route>
  readonly now: () => Instant
}

/** Why an order is not taken: what it lacks is told first, since no other place would take it so. */
function whyNoOrder(message: Message): Refusal {
  try {
    requireOrderFields(message)
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  return NO_ORDERS
}

/** What an answer has booked; null if it cannot be read, and then it is no clear answer. */
function bookedBy(message: Message, output: Node) {
  return ORDERING.includes(message.transaction) ? orderBookedIn(message, output) : bookedIn(output)
}

/** The visit, the settlement id and the amounts of an answer. */
function bookedIn(output: Node): (Amounts & { setl_id: string; mdtrt_id: string }) | null {
  const settlement = settlementIn(output)
  const id = textOf(settlement, 'setl_id')
  try {
    const mdtrt_id = textOf(settlement, 'mdtrt_id')
    return id === '' ? null : { setl_id: id, mdtrt_id, ...amountsIn(settlement) }
  } catch (error) {
    if (error instanceof Refusal) return null
    throw error
  }
}

function amountsIn(settlement: Node): Amounts {
  const money = (...fields: string[]) => {
    for (const field of fields)
      if (settlement[field] !== undefined) return moneyOf(settlement, field) ?? asFen(0)
    return asFen(0)
  }
  return {
    total: money('medfee_sumamt'),
    fund: money('fund_pay_sumamt'),
    person: money('psn_part_amt', 'psn_pay'),
    account: money('acct_pay'),
    cash: money('psn_cash_pay', 'cash_payamt', 'pdn_cash_pay'),
    hospital: money('hosp_part_amt'),
  }
}

/** Whether a reversal is of the institution, the person and the areas of its original. */
function isOwn(original: TransactionRow, message: Message, person: string): boolean {
  return (
    original.fixmedins_code === message.institution &&
    original.psn_no === person &&
    original.insured_area === message.insured &&
    original.treatment_area === message.treatment
  )
}

function settlementIn(output: Node): Node {
  const node = output.setlinfo
  return typeof node === 'object' && node !== null ? (node as Node) : {}
}

function openedRow(message: Message, at: Instant): Omit<TransactionRow, 'serial'> {
  const node = sectionOf(message, HEADS[message.transaction] ?? 'data')
  const cancels = CANCELLING.includes(message.transaction)
  const undoes = UNDOING_ORDERS.includes(message.transaction)
  const number = textOf(message.input, 'mdtrt_regno')
  return {
    msgid: message.id,
    infno: message.transaction,
    digest: digestOf(message),
    state: 'forwarded',
    setl_id: '',
    init_setl_id: cancels ? textOf(node, 'setl_id') : undoes ? number : null,
    mdtrt_id: textOf(node, 'mdtrt_id') || number,
    psn_no: textOf(node, 'psn_no'),
    insured_area: message.insured,
    treatment_area: message.treatment,
    fixmedins_code: message.institution,
    total: 0,
    fund: 0,
    person: 0,
    account: 0,
    cash: 0,
    hospital: 0,
    at,
    answer: null,
  }
}

/**
 * The answerer of the national platform.
 *
 * @returns answers a message, of which `body` are the bytes as they came
 */
export function nationalAnswerer(
  national: National,
): (message: Message, receivedAt: Instant, body: string) => Promise<string> {
  const { book, routes, now } = national
  const group = new Group(book.store)
  const inFlight = new Map<string, Promise<string>>()
  let serial = 0

  const refused = (receivedAt: Instant, refusal: Refusal) => {
    serial += 1
    return writeAnswer({ area: NATION, serial, receivedAt, respondedAt: now() }, { refusal })
  }
  const passed = (receivedAt: Instant, forwarded: Forwarded) => {
    if (forwarded.kind === 'answered') return forwarded.body
    return refused(receivedAt, forwarded.kind === 'unsent' ? UNREACHED : SILENT)
  }

  /** Books what a money transaction has come to. A row that was reversed meanwhile stays reversed. */
  const record = (message: Message, before: TransactionRow | undefined, forwarded: Forwarded) => {
    const move = (change: Partial<TransactionRow>) =>
      book.move(message.id, message.transaction, ['forwarded'], change)
    if (forwarded.kind === 'answered') {
      if (!forwarded.success) return move({ state: 'refused', answer: forwarded.body })
      return move({ state: 'settled', ...bookedBy(message, forwarded.output), answer: forwarded.body })
    }
    if (before?.state === 'settled') return move({ state: 'settled' })
    const leftNothing = forwarded.kind === 'unsent' && before?.state !== 'unknown'
    return move({ state: leftNothing ? 'refused' : 'unknown' })
  }

  const settle = async (message: Message, receivedAt: Instant, body: string, route: Route) => {
    const before = book.find(message.id, message.transaction)
    if (before && before.digest !== digestOf(message)) return refused(receivedAt, CONFLICT)
    const mayPass = await group.run(() => {
      if (book.isBuried(message.id, message.transaction)) return false
      if (before?.answer) return true
      if (before) book.move(message.id, message.transaction, [before.state], { state: 'forwarded' })
      else {
        book.open(openedRow(message, receivedAt))
        keepOrdered(book, message)
      }
      return true
    })
    if (!mayPass) return refused(receivedAt, REVERSED)
    if (before?.answer) return before.answer
    const came = await route.forward(body)
    const unreadable = came.kind === 'answered' && came.success && bookedBy(message, came.output) === null
    const forwarded: Forwarded = unreadable ? { kind: 'silent' } : came
    await group.run(() => {
      record(message, before, forwarded)
      if (forwarded.kind === 'answered' && forwarded.success) learnRefund(book, message, forwarded.output)
    })
    if (book.isBuried(message.id, message.transaction)) return refused(receivedAt, REVERSED)
    return passed(receivedAt, forwarded)
  }

  /** The same message twice at the same time is forwarded once; both get the same bytes. */
  const settleOnce = (message: Message, receivedAt: Instant, body: string, route: Route) => {
    const key = `${message.transaction} ${message.id}`
    const running = inFlight.get(key)
    if (running) return running
    const work = settle(message, receivedAt, body, route).finally(() => inFlight.delete(key))
    inFlight.set(key, work)
    return work
  }

  const reverse = async (message: Message, receivedAt: Instant, body: string, route: Route) => {
    const node = sectionOf(message, 'data')
    const [id, transaction] = [textOf(node, 'omsgid'), textOf(node, 'oinfno')]
    const original = book.find(id, transaction)
    const seen = original !== undefined
    if (original && !isOwn(original, message, textOf(node, 'psn_no'))) return refused(receivedAt, FOREIGN)
    // Never seen: it must not pass later. Seen: it is buried once the insured province has confirmed.
    if (!seen && MONEY.includes(transaction) && id !== '') {
      await group.run(() => book.bury(id, transaction, now()))
    }
    const forwarded = await route.forward(body)
    if (forwarded.kind === 'answered' && forwarded.success && id !== '') {
      await group.run(() => {
        book.bury(id, transaction, now())
        book.move(id, transaction, ['forwarded', 'unknown', 'settled'], { state: 'reversed' })
      })
    }
    return passed(receivedAt, forwarded)
  }

  const reverseOrder = async (message: Message, receivedAt: Instant, body: string, route: Route) => {
    if (!isOwnOrder(book, message)) return refused(receivedAt, FOREIGN)
    const forwarded = await route.forward(body)
    const done =
      forwarded.kind === 'answered' ? forwarded.success : forwarded.kind === 'unsent' ? false : null
    await group.run(() => reversedOrder(book, message, done))
    return passed(receivedAt, forwarded)
  }

  const query = async (message: Message, receivedAt: Instant, body: string, route: Route) => {
    const forwarded = await route.forward(body)
    if (SHOWING.includes(message.transaction)) {
      if (forwarded.kind === 'answered' && forwarded.success)
        await group.run(() => learnOrders(book, message, forwarded.rows))
    } else if (forwarded.kind === 'answered' && forwarded.success) {
      const shown = bookedIn(forwarded.output)
      const id = textOf(settlementIn(forwarded.output), 'medins_setl_id')
      if (shown) await group.run(() => book.learn(id, shown))
    }
    return passed(receivedAt, forwarded)
  }

  /** A person whose insured place is not known yet: every province is asked, the one that knows answers. */
  const identifyAnywhere = async (receivedAt: Instant, body: string) => {
    const answers = await Promise.all([...routes.values()].map((route) => route.forward(body)))
    const found = answers.find((own) => own.kind === 'answered' && own.success)
    const missing = answers.find((own) => own.kind !== 'answered')
    return passed(receivedAt, found ?? missing ?? answers[0] ?? { kind: 'unsent' })
  }

  return async (message, receivedAt, body) => {
    if (FILES.includes(message.transaction)) return refused(receivedAt, NO_FILES)
    if (message.transaction === '1101' && message.insured === '') return identifyAnywhere(receivedAt, body)
    if (isOfOrder(message)) return refused(receivedAt, whyNoOrder(message))
    const route = routes.get(`${message.insured.slice(0, 2)}0000`)
    if (!route) return refused(receivedAt, new Refusal('E000', '参保地医保区划未接入跨省异地就医'))
    if (MONEY.includes(message.transaction)) return settleOnce(message, receivedAt, body, route)
    if (message.transaction === '2601') return reverse(message, receivedAt, body, route)
    if (isOrderReversal(message)) return reverseOrder(message, receivedAt, body, route)
    if (message.transaction === '5203' || SHOWING.includes(message.transaction))
      return query(message, receivedAt, body, route)
    return passed(receivedAt, await route.forward(body))
  }
}
