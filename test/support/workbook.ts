/** Writes XLSX workbooks for tests, as Excel does: strings shared, numbers as numbers, merged cells at the end. */
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { ZipFile } from 'yazl'

/** A cell that is calculated: without a value as programs write it, or with the last one that was found. */
interface Formula {
  readonly formula: string
  readonly value?: string
}

/** One sheet. A number is kept as a number, `null` is no cell at all. */
export interface Sheet {
  readonly name: string
  readonly rows: Iterable<readonly (string | number | Formula | null)[]>
  readonly hidden?: boolean
  /** `A1:B1` */
  readonly merged?: readonly string[]
}

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** Letters of a column: 0 is A, 27 is AB. */
function lettersOf(column: number): string {
  const last = String.fromCharCode(65 + (column % 26))
  return column < 26 ? last : lettersOf(Math.floor(column / 26) - 1) + last
}

const NAMESPACE = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'

/** Gathers the strings of a workbook. */
function createStrings() {
  const places = new Map<string, number>()
  return {
    placeOf(text: string): number {
      const known = places.get(text)
      if (known !== undefined) return known
      places.set(text, places.size)
      return places.size - 1
    },
    *xml() {
      yield `${XML}<sst xmlns="${NAMESPACE}">`
      for (const text of places.keys()) yield `<si><t xml:space="preserve">${escaped(text)}</t></si>`
      yield '</sst>'
    },
  }
}

function* sheetXml({ rows, merged = [] }: Sheet, placeOf: (text: string) => number) {
  yield `${XML}<worksheet xmlns="${NAMESPACE}"><sheetData>`
  let line = 0
  for (const cells of rows) {
    line += 1
    const written = cells.map((cell, column) => {
      if (cell === null || cell === '') return ''
      const reference = `${lettersOf(column)}${line}`
      if (typeof cell === 'object') {
        const value = cell.value === undefined ? '' : `<v>${escaped(cell.value)}</v>`
        const type = cell.value?.startsWith('#') ? 'e' : 'str'
        return `<c r="${reference}" t="${type}"><f>${escaped(cell.formula)}</f>${value}</c>`
      }
      if (typeof cell === 'number') return `<c r="${reference}"><v>${cell}</v></c>`
      return `<c r="${reference}" t="s"><v>${placeOf(cell)}</v></c>`
    })
    yield `<row r="${line}">${written.join('')}</row>`
  }
  yield '</sheetData>'
  if (merged.length > 0) {
    yield `<mergeCells>${merged.map((area) => `<mergeCell ref="${area}"/>`).join('')}</mergeCells>`
  }
  yield '</worksheet>'
}

/** Writes a workbook. The strings follow the sheets in the archive, so a reader must not rely on the order. */
export async function writeWorkbook(file: string, sheets: readonly Sheet[]): Promise<void> {
  const zip = new ZipFile()
  const strings = createStrings()
  const listed = sheets.map(
    ({ name, hidden }, index) =>
      `<sheet name="${escaped(name)}" sheetId="${index + 1}"${hidden ? ' state="hidden"' : ''} r:id="rId${index + 1}"/>`,
  )
  const relations = sheets.map(
    (_, index) => `<Relationship Id="rId${index + 1}" Target="worksheets/sheet${index + 1}.xml"/>`,
  )
  const workbook = `${XML}<workbook xmlns="${NAMESPACE}" xmlns:r="r"><sheets>${listed.join('')}</sheets></workbook>`
  zip.addBuffer(Buffer.from(workbook), 'xl/workbook.xml')
  zip.addBuffer(
    Buffer.from(`${XML}<Relationships>${relations.join('')}</Relationships>`),
    'xl/_rels/workbook.xml.rels',
  )
  for (const [index, sheet] of sheets.entries()) {
    zip.addReadStream(Readable.from(sheetXml(sheet, strings.placeOf)), `xl/worksheets/sheet${index + 1}.xml`)
  }
  // Read only after the sheets, when all strings are known.
  zip.addReadStream(Readable.from(strings.xml()), 'xl/sharedStrings.xml')
  zip.end()
  await finished(zip.outputStream.pipe(createWriteStream(file)))
}
