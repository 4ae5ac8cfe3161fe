/** Reads values of a platform's output. Missing or unreadable values are null, never a guess. */
import { type Fen, fenFromYuan } from '../../domain/money.ts'

/** One node of an output. */
export type Row = Readonly<Record<string, unknown>>

/** A named node; empty if it is missing or something else. */
export function nodeOf(output: unknown, name: string): Row {
  const node = (output as Row | null)?.[name]
  return node && typeof node === 'object' && !Array.isArray(node) ? (node as Row) : {}
}

/** The rows of a named node, which platforms send as an array or as a single object. [F] */
export function rowsOf(output: unknown, name: string): readonly Row[] {
  const node = (output as Row | null)?.[name]
  if (Array.isArray(node)) return node.filter((row): row is Row => row !== null && typeof row === 'object')
  return node && typeof node === 'object' ? [node as Row] : []
}

/** A text; null if it is empty. */
export function textOf(row: Row, field: string): string | null {
  const value = row[field]
  return value === undefined || value === null || value === '' ? null : String(value)
}

/** An amount in fen; null if it is empty or unreadable. */
export function fenOf(row: Row, field: string): Fen | null {
  const value = textOf(row, field)
  if (value === null) return null
  try {
    return fenFromYuan(value)
  } catch {
    return null
  }
}

/** 1 and 0 as true and false; anything else is null. */
export function saidYes(row: Row, field: string): boolean | null {
  const value = textOf(row, field)
  return value === '1' ? true : value === '0' ? false : null
}
