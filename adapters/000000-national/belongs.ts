/**
 * Holds an answer against its question. Platforms answer twice on a kept connection, and out of their own memory: an answer
 * that names another visit, person, message or bill belongs to somebody else, however well its amounts add up. Only what
 * both say is compared; fields that one of them leaves out prove nothing. Source: the texts of 2201, 2204, 2207, 2301, 2304
 * echo them, `medins_setl_id` is the message id of the sender [F: messages section 2].
 */
import { fenFromYuan } from '../../src/domain/money.ts'
import type { BillSplit, Settlement } from '../../src/domain/settlement.ts'
import type { Message } from '../../src/extension/dialect.ts'
import { rowsOf } from '../../src/extension/rows.ts'
import { textOf } from './claim.ts'

type Row = Readonly<Record<string, unknown>>

/** Nodes of an output that say whose it is. */
const NODES = ['setlinfo', 'data', 'result', 'baseinfo'] as const

const MONEY_NODES = ['setlinfo'] as const

/** Digits of a citizen identity number: other documents are renewed under other numbers. */
const IDENTITY_LENGTH = 18

/** Whether both say something, and not the same. */
function differ(one: string, other: string | undefined): boolean {
  return one !== '' && other !== undefined && one !== other
}

/** A field of a node that speaks of another message, person or visit; null if none does. */
function foreignField(node: Row, { operation, id, subject }: Message): string | null {
  const { person, encounter, visitNumber } = subject
  if (differ(textOf(node, 'mdtrt_id'), encounter)) return 'mdtrt_id'
  if (differ(textOf(node, 'psn_no'), person)) return 'psn_no'
  // A query shows what other messages have made.
  if (operation.kind !== 'query' && differ(textOf(node, 'medins_setl_id'), id)) return 'medins_setl_id'
  if (differ(textOf(node, 'ipt_otp_no'), visitNumber)) return 'ipt_otp_no'
  return null
}

/** Whether a person is shown whose identity number is none of those that were asked for. */
function isAnother(node: Row, { subject }: Message): boolean {
  const shown = textOf(node, 'certno').toUpperCase()
  const asked = (subject.documents ?? [])
    .map(({ number }) => number.toUpperCase())
    .filter((number) => number.length === IDENTITY_LENGTH)
  return shown.length === IDENTITY_LENGTH && asked.length > 0 && !asked.includes(shown)
}

/** Whether the rows of an answer name a line that was not sent. */
function hasForeignLine(result: unknown, { operation, subject }: Message): boolean {
  const rows = operation.kind === 'write' ? rowsOf(result) : null
  if (!rows || !subject.lines) return false
  const sent = new Set(subject.lines.map(({ at }) => at))
  const serials = rows.column('feedetl_sn')
  for (let row = 0; row < rows.length; row += 1) {
    const serial = serials(row)
    if (serial !== undefined && serial !== null && serial !== '' && !sent.has(String(serial))) return true
  }
  return false
}

/**
 * A field in which the output of an answer speaks of something else than its message.
 *
 * @returns its name, null if there is none
 */
export function foreignIn(message: Message, output: unknown): string | null {
  if (output === null || typeof output !== 'object') return null
  for (const name of message.operation.settlement ? MONEY_NODES : NODES) {
    const node = (output as Row)[name]
    if (node === null || typeof node !== 'object' || Array.isArray(node)) continue
    const field = foreignField(node as Row, message)
    if (field) return field
    if (name === 'baseinfo' && isAnother(node as Row, message)) return 'certno'
  }
  return hasForeignLine((output as Row).result, message) ? 'feedetl_sn' : null
}

const SUMS = [
  ['fulamt_ownpay_amt', 'selfPaid'],
  ['overlmt_selfpay', 'overLimit'],
  ['preselfpay_amt', 'firstSelfPay'],
  ['inscp_scp_amt', 'inScope'],
] as const satisfies readonly (readonly [string, keyof BillSplit])[]

/**
 * A field in which the money of an answer differs from the bill that was sent. A cancellation sends none.
 *
 * @returns its name, null if there is none
 */
export function otherBill(message: Message, { split }: Settlement): string | null {
  const { kind } = message.operation
  if (kind !== 'settlement' && kind !== 'trial') return null
  // What is ordered is paid later.
  if (message.operation.paidLater && split.total === 0) return null
  const { split: asked, total } = message.subject
  const sent = asked?.total ?? total ?? totalSent(message)
  if (sent !== null && split.total !== sent) return 'medfee_sumamt'
  if (!asked) return null
  // A sum that the answer leaves out differs in another one too, or its total would.
  return SUMS.find(([, name]) => split[name] !== asked[name])?.[0] ?? null
}

/** The total of a bill that names no sums; null if it names none, as what pays an order. @throws {RangeError} if it is no amount, which the schema has judged */
function totalSent({ document }: Message): number | null {
  const nodes = Object.values(document.json().input as Row) as (Row | null)[]
  const bill = nodes.find((node) => node?.medfee_sumamt !== undefined)
  return bill ? fenFromYuan(bill.medfee_sumamt as string | number) : null
}
