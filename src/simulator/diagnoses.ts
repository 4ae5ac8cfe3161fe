/** Diagnoses of visits: what 2203, 2401, 2403 and 2402 bring, what 5202 shows. */
import type { Visit } from './book.ts'
import type { Row } from './database.ts'
import { type Message, type Node, Refusal } from './envelope.ts'
import { sectionOf, textOf } from './fields.ts'
import { type Handler, insuredOf, type Province, visitOf } from './province.ts'

/** 出入院诊断类别 `inout_diag_type`: of the visit or admission, of the discharge. */
export type DiagnosisKind = '1' | '2'

const FIELDS = ['diag_type', 'maindiag_flag', 'diag_srt_no', 'diag_code', 'diag_name', 'adm_cond'] as const
const MORE = ['diag_dept', 'dise_dor_no', 'dise_dor_name', 'diag_time'] as const

type Diagnosis = Row & { mdtrt_id: string; kind: string; row: string }

/** Keeps the diagnoses of a message in place of earlier ones of the same kind; a message without any changes none. */
export function keepDiagnoses(
  province: Province,
  message: Message,
  { mdtrt_id }: Pick<Visit, 'mdtrt_id'>,
  kind: DiagnosisKind,
): void {
  const node = message.input.diseinfo
  const rows = (Array.isArray(node) ? node : node ? [node] : []) as Node[]
  if (rows.length === 0) return
  dropDiagnoses(province, mdtrt_id, kind)
  for (const row of rows) {
    const fields = Object.fromEntries([...FIELDS, ...MORE].map((field) => [field, textOf(row, field)]))
    province.book.store.insert('diagnoses', { mdtrt_id, kind, row: JSON.stringify(fields) })
  }
}

/** Forgets the diagnoses of one kind. */
export function dropDiagnoses(province: Province, visit: string, kind: DiagnosisKind): void {
  province.book.store.run('DELETE FROM diagnoses WHERE mdtrt_id = ? AND kind = ?', visit, kind)
}

/** 5202 诊断信息查询: the diagnoses of a visit that stands; an empty list where it has none. [A] */
export const listDiagnoses: Handler = (province, message) => {
  const node = sectionOf(message, 'data')
  insuredOf(province, message, node, '')
  const visit = visitOf(province, message, node)
  const stands = visit.state === 'open' || visit.state === 'discharged'
  if (!stands) throw new Refusal('E000', '未查询到就诊信息')
  const sql = 'SELECT mdtrt_id, kind, row FROM diagnoses WHERE mdtrt_id = ? ORDER BY rowid'
  const rows = province.book.store.rows<Diagnosis>(sql, visit.mdtrt_id)
  return {
    diseinfo: rows.map(({ kind, row }, index) => ({
      diag_info_id: `${visit.mdtrt_id}D${index + 1}`,
      mdtrt_id: visit.mdtrt_id,
      psn_no: visit.psn_no,
      inout_diag_type: kind,
      ...(JSON.parse(row) as Record<string, string>),
    })),
  }
}
