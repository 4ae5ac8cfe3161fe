/** Reads and checks the single rows of a stay file. */
import { CsvError, parse } from 'csv-parse'
import { type Area, hasAreaShape } from '../domain/area.ts'
import { type Day, parseDay } from '../domain/day.ts'
import { GatewayError } from '../domain/problems.ts'
import { withinLines } from '../line-limit.ts'
import { STAY_EVENTS, type StayEventKind } from './stay.ts'

/** The first line of a stay file. */
export const STAY_FILE_HEADER =
  'stay,person,insured_area,treatment_area,institution,admitted,discharged,event,at'

/** One readable row. */
export interface StayRow {
  readonly line: number
  readonly stay: string
  /** As written in the file, not yet a pseudonym. */
  readonly person: string
  readonly insuredArea: Area
  readonly treatmentArea: Area
  readonly institution: string
  readonly admitted: Day
  readonly discharged: Day
  readonly event: StayEventKind
  readonly at: Day
}

/** A refused row. */
export interface RefusedStayRow {
  /** Line of the file, from 1; the header is line 1. */
  readonly line: number
  /** Chinese sentence without personal data. */
  readonly reason: string
}

const COLUMNS = STAY_FILE_HEADER.split(',').length
const LINE_BYTES_MAX = 64 * 1024
const TEXT_MAX = 100
/** Occurs in no file. */
const NO_DELIMITER = '\0'

/** A line of a file: an accepted or a refused row. */
export type ReadRow = StayRow | RefusedStayRow

/**
 * Reads a file chunk by chunk. Quotes around a field are removed but never join lines, so that a stray quote spoils
 * one row and cannot swallow the rows after it.
 *
 * @returns the rows of each chunk; the next chunk is read when they were consumed
 * @throws {GatewayError} if the header is another one or the text is not CSV
 */
export async function* readStayRows(
  source: AsyncIterable<Uint8Array>,
  isKnownArea: (code: string) => boolean,
): AsyncGenerator<readonly ReadRow[]> {
  let first = true
  let rows: ReadRow[] = []
  const taken = (record: string[], line: number) => {
    if (!first) rows.push(readRow(record, line, isKnownArea))
    else if (record.join(',') !== STAY_FILE_HEADER) throw headerFault()
    first = false
  }
  const parser = parse({
    bom: true,
    quote: false,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: LINE_BYTES_MAX,
    // Lines are read whole: although rows of varying length are tolerated, the parser creates an error with its
    // stack for each.
    delimiter: NO_DELIMITER,
    // Collected while parsing: a stream would cost one turn of the event loop per row.
    on_record: (record, { lines }) => void taken(record.join(NO_DELIMITER).split(','), lines),
  })
  parser.on('error', () => {}) // told by the write below
  const told = (tell: (done: (cause?: Error | null) => void) => void) =>
    new Promise<void>((resolve, reject) => tell((cause) => (cause ? reject(cause) : resolve())))
  const taking = () => {
    const read = rows
    rows = []
    return read
  }
  try {
    for await (const chunk of withinLines(source, LINE_BYTES_MAX, unreadable)) {
      await told((done) => parser.write(chunk, done))
      yield taking()
    }
    await told((done) => parser.end(done))
    yield taking()
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw unreadable(error)
  } finally {
    parser.destroy()
  }
  if (first) throw headerFault()
}

function unreadable(cause?: CsvError): GatewayError {
  return new GatewayError('invalid-report', 'report', '文件不是可读的CSV，或某一行过长', {}, cause)
}

function headerFault(): GatewayError {
  return new GatewayError('invalid-report', 'report', `文件首行须为 ${STAY_FILE_HEADER}`)
}

/** Checks a single row. */
function readRow(record: readonly string[], line: number, isKnownArea: (code: string) => boolean): ReadRow {
  if (record.length !== COLUMNS) return { line, reason: `应有${COLUMNS}列，实有${record.length}列` }
  const fields = record.map(unquote) as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  const [stay, person, insuredArea, treatmentArea, institution, admitted, discharged, event, at] = fields
  const reason =
    textFault('stay', stay) ??
    textFault('person', person) ??
    areaFault('insured_area', insuredArea, isKnownArea) ??
    areaFault('treatment_area', treatmentArea, isKnownArea) ??
    textFault('institution', institution) ??
    dayFault('admitted', admitted) ??
    dayFault('discharged', discharged) ??
    (STAY_EVENTS.includes(event as StayEventKind) ? null : 'event须为D、R、U、M之一') ??
    dayFault('at', at) ??
    (discharged < admitted ? '出院日期早于入院日期' : null) ??
    (at < admitted ? '事件日期早于入院日期' : null)
  if (reason !== null) return { line, reason }
  return {
    line,
    stay,
    person,
    institution,
    event,
    at,
    admitted,
    discharged,
    insuredArea,
    treatmentArea,
  } as StayRow
}

function unquote(field: string): string {
  const text = field.trim()
  return /^".*"$/.test(text) ? text.slice(1, -1).replaceAll('""', '"').trim() : text
}

function textFault(column: string, text: string): string | null {
  if (text === '') return `${column}为空`
  return text.length > TEXT_MAX ? `${column}超过${TEXT_MAX}个字符` : null
}

function areaFault(column: string, code: string, isKnownArea: (code: string) => boolean): string | null {
  if (!hasAreaShape(code)) return `${column}不是六位医保区划代码`
  return isKnownArea(code) ? null : `${column}医保区划不存在`
}

function dayFault(column: string, text: string): string | null {
  try {
    parseDay(text)
    return null
  } catch {
    return `${column}不是日期（YYYY-MM-DD）`
  }
}
