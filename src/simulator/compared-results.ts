/** What the comparison of single settlements has found: 3212, 13203 and, of other provinces, 3209A. */
import { asFen } from '../domain/money.ts'
import { type Message, Refusal } from './envelope.ts'
import { requiredText, sectionOf, textOf, yuan } from './fields.ts'
import type { Handler, Province } from './province.ts'
import type { Finding } from './reconciliation.ts'
import { ALL_DAYS, classOf, daysOf, type Period } from './statement.ts'

/** 3212 医药机构日对账结果查询. What its states mean is in no source: 1 done; 1 balanced, 2 not. [A] */
export const pollDayReconciliation: Handler = (province, message) => {
  const key = requiredText(sectionOf(message, 'data'), 'task_key')
  const sql = 'SELECT file, differs FROM tasks WHERE task_key = ? AND fixmedins_code = ?'
  const task = province.book.store.row<{ file: string; differs: number }>(sql, key, message.institution)
  if (!task) throw new Refusal('E000', `未查询到对账任务${key}`)
  const state = task.differs === 0 ? '1' : '2'
  return {
    fileinfo: {
      check_state: state,
      task_status: '1',
      file_qury_no1: task.file,
      file_qury_no2: '',
      file_qury_no3: '',
    },
  }
}

type Compared = {
  setl_id: string
  mdtrt_id: string
  psn_no: string
  refd_setl_flag: string
  msgid: string
  day: string
  agency: string
  class: string
  insutype: string
  place: string
  result: Finding
  total: number
  insured_area: string
}

const comparedRows = (province: Province, { institution }: Message) =>
  province.book.store.rows<Compared>(
    'SELECT * FROM compared WHERE fixmedins_code = ? ORDER BY day, setl_id',
    institution,
  )

/** Rows of one page at most. [F: H2] */
const PAGE_MAX = 100

/** 13203 医药机构费用结算日对账结果查询: 1 not balanced, 0 balanced. */
export const dayResult: Handler = (province, message) => {
  const node = sectionOf(message, 'data')
  const asked = (field: string) => textOf(node, field)
  const size = Number(asked('page_size') || PAGE_MAX)
  if (!(size >= 1 && size <= PAGE_MAX)) throw new Refusal('E000', `page_size须在1至${PAGE_MAX}之间`)
  const digit = (result: Finding) => (result === 'same' ? '0' : '1')
  // Both families are taken: 000000 is balanced, anything else but 0 is not.
  const wanted = asked('stmt_rslt') && (/^0+$/.test(asked('stmt_rslt')) ? '0' : '1')
  const rows = comparedRows(province, message).filter(
    (row) =>
      (!asked('stmt_date') || row.day === asked('stmt_date').slice(0, 10)) &&
      (!wanted || digit(row.result) === wanted) &&
      (!asked('clr_optins') || row.agency === asked('clr_optins')) &&
      (!asked('clr_type') || row.class === asked('clr_type')) &&
      (!asked('insutype') || row.insutype === asked('insutype')) &&
      (!asked('clr_pay_loc') || row.place === asked('clr_pay_loc')),
  )
  const first = (Math.max(1, Number(asked('page_num') || 1)) - 1) * size
  return {
    data: rows.slice(first, first + size).map(({ refd_setl_flag, psn_no, mdtrt_id, setl_id, ...row }) => ({
      ...{ refd_setl_flag, psn_no, mdtrt_id, setl_id, psn_name: province.people.get(psn_no)?.name ?? '' },
      ...{ stmt_rslt: digit(row.result), medfee_sumamt: yuan(asFen(row.total)) },
      ...{ clr_optins: row.agency, msg_id: row.msgid },
    })),
  }
}

/** Cross-province settlements that differ still: they block the clearing of their agency. [F: JL] */
export function unreconciled(
  province: Province,
  message: Message,
  { from, until, agency, clearingClass }: Period,
): { readonly setl_id: string; readonly insured_area: string }[] {
  return comparedRows(province, message).filter(
    (row) =>
      row.place === '4' &&
      row.result !== 'same' &&
      row.day >= from &&
      row.day <= until &&
      (!agency || row.agency === agency) &&
      (!clearingClass || row.class === clearingClass) &&
      province.book.settlement(row.setl_id)?.state === 'settled',
  )
}

/** 3209A 查询跨省三方对账未成功数据. The answer is in camel case. [F: H2] */
export const failedThreeWay: Handler = (province, message) => {
  const node = sectionOf(message, 'data')
  const asked = textOf(node, 'begndate') ? daysOf(node, 'begndate', 'enddate') : ALL_DAYS
  const rows = unreconciled(province, message, { ...asked, ...classOf(node, 'clr_optins') })
  return { data: rows.map(({ setl_id, insured_area }) => ({ setlId: setl_id, insuAdmdvs: insured_area })) }
}
