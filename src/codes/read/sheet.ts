/** The XML of one sheet, event by event, into rows. */
import type { Handler } from 'htmlparser2'
import { CELL_CHARACTERS_MAX, COLUMNS_MAX, FileRefused, type Merged, type RawRow } from './row.ts'

/** Gathers rows while a parser goes through a sheet. */
interface SheetReader {
  readonly handler: Partial<Handler>
  /** Rows that are complete since the last question. */
  take(): RawRow[]
  /** Areas of merged cells that go over several rows; they stand behind all rows. */
  merged(): readonly Merged[]
  /** Whether the end of the sheet was seen. */
  whole(): boolean
}

/** Text of a cell that went over the limit: one character more than may be, so that the check of rows sees it. */
const CUT_AT = CELL_CHARACTERS_MAX + 1

/** Areas that are kept: one is enough for a refusal, those of the head come first. */
const MERGED_MAX = 10_000

/** `_x000D_` is how a workbook writes a character that XML cannot hold. */
const ESCAPED = /_x([0-9A-Fa-f]{4})_/g

const unescaped = (text: string) =>
  text.includes('_x')
    ? text.replace(ESCAPED, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    : text

/** An area from its references: `B4:B5`. */
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

/** Column of a reference: `B7` is 1. */
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
 * A reader of one sheet.
 *
 * @param strings that the cells share
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
