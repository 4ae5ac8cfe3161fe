/** Chinese sentences for the cashier. They name the code, what is wrong with it, and what to do. */
import type { Day } from '../domain/day.ts'
import type { NotFound } from './outcome.ts'
import type { MapRow, NoTarget } from './store/rows.ts'

/**
 * Why a national code cannot be used.
 *
 * @param title national title of the standard, `医保疾病诊断`
 * @param code the code as given; null if it must not be repeated
 */
export function lookupText(title: string, code: string | null, answer: NotFound): string {
  const subject = `${title.replace(/^医保/, '')}编码${code === null ? '' : `“${code}”`}`
  const { edition, entry, since } = answer
  switch (answer.reason) {
    case 'unknown-standard':
      return `编码标准“${title}”不存在`
    case 'wrong-shape':
      return `${subject}的格式不符合国家编码规则`
    case 'before-first-edition':
      return `${subject}的费用日期早于国家编码表的启用日期`
    case 'not-in-table':
      return `${subject}不在国家编码表(${edition}版)中`
    case 'not-yet-valid':
      return `${subject}自${since}起才可使用`
    case 'retired':
      return `${subject}已于${since}停用${entry?.replacedBy ? `，请改用“${entry.replacedBy}”` : ''}`
    case 'grey':
      return `${subject}为灰码，不能用于结算，请改用更具体的编码`
    case 'heading':
      return `${subject}为类目，不能用于结算，请改用更具体的编码`
  }
}

/**
 * Why a local code has no national one.
 *
 * @param row the row of the map that has expired or is not valid yet
 */
export function notMappedText(code: string, day: Day, row?: Pick<MapRow, 'from' | 'until'>): string {
  if (row?.until && day >= row.until) return `院内编码“${code}”的对码已于${row.until}停用`
  if (row?.from && day < row.from) return `院内编码“${code}”的对码自${row.from}起才生效`
  return `院内编码“${code}”尚未对码`
}

/**
 * Why a code that an institution uploaded as its own has no national one; the cashier may have meant a national
 * code.
 */
export function unmatchedText(code: string, day: Day, row?: Pick<MapRow, 'from' | 'until'>): string {
  return row ? notMappedText(code, day, row) : `该院上传的是院内编码；“${code}”在其对照表中没有对应项`
}

/**
 * An institution's own code that need not be national, and for which its map has no national one.
 *
 * @param code empty if it may name a person
 */
export function noNationalText(title: string, code: string): string {
  return `${title.replace(/^医保/, '')}的院内编码${code && `“${code}”`}在该院对照表中没有对应的国家编码`
}

/** A local code whose national target cannot be used. */
export function badTargetText(code: string, targetText: string): string {
  return `院内编码“${code}”所对的${targetText}`
}

/** A day on which the map has no edition yet. */
export function noEditionText(code: string, day: Day): string {
  return `院内编码“${code}”所用的对照表在${day}尚未启用`
}

/** The map lists several alternatives for this local code. */
export function severalText(code: string): string {
  return `院内编码“${code}”对应多个国家编码中的一个，请选定后再上传`
}

const NO_TARGET_TEXTS = {
  'not-in-national-table': '经核对在国家编码表中没有对应编码',
  'out-of-scope': '经核对不属于该编码标准的范围',
  'needs-review': '的对码尚待复核',
} as const satisfies Record<NoTarget, string>

/** A local code that has no national one by decision. */
export function noTargetText(code: string, reason: NoTarget): string {
  return `院内编码“${code}”${NO_TARGET_TEXTS[reason]}`
}
