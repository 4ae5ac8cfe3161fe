/** Single settlements of an institution's file, held against the book: 3202 and 3211. */
import { parseArea, relationOf } from '../domain/area.ts'
import { asFen, type Fen, yuanFromFen } from '../domain/money.ts'
import { type Message, Refusal } from './envelope.ts'
import { moneyOf, requiredText, sectionOf } from './fields.ts'
import { keepFile, keptFile } from './files.ts'
import type { Handler, Province } from './province.ts'
import { differing, type Finding, NO_MONEY, resultOf } from './reconciliation.ts'
import { classOf, daysOf, type Period, type Stated, statedRows } from './statement.ts'
import { unzipped, zipped } from './zip.ts'

/** What the comparison of single settlements has found, the latest of each institution and settlement. */
export const COMPARED = `
CREATE TABLE IF NOT EXISTS compared (fixmedins_code TEXT NOT NULL, setl_id TEXT NOT NULL, mdtrt_id TEXT NOT NULL,
  psn_no TEXT NOT NULL, refd_setl_flag TEXT NOT NULL, msgid TEXT NOT NULL, day TEXT NOT NULL, agency TEXT NOT NULL,
  class TEXT NOT NULL, insutype TEXT NOT NULL, place TEXT NOT NULL, result TEXT NOT NULL, total INTEGER NOT NULL,
  insured_area TEXT NOT NULL, PRIMARY KEY (fixmedins_code, setl_id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS tasks (task_key TEXT PRIMARY KEY, fixmedins_code TEXT NOT NULL, file TEXT NOT NULL,
  differs INTEGER NOT NULL) WITHOUT ROWID;
`

/** A settlement of the hospital's file, in its seven columns. [F: T H2] */
interface Line {
  readonly setl_id: string
  readonly mdtrt_id: string
  readonly psn_no: string
  readonly total: Fen
  readonly fund: Fen
  readonly account: Fen
  readonly refund: string
}

const COLUMNS = 7

/** Reads the file: a row a settlement, columns parted by tabs, an empty one is `null`. @throws {Refusal} with the row */
function linesOf(text: string): Line[] {
  const rows = text.split(/\r?\n/).filter((row) => row.trim() !== '')
  return rows.map((row, index) => {
    const cells = row.split('\t').map((cell) => (cell === 'null' ? '' : cell.trim()))
    if (cells.length < COLUMNS)
      throw new Refusal(
        'E000',
        `对账文件第${index + 1}行只有${cells.length}列，应为${COLUMNS}列，以制表符分隔`,
      )
    const [setl_id = '', mdtrt_id = '', psn_no = '', medfee, fund, account, refund = '0'] = cells
    const amounts = { medfee, fund, account }
    const money = (field: keyof typeof amounts) => moneyOf(amounts, field) ?? NO_MONEY
    const sums = { total: money('medfee'), fund: money('fund'), account: money('account') }
    return { setl_id, mdtrt_id, psn_no, ...sums, refund }
  })
}

/** One row of the result. */
interface Found {
  readonly finding: Finding
  readonly line: Line | null
  readonly held: Stated | null
  readonly memo: string
}

const MEMOS = {
  'institution-alone': '中心无此结算',
  'centre-alone': '机构无此结算，可凭发送方报文ID冲正',
} as const

function compared(line: Line, held: Stated | undefined): Found {
  if (!held) return { finding: 'institution-alone', line, held: null, memo: MEMOS['institution-alone'] }
  const { row } = held
  const memo = [
    ...differing('医疗费总额', line.total, asFen(row.total)),
    ...differing('基金支付总额', line.fund, asFen(row.fund)),
    ...differing('个人账户支出', line.account, asFen(row.account)),
    ...(line.mdtrt_id === row.mdtrt_id && line.psn_no === row.psn_no ? [] : ['就诊ID或人员编号不一致']),
  ].join('；')
  return { finding: memo === '' ? 'same' : 'differs', line, held, memo }
}

/**
 * Compares a file with the book. A refund appears as two lines, forward and reverse, and as two rows here: a line
 * and its negative are matched by the settlement's own id, or by the id of what they undo if the negative is listed
 * under it.
 */
