/**
 * Stock and sales: 3501 count, 3502 change, 3503 purchase, 3504 its return, 3505 sale, 3506 its return, 3507
 * deletion, and the lists 3501A to 3507A. In provinces that report results by row, each row of a list succeeds or
 * fails by itself; elsewhere all or none. No source describes refusals except those about trace codes: rules
 * without a mark are ours. [A]
 */
import { type Message, type Node, Refusal } from './envelope.ts'
import { nodesIn, textOf } from './fields.ts'
import { addGoods, deleteGoods, type GoodsKind, giveBack, goodsOf, sell, soldBySale } from './goods-book.ts'
import { anyText, askedText, codesOf, dayIn, quantityOf } from './goods-rows.ts'
import type { Handler, Province } from './province.ts'
import { soldFault, soldHere } from './sold-codes.ts'

/** Result of parsing a row: its effect on the stock, and its time. */
interface Move {
  readonly kind: GoodsKind
  readonly isReturn: boolean
  /** Field of the quantity, and of the time. */
  readonly count: string
  readonly time: string
  /** Name of the number that the platform gives a row, and its letter. */
  readonly number: string
  readonly letter: string
}

const MOVES: Readonly<Record<string, Move>> = {
  '3501': {
    kind: '1',
    isReturn: false,
    count: 'inv_cnt',
    time: 'invdate',
    number: 'medins_prod_inv_no',
    letter: 'I',
  },
  '3502': {
    kind: '2',
    isReturn: false,
    count: 'cnt',
    time: 'inv_chg_time',
    number: 'medins_prod_inv_chg_no',
    letter: 'C',
  },
  '3503': purchase(false),
  '3504': purchase(true),
  '3505': sale(false),
  '3506': sale(true),
}

function purchase(isReturn: boolean): Move {
  const [count, time] = ['purc_retn_cnt', 'purc_retn_stoin_time']
  return { kind: '3', isReturn, count, time, number: 'medins_prod_purc_no', letter: 'P' }
}

function sale(isReturn: boolean): Move {
  return {
    kind: '4',
    isReturn,
    count: 'sel_retn_cnt',
    time: 'sel_retn_time',
    number: 'medins_prod_sel_no',
    letter: 'S',
  }
}

/** What each `inv_chg_type` does; 108 to 111 since August 2024. [F: T] */
const CHANGES: Readonly<Record<string, 1 | -1>> = {
  ...{ '101': 1, '102': -1, '103': 1, '104': -1, '105': -1, '106': 1, '107': -1 },
  ...{ '108': 1, '109': -1, '110': 1, '111': -1 },
}

/** Nodes of the requests, of a single row and of a list. */
const NODES: Readonly<Record<string, string>> = {
  ...{ '3501': 'invinfo', '3502': 'invinfo', '3503': 'purcinfo', '3504': 'purcinfo' },
  ...{ '3505': 'selinfo', '3506': 'selinfo', '3507': 'data' },
}
const LISTS: Readonly<Record<string, string>> = {
  ...{ '3501': 'invinfoDetail', '3502': 'invinfoDetail', '3503': 'purcinfoDetail', '3504': 'purcinfoDetail' },
  ...{ '3505': 'selinfoDetail', '3506': 'selinfoDetail', '3507': 'goodDetail' },
}

/** The list of an answer that tells rows; 3501A has none. Only refused rows where it is one of errors. [F: T] */
const TOLD: Readonly<Record<string, string>> = {
  ...{ '3502A': 'invinfoErrDetail', '3503A': 'purcinfoDetail', '3504A': 'purcinfoErrDetail' },
  ...{ '3505A': 'selinfoDetail', '3506A': 'selinfoErrDetail', '3507A': 'goodErrDetail' },
}
/** The node with a single result for the whole message. [F: H1 H2] */
const BY_MESSAGE: readonly string[] = ['22', '42']
/** Where a single form has no result of its own, and a no is one of the envelope. [F: T] */
const BY_ENVELOPE = '43'

/** Rows of one list. */
const ROWS_MAX = 1000

/** Insurance settlement or self-paid, `mdtrt_setl_type`; where the insured is at home, `hi_feesetl_type`. [F: T] */
const [INSURED, SELF_PAID] = ['1', '2']
const [NO_INSURANCE, LOCAL] = ['0', '1']

