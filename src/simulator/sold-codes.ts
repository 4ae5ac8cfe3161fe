/**
 * Which codes on boxes are sold. A code is sold once; what is taken back may be sold again. Only the parts of an opened package
 * bear one code [F: `trdn_flag` 1; that they may be sold apart is A], and a virtual code (3592B) is for one sale [F: T].
 */
import type { Store } from './database.ts'
import { type Message, type Node, Refusal } from './envelope.ts'
import { nodesIn, textOf } from './fields.ts'
import { type Batch, everSold, moveSettled, type SoldCode, sell, soldNow, virtualCode } from './goods-book.ts'

import type { Province } from './province.ts'

/** Where a code that was sold before does not block the settlement, and is noted for supervision. [F: T] */
const NOTED_ONLY = '43'
/** Where 2207 carries codes, all four fields of which are required, or the settlement is refused as a whole. [F: H1] */
const WITH_2207 = '42'
const ASKED_WITH_2207 = ['feedetl_sn', 'drug_trac_codg', 'trdn_flag', 'min_prcunt_type'] as const

/** Where a box is sold: a batch of an item, in a visit. */
export type Sale = Batch & Pick<SoldCode, 'visit' | 'split'>

/** Why a trace code cannot be sold; null if it can. */
export function soldFault(store: Store, code: string, { visit, split, ...at }: Sale): string | null {
  // A settlement with trace codes is also reported as a sale, under the visit that it opened: one sale through two
  // channels. [A]
  const isAnother = (one: SoldCode) => one.setl_id === null || one.visit !== visit
  const given = virtualCode(store, code)
  if (given) {
    if (given.fixmedins_code !== at.fixmedins_code || given.item !== at.item)
      return '虚拟追溯码不是为该商品申领的'
    return everSold(store, code).some(isAnother) ? '虚拟追溯码只能使用一次' : null
  }
  const others = soldNow(store, code).filter(isAnother)
  return others.every((one) => one.split === 1 && split === 1) ? null : '追溯码已销售'
}

/** Codes of a settlement, wherever it has them. Both spellings of the node are met in Hunan. [F: T] */
function settledRows({ transaction, input, treatment }: Message): readonly Node[] {
  if (transaction === '2207') return treatment.startsWith(WITH_2207) ? nodesIn(input.drug_trac_info) : []
  return nodesIn(input.drugdetail).flatMap((line) =>
    ['drug_trac_info', 'durg_trac_info'].flatMap((name) =>
      nodesIn(line[name]).map((row) => ({
        ...row,
        medins_list_codg: line.medins_list_codg ?? '',
        feedetl_sn: row.feedetl_sn ?? line.feedetl_sn ?? '',
      })),
    ),
  )
}

/**
 * Sells the codes that come with a settlement (2102; in Hubei 2207).
 *
 * @param settled what was booked: its settlement and visit
 * @throws {Refusal} if a code stands sold, which refuses the settlement as a whole; in Hunan it is only noted
 */
export function sellSettled({ book: { store } }: Province, message: Message, settled: Node): void {
  const [setl_id, visit] = [textOf(settled, 'setl_id'), textOf(settled, 'mdtrt_id')]
  const isNoted = message.treatment.startsWith(NOTED_ONLY)
  const taken = new Set<string>()
  for (const row of settledRows(message)) {
    const missing = message.transaction === '2207' && ASKED_WITH_2207.find((name) => textOf(row, name) === '')
    if (missing) throw new Refusal('E000', `drug_trac_info的${missing}不能为空`)
    const code = textOf(row, 'drug_trac_codg')
    if (code === '') continue
    const item = textOf(row, 'medins_list_codg')
    const split = Number(textOf(row, 'trdn_flag') === '1')
    const sale = { fixmedins_code: message.institution, item, batch: '', visit, split }
    const inBill = taken.has(code) && !split
    const fault = inBill ? '追溯码在同一笔结算中重复' : soldFault(store, code, sale)
    if (fault && !isNoted) throw new Refusal('E504', `明细${textOf(row, 'feedetl_sn')}的${fault}`)
    taken.add(code)
    sell(store, { code, ...sale, goods: null, setl_id, twice: Number(fault !== null) })
  }
}

/** Releases the trace codes of a cancelled or reversed settlement. */
export function giveBackSettled({ book: { store } }: Province, settlement: string): void {
  moveSettled(store, settlement, 0)
}

/** Where the cancellation itself was reversed it is sold again. */
export function sellAgain({ book: { store } }: Province, settlement: string): void {
  moveSettled(store, settlement, 1)
}

/** The sale of this batch and visit that a code is given back of; undefined if none stands. */
export function soldHere(store: Store, code: string, at: Omit<Sale, 'split'>): SoldCode | undefined {
  return soldNow(store, code).find(
    (one) =>
      one.goods !== null &&
      one.fixmedins_code === at.fixmedins_code &&
      one.visit === at.visit &&
      one.item === at.item &&
      one.batch === at.batch,
  )
}
