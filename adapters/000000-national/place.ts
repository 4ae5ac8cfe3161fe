/** Puts national codes in place of the given ones, in an input that is JSON. */
import type { ClaimCode } from '../../src/domain/claim.ts'
import type { NationalCode, NationalCodes } from '../../src/extension/national-codes.ts'
import { FeeLine, isLineNode, LINE_CODE } from './claim.ts'
import type { PlacedCode } from './codes.ts'

type Row = Readonly<Record<string, unknown>>
type Input = Readonly<Record<string, unknown>>

/** Writes the fields of a code into the node or row that holds it. */
type Write = (row: Row) => Row

/**
 * Replaces them. Where one local code becomes several together, the further ones follow as rows of their own, numbered on
 * after the last, never as the main diagnosis.
 *
 * @param given the codes of the message, as they were listed
 */
export function placeCodes(input: Input, given: readonly ClaimCode[], codes: NationalCodes): Input {
  const placed: Record<string, unknown> = { ...input }
  const change = (node: string, rows: readonly number[] | null, write: Write) => {
    const held = placed[node]
    if (!Array.isArray(held)) placed[node] = write(held as Row)
    else if (rows === null) placed[node] = held.map((row) => write(row as Row))
    else for (const row of rows) held[row] = write(held[row] as Row)
  }
  // Each node of rows is copied once, whatever is put into it.
  for (const [node, held] of Object.entries(input)) if (Array.isArray(held)) placed[node] = [...held]
  const besides: Row[] = []
  const lines = Object.keys(input).find(isLineNode)!
  for (const [place, national] of codes.entries()) {
    if (!national) continue
    const code = given[place]!
    if (code instanceof FeeLine) {
      change(lines, [place], (row) => ({ ...row, [LINE_CODE]: national.code }))
      continue
    }
    const { node, rows, field, nameField } = code as PlacedCode
    const named = (row: Row) => nameField && national.name !== '' && nameField in row
    change(node, rows, (row) => ({
      ...row,
      [field]: national.code,
      ...(named(row) && { [nameField!]: national.name }),
    }))
    if (code.several === 'rows')
      besides.push(...besideRows(input, code as PlacedCode, national, besides.length))
  }
  const [first] = given.filter(({ several }) => several === 'rows') as PlacedCode[]
  if (besides.length > 0) (placed[first!.node] as Row[]).push(...besides)
  return placed
}

function besideRows(
  input: Input,
  { node, rows, field, nameField }: PlacedCode,
  national: NationalCode,
  before: number,
): Row[] {
  const held = input[node] as readonly Row[]
  const row = held[rows![0]!]!
  const main = 'maindiag_flag' in row ? { maindiag_flag: '0' } : {}
  return (national.beside ?? []).map(({ code, name }, index) => ({
    ...row,
    ...main,
    [field]: code,
    [nameField!]: name,
    diag_srt_no: held.length + before + index + 1,
  }))
}