/** The visit of a sale: an insured one is the platform's, a self-paid one the institution's own. [F: T H3] @throws {Refusal} */
function visitOfSale({ book }: Province, { institution }: Message, row: Node): string {
  const visit = askedText(row, 'mdtrt_sn')
  const [paid, place] = [anyText(row, 'mdtrt_setl_type'), anyText(row, 'hi_feesetl_type')]
  const settlement = anyText(row, 'setl_id')
  if (paid === SELF_PAID && (place === LOCAL || place === '2' || settlement !== ''))
    throw new Refusal('E000', '自费销售不应填写结算ID，医保费用结算类型应为0')
  if (paid !== INSURED) return visit
  if (place === NO_INSURANCE) throw new Refusal('E000', '医保结算的销售，医保费用结算类型不能为0')
  if (settlement === '') throw new Refusal('E000', '医保结算的销售，结算ID不能为空')
  // Somebody from elsewhere is settled in the book of another province.
  if (place !== LOCAL) return visit
  const settled = book.settlement(settlement)
  const isOwn = settled?.fixmedins_code === institution && settled.mdtrt_id === visit
  if (!isOwn) throw new Refusal('E000', '就诊流水号mdtrt_sn不是该笔医保结算的就诊ID')
  return visit
}

function countOf({ kind, isReturn, count }: Move, row: Node): number {
  const amount = quantityOf(row, count)
  if (amount < 0 || (amount === 0 && kind !== '1')) throw new Refusal('E000', `${count}应大于0`)
  if (kind === '1') return amount
  if (kind === '2') {
    const sign = CHANGES[anyText(row, 'inv_chg_type')]
    if (!sign) throw new Refusal('E000', 'inv_chg_type不在取值范围内')
    return sign * amount
  }
  return isReturn === (kind === '4') ? amount : -amount
}

/** Books a row. @throws {Refusal} */
function move(province: Province, message: Message, own: Move, row: Node): Node {
  const { store } = province.book
  const { institution } = message
  const at = {
    fixmedins_code: institution,
    item: askedText(row, 'fixmedins_hilist_id'),
    batch: askedText(row, 'fixmedins_bchno'),
  }
  const visit = own.kind === '4' ? visitOf(province, message, own, row) : ''
  const count = countOf(own, row)
  const codes = codesOf(row)
  if (new Set(codes).size < codes.length) throw new Refusal('E504', '同一行内追溯码重复')
  const split = Number(anyText(row, 'trdn_flag') === '1')
  const sold = own.kind === '4' ? { ...at, visit, split } : null
  if (own.isReturn) returnable(province, own, { ...at, visit }, Math.abs(count))
  if (sold && !own.isReturn) {
    for (const code of codes) {
      const fault = soldFault(store, code, sold)
      if (fault) throw new Refusal('E504', fault)
    }
  }
  if (sold && own.isReturn) for (const code of codes) giveBack(store, soldSerial(province, code, sold))
  const number = numberOf(province, own)
  const serial = addGoods(store, {
    ...at,
    ...{
      msgid: message.id,
      infno: message.transaction,
      kind: own.kind,
      is_return: Number(own.isReturn),
      visit,
    },
    ...{ count, day: dayIn(row, own.time), at: province.now(), row: { ...row, ...number } },
  })
  if (sold && !own.isReturn)
    for (const code of codes) sell(store, { code, ...sold, goods: serial, setl_id: null, twice: 0 })
  return number
}

/** The number of a row; a return has that of its sale, which it was sent with. */
function numberOf({ book }: Province, { number, letter, isReturn }: Move): Node {
  return isReturn ? {} : { [number]: `${letter}${String(book.next(number)).padStart(12, '0')}` }
}

function visitOf(province: Province, message: Message, { isReturn }: Move, row: Node): string {
  return isReturn ? askedText(row, 'mdtrt_sn') : visitOfSale(province, message, row)
}

function soldSerial({ book: { store } }: Province, code: string, at: Parameters<typeof soldHere>[2]): number {
  const sold = soldHere(store, code, at)
  if (!sold) throw new Refusal('E504', '追溯码未销售或已退货')
  return sold.serial
}

/** No more comes back of a batch, and of a visit, than went. @throws {Refusal} */
function returnable(
  { book: { store } }: Province,
  { kind }: Move,
  {
    fixmedins_code,
    item,
    batch,
    visit,
  }: { fixmedins_code: string; item: string; batch: string; visit: string },
  count: number,
): void {
  const rows = goodsOf(store, fixmedins_code, kind, item, batch).filter((row) => row.visit === visit)
  const left = Math.abs(rows.reduce((sum, row) => sum + row.count, 0))
  if (count > left) throw new Refusal('E504', kind === '4' ? '退货数量超过销售数量' : '退货数量超过采购数量')
}

