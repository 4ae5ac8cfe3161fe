/** Turns the XML events of one sheet into rows. */
import type { Handler } from 'htmlparser2'
import { CELL_CHARACTERS_MAX, COLUMNS_MAX, FileRefused, type Merged, type RawRow } from './row.ts'

/** Collects rows while a parser runs through a sheet. */
interface SheetReader {
  readonly handler: Partial<Handler>
  /** Rows completed since the last call. */
  take(): RawRow[]
  /** Merged areas over several rows; in the XML they follow all rows. */
  merged(): readonly Merged[]
  /** Whether the end of the sheet was reached. */
  whole(): boolean
}

/** Oversized text is cut at one character over the limit, so that the row check refuses it. */
const CUT_AT = CELL_CHARACTERS_MAX + 1

/** Maximum number of areas kept: one suffices for a refusal, and those of the head come first. */
const MERGED_MAX = 10_000

/** `_x000D_` is a workbook's escape for a character that XML cannot contain. */
const ESCAPED = /_x([0-9A-Fa-f]{4})_/g

const unescaped = (text: string) =>
  text.includes('_x')
    ? text.replace(ESCAPED, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text

/** Parses a reference to an area: `B4:B5`. */
function areaOf(reference: string): Merged {
  const [first = '', last = first] = reference.split(':')
  const rowOf = (cell: string) => Number(/\d+$/.exec(cell)?.[0] ?? 0)
  return {
    reference,
    firstLine: rowOf(first),
    lastLine: rowOf(last),
    columns: [columnOf(first), columnOf(last)],
  }
}

/** Column of a reference: 1 for `B7`. */
function columnOf(reference: string): number {
  let column = 0
  for (let index = 0; index < reference.length; index += 1) {
    const letter = reference.charCodeAt(index) - 64
    if (letter < 1 || letter > 26) break
    column = column * 26 + letter
  }
  return column - 1
}

/**
 * Creates a reader for one sheet.
 *
 * @param strings the shared strings
 */
export function createSheetReader(strings: readonly string[]): SheetReader {
  let rows: RawRow[] = []
  let cells: string[] = []
  let numbers: Set<number> | undefined
  let line = 0
  let column = -1
  let type = 'n'
  let text = ''
  let listening = false
  let [formula, calculated] = [false, false]
  let phonetic = false
  let whole = false
  const merged: Merged[] = []

  function endCell() {
    if (formula && !calculated) {
      throw new FileRefused(
        `第${line}行有公式没有计算结果（文件由程序写出，未经表格软件计算）：请用表格软件打开并保存后重新导入。没有写入任何内容`,
      )
    }
    if (text === '') return
    const isNumber = type === 'n'
    const value = type === 's' ? strings[Number(text)] : text
    if (value === undefined) throw new FileRefused(`第${line}行：工作簿已损坏，缺少共享文字${text}`)
    while (cells.length < column) cells.push('')
    cells[column] = isNumber ? value : unescaped(value)
    if (isNumber) {
      numbers ??= new Set()
      numbers.add(column)
    }
  }

  function open(name: string, attributes: Record<string, string>) {
    if (name === 'row') {
      const given = Number(attributes.r)
      line = Number.isSafeInteger(given) && given > line ? given : line + 1
      cells = []
      numbers = undefined
      column = -1
    } else if (name === 'c') {
      column = attributes.r ? columnOf(attributes.r) : column + 1
      if (column < 0) throw new FileRefused(`第${line}行：工作簿已损坏，没有“${attributes.r}”这样的单元格`)
      if (column >= COLUMNS_MAX) throw new FileRefused(`第${line}行超过${COLUMNS_MAX}列`)
      type = attributes.t ?? 'n'
      text = ''
      formula = false
      calculated = false
    } else if (name === 'mergeCell' && merged.length < MERGED_MAX) {
      const area = areaOf(attributes.ref ?? '')
      if (area.lastLine > area.firstLine) merged.push(area)
    } else if (name === 'f') formula = true
    else if (name === 'v') {
      listening = true
      calculated = true
    } else if (name === 't') listening = !phonetic
    else if (name === 'rPh') phonetic = true
  }

  function close(name: string, implied: boolean) {
    if (name === 'v' || name === 't') listening = false
    else if (name === 'c') endCell()
    else if (name === 'rPh') phonetic = false
    else if (name === 'row') {
      if (cells.some((cell) => cell !== '')) rows.push({ line, cells, ...(numbers && { numbers }) })
    } else if (name === 'sheetData') whole = !implied
  }

  const local = (tag: string) => tag.slice(tag.indexOf(':') + 1)
  return {
    handler: {
      onopentag: (tag, attributes) => open(local(tag), attributes),
      ontext(data) {
        if (listening && text.length < CUT_AT) text += data.slice(0, CUT_AT - text.length)
      },
      onclosetag: (tag, implied) => close(local(tag), implied),
    },
    take() {
      const taken = rows
      rows = []
      return taken
    },
    merged: () => merged,
    whole: () => whole,
  }
}
