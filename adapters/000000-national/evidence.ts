/**
 * How the outcome of a lost answer is found. The message id is the only handle: a settlement answers with it as
 * `medins_setl_id`, so a query by visit (5203 with an empty `setl_id`, as Hunan and Hainan clients send it after a
 * time-out) shows whether the settlement it finds is ours; 5201 lists visits with the hospital's own number. [F]
 */
import type { Composed, Message } from '../../src/extension/dialect.ts'
import { textOf } from './claim.ts'

type Row = Readonly<Record<string, unknown>>

/** Reads `mdtrt_id` out of the node that opens an encounter. @throws {RangeError} where it is not there */
export function encounterOf(node: unknown): string {
  const id = textOf((node ?? {}) as Row, 'mdtrt_id')
  if (!id) throw new RangeError('mdtrt_id缺失')
  return id
}

/** 5201: the visits of the person on the day of the message. */
export function visitQuery({ subject }: Message, category: string): Composed {
  const { person = '', day = '' } = subject
  return {
    transaction: '5201',
    input: {
      data: {
        psn_no: person,
        begntime: `${day} 00:00:00`,
        endtime: `${day} 23:59:59`,
        med_type: subject.category ?? category,
        mdtrt_id: '',
      },
    },
  }
}

/** The encounter in an answer of 5201 that carries the hospital's number of our message; null where none does. */
export function visitShown({ subject }: Message, output: unknown): string | null {
  const node = (output as { mdtrtinfo?: unknown } | null)?.mdtrtinfo
  const rows = (Array.isArray(node) ? node : node ? [node] : []) as Row[]
  const ours = rows.find((row) => textOf(row, 'ipt_otp_no') === subject.visitNumber)
  return ours ? textOf(ours, 'mdtrt_id') || null : null
}

/** 5203 by visit, without the settlement id that a lost answer never gave. */
export function settlementQuery({ subject }: Message): Composed {
  const { person = '', encounter = '' } = subject
  return { transaction: '5203', input: { data: { psn_no: person, setl_id: '', mdtrt_id: encounter } } }
}

/**
 * The answer that a settlement would have had, out of an answer of 5203 that shows it: 5203 names the person's share
 * `psn_pay` and the cash `cash_payamt`. Null where the answer shows another settlement, or none.
 */
export function settlementShown(message: Message, output: unknown): Record<string, unknown> | null {
  const { setlinfo, setldetail } = (output ?? {}) as { setlinfo?: Row; setldetail?: unknown }
  if (!setlinfo || textOf(setlinfo, 'medins_setl_id') !== message.id) return null
  const { psn_pay, cash_payamt, ...rest } = setlinfo
  return { setlinfo: { ...rest, psn_part_amt: psn_pay, psn_cash_pay: cash_payamt }, setldetail }
}

/** 2601: undoes a message that has no known outcome, by its id and number. */
export function reversal({ id, operation, subject }: Message): Composed {
  return {
    transaction: '2601',
    input: { data: { psn_no: subject.person ?? '', omsgid: id, oinfno: operation.transaction } },
  }
}