function compare(province: Province, institution: string, period: Period, lines: readonly Line[]): Found[] {
  const rows = statedRows(province, institution, period)
  const taken = new Set<Stated>()
  const found = lines.map((line) => {
    const isNegative = line.total < 0
    const held = rows.find(
      (one) =>
        !taken.has(one) &&
        one.isRefund === isNegative &&
        (one.row.setl_id === line.setl_id || (isNegative && one.row.init_setl_id === line.setl_id)),
    )
    if (held) taken.add(held)
    return compared(line, held)
  })
  const alone = rows
    .filter((one) => !taken.has(one))
    .map((held): Found => ({ finding: 'centre-alone', line: null, held, memo: MEMOS['centre-alone'] }))
  return [...found, ...alone]
}

/** A row of the result file, in its ten columns. Where the centre has more, settlement and visit are empty. [F: T H2] */
function resultRow(treatment: string, { finding, line, held, memo }: Found): string {
  const isAlone = finding === 'centre-alone'
  const refund = held ? (held.isRefund || held.isRefunded ? '1' : '0') : (line?.refund ?? '0')
  const amounts = held
    ? [held.row.total, held.row.fund, held.row.account].map(asFen)
    : [line!.total, line!.fund, line!.account]
  const cells = [
    held?.row.psn_no ?? line!.psn_no,
    isAlone ? '' : line!.mdtrt_id,
    isAlone ? '' : line!.setl_id,
    held?.row.msgid ?? '',
    resultOf(treatment, finding),
    refund,
    memo,
    ...amounts.map(yuanFromFen),
  ]
  return cells.map((cell) => cell || 'null').join('\t')
}

/** Stores the differences for queries of the next days; those that no longer exist are removed. */
function remember(province: Province, { institution }: Message, found: readonly Found[]): void {
  for (const { finding, line, held } of found) {
    const row = held?.row
    const areas = row && ([row.insured_area, row.treatment_area].map(parseArea) as [never, never])
    province.book.store.run(
      'INSERT OR REPLACE INTO compared VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
      institution,
      row?.setl_id ?? line!.setl_id,
      row?.mdtrt_id ?? line!.mdtrt_id,
      row?.psn_no ?? line!.psn_no,
      held ? (held.isRefund ? '1' : '0') : line!.refund,
      row?.msgid ?? '',
      held?.day ?? '',
      held?.agency ?? '',
      held?.clearingClass ?? '',
      row?.insutype ?? '',
      areas ? { local: '2', intra: '3', cross: '4' }[relationOf(...areas)] : '',
      finding,
      row?.total ?? line!.total,
      row?.insured_area ?? '',
    )
  }
}

/** Compares an uploaded file; what differs is kept as a file. */
function comparedFile(province: Province, message: Message, period: Period) {
  const node = sectionOf(message, 'data')
  const file = keptFile(province, message.institution, requiredText(node, 'file_qury_no'))
  const found = compare(province, message.institution, period, linesOf(unzipped(file)))
  remember(province, message, found)
  const others = found.filter(({ finding }) => finding !== 'same')
  const rows = others.map((one) => resultRow(message.treatment, one))
  const name = `stmt_${message.institution}_${period.from}_${period.until}`
  const content = zipped(`${name}.txt`, rows.map((row) => `${row}\n`).join(''))
  return { kept: keepFile(province, message.institution, `${name}.zip`, content), differs: others.length }
}

/** 3202 医药机构费用结算对明细账. The file in the answer lists the differences and is empty if there are none. */
export const reconcileLines: Handler = (province, message) => {
  const node = sectionOf(message, 'data')
  const period = { ...daysOf(node, 'stmt_begndate', 'stmt_enddate'), ...classOf(node, 'setl_optins') }
  return { fileinfo: comparedFile(province, message, period).kept }
}

/** 3211 医药机构日对账申请: 3202 over all classes and agencies, fetched later by its key. */
export const startDayReconciliation: Handler = (province, message) => {
  const period = daysOf(sectionOf(message, 'data'), 'clr_begin_ymd', 'clr_end_ymd')
  const { kept, differs } = comparedFile(province, message, period)
  const task_key = `T${province.code}${String(province.book.next('task')).padStart(12, '0')}`
  const row = { task_key, fixmedins_code: message.institution, file: String(kept.file_qury_no), differs }
  province.book.store.insert('tasks', row)
  return { fileinfo: { task_key } }
}
