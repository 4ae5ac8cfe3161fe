/** Counts the rows of an import and keeps enough detail to find each of them. */
import { FileRefused } from '../read/row.ts'
import type { ImportRefusal, RefusedCodeRow, Remark } from './reasons.ts'

/** Refused rows listed in the report; all are counted, and all go to the separate list. */
const REFUSED_KEPT_MAX = 1000

/** Lines listed for one remark. */
const LINES_MAX = 5

/** Number of rows after which a file without valid codes is abandoned. */
const GIVEN_UP_AFTER = 200

/** Share of rows with malformed codes above which the file is wrong, not its rows. */
const MISFIT_SHARE = 0.5

/** How often a remark applied, and the first lines. */
export interface Remarked {
  readonly count: number
  readonly lines: readonly number[]
}

/** Numbers of rows. */
export interface Counts {
  /** Data rows in the files. */
  readonly read: number
  /** Rows added to the edition. */
  readonly taken: number
  readonly refused: number
  readonly refusedBy: Readonly<Partial<Record<ImportRefusal, number>>>
  /** The first refused rows. */
  readonly refusedRows: readonly RefusedCodeRow[]
  readonly remarks: Readonly<Partial<Record<Remark, Remarked>>>
}

/** Collects the counts. */
export interface ImportCounts {
  read(): void
  taken(): void
  refuse(row: RefusedCodeRow): void
  remark(remark: Remark, line: number): void
  counts(): Counts
  /** @throws {FileRefused} if more than half of the rows have no code of the standard */
  mustFit(what: string, atEnd: boolean): void
}

/**
 * Starts at zero.
 *
 * @param onRefused called for every refused row
 */
export function createImportCounts(onRefused?: (row: RefusedCodeRow) => void): ImportCounts {
  const refusedBy: Partial<Record<ImportRefusal, number>> = {}
  const remarks: Partial<Record<Remark, { count: number; lines: number[] }>> = {}
  const refusedRows: RefusedCodeRow[] = []
  let [read, taken, refused] = [0, 0, 0]
  return {
    read() {
      read += 1
    },
    taken() {
      taken += 1
    },
    refuse(row) {
      refused += 1
      refusedBy[row.reason] = (refusedBy[row.reason] ?? 0) + 1
      if (refusedRows.length < REFUSED_KEPT_MAX) refusedRows.push(row)
      onRefused?.(row)
    },
    remark(remark, line) {
      const noted = remarks[remark] ?? { count: 0, lines: [] }
      remarks[remark] = noted
      noted.count += 1
      if (noted.lines.length < LINES_MAX) noted.lines.push(line)
    },
    counts: () => ({ read, taken, refused, refusedBy, refusedRows, remarks }),
    mustFit(what, atEnd) {
      if (read < 2 || (!atEnd && read < GIVEN_UP_AFTER)) return
      const numbers = refusedBy['number-cell'] ?? 0
      const misfits = (refusedBy['wrong-shape'] ?? 0) + (refusedBy['no-code'] ?? 0) + numbers
      if (misfits <= read * MISFIT_SHARE) return
      const shown = refusedRows.find(({ reason }) => reason === 'wrong-shape' || reason === 'number-cell')
      const example = shown ? `，例如第${shown.line}行“${shown.code.slice(0, 40)}”` : ''
      if (numbers * 2 > misfits) {
        throw new FileRefused(
          `一半以上的编码以数字存储${example}，前导零或末位可能已丢失：请将编码列设为文本后重新导出。没有写入任何内容`,
        )
      }
      throw new FileRefused(
        `编码列里一半以上的值不像${what}的编码${example}：可能列已错位、选错了列，或--standard有误。没有写入任何内容`,
      )
    },
  }
}
