/** The report of an import as text, and refused rows as a table. */
import { basename } from 'node:path'
import type { CsvCell } from '../../csv.ts'
import { STATE_NAMES } from '../editions/lifecycle.ts'
import type { EditionDifference } from '../store/merge.ts'
import type { MapRole, TableRole } from './columns.ts'
import type { ImportReport } from './import-table.ts'
import { REFUSALS, REMARKS, type RefusedCodeRow, type Remark } from './reasons.ts'
import type { FileReport } from './table-file.ts'

/** Refused rows shown; `--json` and `--rejected` list more. */
const SHOWN_MAX = 20

/** Result of an import. */
export interface ImportOutcome {
  readonly written: boolean
  readonly dryRun: boolean
  readonly skipRejected: boolean
  /** Compared with the previous edition; null if nothing was packed. */
  readonly changes: EditionDifference | null
  readonly seconds: number
  /** Size of the packed file with all editions; null if none was written. */
  readonly bytes: number | null
  /** Peak memory of the process so far. */
  readonly peakMegabytes: number
}

/** Columns of a file of refused rows. */
export const REJECTED_HEAD = ['文件', '行号', '编码', '原因代码', '原因', '详情'] as const

/**
 * A refused row as cells of that table.
 *
 * @param files all files of the import
 */
export function rejectedCells(
  { file, line, code, reason, detail = '' }: RefusedCodeRow,
  files: readonly string[],
): readonly CsvCell[] {
  return [basename(files[file] ?? ''), line, code, reason, REFUSALS[reason], detail]
}

/** A refused row as text. @param files all imported files; named if there are several */
function refusedSentence(
  { file, line, code, reason, detail }: RefusedCodeRow,
  files: readonly FileReport[],
): string {
  const where = files.length > 1 ? `${basename(files[file]!.file)}第${line}行` : `第${line}行`
  return `${where}${code && ` ${code.slice(0, 60)}`}：${REFUSALS[reason]}${detail ? `（${detail.slice(0, 200)}）` : ''}`
}

/** Columns in words; in a map `code` and `name` are the source's. */
const COLUMN_NAMES: Readonly<Record<TableRole | MapRole, string>> = {
  code: '编码',
  name: '名称',
  from: '启用日期',
  lastDay: '最后有效日',
  until: '停用日期',
  valid: '有效标志',
  version: '版本',
  grey: '灰码标志',
  heading: '类目标志',
  fallBack: '残余类目标志',
  replacedBy: '替代编码',
  target: '目标编码',
  targetName: '目标名称',
  kind: '对照类型',
  relation: '对照关系',
  group: '组号',
  together: '合并使用标志',
  priority: '优先级',
  provenance: '依据',
}

function columnName(role: string, isMap: boolean): string {
  const name = COLUMN_NAMES[role as TableRole | MapRole] ?? role
  return isMap && (role === 'code' || role === 'name') ? `源${name}` : name
}

function fileSentence({ file, encoding, sheet, otherSheets, columns }: FileReport): string {
  const isMap = 'target' in columns
  const read = Object.entries(columns).map(([role, title]) => `${columnName(role, isMap)}取自“${title}”`)
  const sheets = otherSheets ? `，未读的工作表：${otherSheets.join('、')}` : ''
  return `${basename(file)}：${encoding}${sheet ? ` 工作表“${sheet}”${sheets}` : ''}；${read.join('，')}`
}

/** The editions in which the targets of a map were looked up. */
export function targetsSentence(targets: NonNullable<ImportReport['targets']>): string {
  const editions = [targets, ...(targets.later ?? [])].map(
    ({ version, from, state }) => `${version}版（${from}起，${STATE_NAMES[state]}）`,
  )
  return `目标按${targets.standard}${editions.join('、')}核对`
}

function remarkSentences(report: ImportReport): string[] {
  const remarks = Object.entries(report.remarks) as [Remark, { count: number; lines: readonly number[] }][]
  return remarks.map(
    ([remark, { count, lines }]) => `  ${REMARKS[remark]}：${count}行，例如第${lines.join('、')}行`,
  )
}

/** Rows neither accepted nor refused. A map counts source codes, which may have several rows. */
function leftOut({ read, taken, refused, targets }: ImportReport): string {
  const others = read - taken - refused
  if (others <= 0) return ''
  return targets
    ? `，其余${others}行与以上各行属同一源编码，合并计数`
    : `，其余${others}行为重复行或其他版本的行，未计入`
}

/** Lines of output of an import: the report for standard output, problems for standard error. */
export function importSentences(
  report: ImportReport,
  outcome: ImportOutcome,
): { out: string[]; err: string[] } {
  const { changes, seconds } = outcome
  const { read, taken, refused } = report
  const out = [
    ...report.files.map(fileSentence),
    ...(report.targets ? [targetsSentence(report.targets)] : []),
    `读取${read}行，接收${taken}行，拒收${refused}行${leftOut(report)}，${seconds.toFixed(1)}秒`,
    ...remarkSentences(report),
    ...(changes
      ? [
          `与前一版相比：新增${changes.added}，变更${changes.changed}，停用${changes.closed}，未变${changes.unchanged}`,
        ]
      : []),
  ]
  const shown = report.refusedRows.slice(0, SHOWN_MAX).map((row) => refusedSentence(row, report.files))
  const more =
    refused > SHOWN_MAX ? [`其余${refused - SHOWN_MAX}行未列出，可用--rejected 文件.csv导出全部`] : []
  return { out: [...out, verdict(report, outcome)], err: [...shown, ...more] }
}

function verdict({ refused, taken }: ImportReport, { written, dryRun, skipRejected }: ImportOutcome): string {
  if (written) return refused > 0 ? `已导入，未含拒收的${refused}行` : '已导入'
  if (taken === 0) return '没有写入任何内容：没有一行可以接收'
  if (refused > 0 && !skipRejected) {
    return '没有写入任何内容：有拒收的行。请改正后重新导入，或用--skip-rejected导入其余各行'
  }
  return dryRun ? '没有写入任何内容：仅检查（--dry-run）' : '没有写入任何内容'
}