/** Deletes the rows of a batch; deleted sales release their trace codes. @throws {Refusal} if there are none */
function remove({ book: { store } }: Province, { institution }: Message, row: Node): Node {
  const kind = askedText(row, 'inv_data_type') as GoodsKind
  if (!['1', '2', '3', '4'].includes(kind)) throw new Refusal('E000', 'inv_data_type不在取值范围内')
  const serials = deleteGoods(store, institution, kind, askedText(row, 'fixmedins_bchno'))
  if (serials.length === 0) throw new Refusal('E000', '未查询到该批次的进销存信息')
  for (const serial of serials) for (const sold of soldBySale(store, serial)) giveBack(store, sold.serial)
  return {}
}

/** What one row comes to; its own refusal leaves the others as they are. */
function judged(province: Province, work: () => Node): { yes: Node } | { no: Refusal } {
  try {
    return { yes: province.book.store.atomically(work) }
  } catch (error) {
    if (error instanceof Refusal) return { no: error }
    throw error
  }
}

const told = (refusal: Refusal | null) => ({
  retRslt: refusal ? '0' : '1',
  msgRslt: refusal ? refusal.message : '',
})

/** Handlers of the numbers of this page. */
const doing = (number: string) => (province: Province, message: Message, row: Node) =>
  number === '3507' ? remove(province, message, row) : move(province, message, MOVES[number]!, row)

/** A single row. In Hunan a no is one of the envelope. */
const single =
  (number: string): Handler =>
  (province, message) => {
    const row = nodesIn(message.input[NODES[number]!])[0]
    if (!row) throw new Refusal('E000', `${NODES[number]}不能为空`)
    const one = judged(province, () => doing(number)(province, message, row))
    const refusal = 'no' in one ? one.no : null
    if (!province.code.startsWith(BY_ENVELOPE)) return { result: told(refusal) }
    if (refusal) throw refusal
    return null
  }

/** A list. */
const list =
  (number: string): Handler =>
  (province, message) => {
    const sent = nodesIn(message.input[LISTS[number]!])
    if (sent.length === 0) throw new Refusal('E000', `${LISTS[number]}不能为空`)
    if (sent.length > ROWS_MAX) throw new Refusal('E000', `一次最多上传${ROWS_MAX}行`)
    const act = doing(number)
    const node = TOLD[message.transaction]
    if (!node || BY_MESSAGE.includes(province.code.slice(0, 2)))
      return whole(province, () => sent.map((row) => act(province, message, row)))
    const rows = sent.map((row) => {
      const one = judged(province, () => act(province, message, row))
      return { ...row, ...('yes' in one ? { ...one.yes, ...told(null) } : told(one.no)) }
    })
    return { [node]: node.includes('Err') ? rows.filter(({ retRslt }) => retRslt === '0') : rows }
  }

/** All rows or none. */
function whole(province: Province, work: () => readonly Node[]): Node | null {
  const one = judged(province, () => work()[0]!)
  const refusal = 'no' in one ? one.no : null
  if (!province.code.startsWith(BY_ENVELOPE)) return { result: told(refusal) }
  if (refusal) throw refusal
  return null
}

/** The transactions of this page. */
export const GOODS_WRITES: Readonly<Record<string, Handler>> = Object.fromEntries(
  Object.keys(NODES).flatMap((number) => [
    [number, single(number)],
    [`${number}A`, list(number)],
  ]),
)

/** 3592B 获取虚拟药品追溯码: a code for what has none on its box, for one sale. Its form is in no source. [A] */
export const giveVirtualCode: Handler = ({ book, code: area }, { institution, input }) => {
  const node = nodesIn(input.data)[0] ?? input
  const [item, name] = [askedText(node, 'fixmedins_hilist_id'), askedText(node, 'fixmedins_hilist_name')]
  const code = `XN${area.slice(0, 2)}${String(book.next('virtual')).padStart(16, '0')}`
  book.store.insert('virtual_codes', { code, fixmedins_code: institution, item })
  const result = { med_list_codg: textOf(node, 'med_list_codg'), fixmedins_hilist_id: item }
  return { result: { ...result, fixmedins_hilist_name: name, drug_trac_codg: code } }
}
