/**
 * Sales by the codes on boxes and their returns, in lists: how a seller tells them, what a province keeps of them, and what must
 * hold at rest: the codes that stand sold by the journal are those of the provinces' books.
 */

import { type Json, Refusal } from './book.ts'
import { type Counter, persist, written } from './counter.ts'
import type { Stored } from './durable-rows.ts'
import { lastState } from './lives.ts'
import type { Province } from './province.ts'
import type { Form, Person } from './sent.ts'

/** Transactions that move boxes. */
export const GOODS = ['3505', '3505A', '3506', '3506A']
/** Transactions that show them. */
export const GOODS_QUESTIONS = ['3511', '3513']

/** A sale of one box, or its return. */
export interface Box {
  readonly code: string
  readonly batch: string
  readonly visit: string
  readonly at: string
}

/** The row of a box as a hospital writes it. */
export function boxRow({ code, batch, visit, at }: Box, { psn_no }: Person): Json {
  return {
    ...{
      med_list_codg: 'NMLC999',
      fixmedins_hilist_id: 'Y1',
      fixmedins_hilist_name: '药品',
      fixmedins_bchno: batch,
    },
    ...{ psn_no, mdtrt_sn: visit, mdtrt_setl_type: '2', hi_feesetl_type: '0', rx_flag: '0', trdn_flag: '0' },
    ...{ sel_retn_cnt: 1, sel_retn_time: at, drugtracinfo: [{ drug_trac_codg: code }] },
  }
}

const rowsIn = (input: Json): Json[] => input.selinfoDetail ?? [input.selinfo]
const codeOf = (row: Json): string => row.drugtracinfo[0].drug_trac_codg

/** What a province keeps of boxes. */
export class GoodsBook {
  readonly #rows: Json[] = []
  readonly sold = new Map<string, Json>()

  /** Does what a message says, row by row; a single one whole. */
  move(infno: string, input: Json): Json {
    const told = rowsIn(input).map((row) => ({ ...row, ...this.#row(infno, row) }))
    if (infno.endsWith('A')) {
      return infno === '3505A'
        ? { selinfoDetail: told }
        : { selinfoErrDetail: told.filter(({ retRslt }) => retRslt === '0') }
    }
    const [{ retRslt, msgRslt }] = told as [Json]
    if (retRslt === '0') throw new Refusal(`E504 ${msgRslt}`)
    return null
  }

  #row(infno: string, row: Json): Json {
    const code = codeOf(row)
    const isReturn = infno.startsWith('3506')
    const standing = this.sold.get(code)
    if (!isReturn && standing) return { retRslt: '0', msgRslt: '追溯码已销售' }
    if (isReturn && standing?.mdtrt_sn !== row.mdtrt_sn) return { retRslt: '0', msgRslt: '追溯码未销售' }
    if (isReturn) this.sold.delete(code)
    else this.sold.set(code, row)
    this.#rows.push({ ...row, sel_retn_cnt: isReturn ? -1 : 1 })
    return { retRslt: '1', msgRslt: '' }
  }

  /** 3511 and 3513. */
  shown(infno: string, { fixmedins_bchno, drug_trac_codg }: Json): Json[] {
    const rows = infno === '3511' ? this.#rows : [...this.sold.values()]
    return rows
      .filter(
        (row) =>
          row.fixmedins_bchno === fixmedins_bchno && (!drug_trac_codg || codeOf(row) === drug_trac_codg),
      )
      .map((row) => ({
        ...{
          fixmedinsBchno: row.fixmedins_bchno,
          medinsListCodg: row.fixmedins_hilist_id,
          psnNo: row.psn_no,
        },
        ...{ selRetnTime: row.sel_retn_time, selRetnCnt: row.sel_retn_cnt, mdtrtId: row.mdtrt_sn },
        ...(infno === '3513' && { drugTracCodg: codeOf(row) }),
      }))
  }
}

/** Somebody who sells: lists with a box now and then that was sold before, returns, and what came back sold again. */
export async function seller(counter: Counter, form: Form, person: Person): Promise<void> {
  const { timeline, dice } = counter
  const { only } = form
  const known: Box[] = []
  let serial = 0
  const fresh = (at: string): Box => {
    serial += 1
    return {
      code: `8${person.psn_no.slice(-2)}${String(serial).padStart(17, '0')}`,
      batch: `B${serial}`,
      visit: `XS${serial}`,
      at,
    }
  }
  const lists = dice.between(2, 4)
  for (let list = 0; list < lists; list += 1) {
    await timeline.sleep(dice.between(0, 12_000))
    const boxes: Box[] = []
    const alone = dice.chance(0.2)
    const make = () => {
      boxes.length = 0
      const at = written(timeline)
      const count = alone ? 1 : dice.between(1, 3)
      for (let box = 0; box < count; box += 1) boxes.push(fresh(at))
      if (!alone && known.length > 0 && dice.chance(0.4)) {
        const before = { ...dice.pick(known), visit: `XS0${serial}`, at }
        boxes.splice(dice.between(0, boxes.length), 0, before)
      }
      return only!.goods(alone ? '3505' : '3505A', boxes, person)
    }
    const sold = await persist(counter, form, make)
    if (!sold) continue
    known.push(...boxes)
    if (!dice.chance(0.5)) continue
    const { selinfoDetail } = JSON.parse(sold.answer.body.toString()).output ?? {}
    // Only what stands sold comes back; of anything else nobody could tell whether it did.
    const standing = boxes.filter((_, row) => !selinfoDetail || selinfoDetail[row].retRslt === '1')
    const back = dice.pick(standing)
    await timeline.sleep(dice.between(1_000, 20_000))
    const infno = dice.chance(0.7) ? '3506A' : '3506'
    await persist(counter, form, () => only!.goods(infno, [{ ...back, at: written(timeline) }], person))
  }
}

/** Where the codes that stand sold by the journal are not those of the books. */
export function* goodsFaults(keyed: readonly Stored[], provinces: readonly Province[]): Iterable<string> {
  const ours = new Map<string, number>()
  for (const stored of keyed) {
    const { transaction, sealed } = stored.exchange
    if (!GOODS.includes(transaction ?? '') || lastState(stored) !== 'accepted') continue
    const refused = stored.outcomes.at(-1)!.refusedRows?.rows ?? []
    if (refused.includes(null))
      yield `${transaction} ${stored.exchange.message}: nobody knows which row was refused`
    rowsIn(JSON.parse(sealed!.toString()).input).forEach((row, index) => {
      if (refused.includes(index)) return
      const code = codeOf(row)
      ours.set(code, (ours.get(code) ?? 0) + (transaction!.startsWith('3505') ? 1 : -1))
    })
  }
  const theirs = new Set(provinces.flatMap((province) => [...province.goods.sold.keys()]))
  for (const code of theirs)
    if (ours.get(code) !== 1)
      yield `the box ${code} stands sold at a province and ${ours.get(code) ?? 0} times here`
  for (const [code, times] of ours)
    if (times !== 0 && !theirs.has(code))
      yield `the box ${code} stands sold ${times} times here and not at a province`
}
