/** The forms in which a page of the figures may be had. */
import type { Instant } from '../../domain/day.ts'

/** Forms of a page. */
export const SHEET_FORMATS = ['json', 'csv', 'xlsx'] as const

/** A form of a page. */
export type SheetFormat = (typeof SHEET_FORMATS)[number]

/** The form wanted, and for the first sheet of a workbook who asks, by role and never by name, and when. */
export interface SheetWanted {
  readonly format: SheetFormat
  readonly role: string
  readonly at: Instant
}

/** Media type of a workbook. */
export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
