/** Fee lines and diagnoses of the national interface: reading the given codes and putting the national ones in place. */
import { trimmed } from '../../src/domain/blank.ts'
import { type ClaimLine, markedCode } from '../../src/domain/claim.ts'
import { type Day, parseDay } from '../../src/domain/day.ts'
import { type Fen, PRICE, QUANTITY, YUAN } from '../../src/domain/money.ts'
import {
  type Diagnosis,
  MAIN_DIAGNOSIS,
  type NationalCodes,
  type Subject,
  type Systems,
} from '../../src/extension/dialect.ts'
import type { Rows } from '../../src/extension/rows.ts'

type Row = Readonly<Record<string, unknown>>

/** A value as text, empty where it is not there. */
function asText(value: unknown): string {
  return value === undefined || value === null ? '' : String(value)
}

/**
 * A text field without the blanks around it, empty where it is not there. Requests have none by now; an answer's ids come as
 * the platform's columns hold them, and are compared with what hospitals name later.
 */
export function textOf(row: Row | undefined, field: string): string {
  return trimmed(asText(row?.[field]))
}

/** A text field, undefined where it is not there or empty. */
export function givenText(row: Row | undefined, field: string): string | undefined {
  return textOf(row, field) || undefined
}

/** A field of the first row, undefined where it is not there or empty. */
export function firstText(rows: Rows, field: string): string | undefined {
  return (rows.length > 0 && asText(rows.column(field)(0))) || undefined
}

/** The day of a day or time field. @throws {RangeError} naming the field */
export function dayOfField(row: Row | undefined, field: string): Day {
  return dayIn(textOf(row, field), field)
}

function dayIn(text: string, field: string): Day {
  try {
    return parseDay(text.slice(0, 10))
  } catch {
    throw new RangeError(`${field}不是有效日期`)
  }
}

/**
 * Reads the fee lines `feedetail`. A filled `med_list_codg` is the national code; an empty one leaves the hospital's
 * own code `medins_list_codg`, in the hospital's system.
 */
export function linesOf(rows: Rows, systems: Systems): readonly ClaimLine[] {
  const texts = (field: string) => {
    const values = rows.column(field)
    return (row: number) => asText(values(row))
  }
  const [serials, times, nationals] = LINE_FIELDS.map(texts) as Texts[]
  const locals = rows.codes(LOCAL, systems.item)
  const originals = texts(ORIGINAL)
  const [prices, quantities] = [rows.decimals('pric', PRICE), rows.decimals('cnt', QUANTITY)]
  const amounts = rows.decimals(AMOUNT, YUAN)
  // The lines of a bill are mostly of one moment.
  let last = { time: '', day: '' as Day }
  const lines = new Array<ClaimLine>(rows.length)
  for (let row = 0; row < rows.length; row += 1) {
    const serial = serials!(row)
    const time = times!(row)
    if (time !== last.time || time === '') last = { time, day: dayIn(time, TIME) }
    const national = nationals!(row)
    const amount = amounts(row)
    if (Number.isNaN(amount)) throw new RangeError(`明细${serial}的${AMOUNT}须为最多两位小数的金额`)
    const line: ClaimLine = {
      serial,
      day: last.day,
      item: national ? { system: 'national', code: national } : locals(row),
      price: prices(row),
      quantity: quantities(row),
      amount: amount as Fen,
    }
    const original = originals(row)
    lines[row] = original ? { ...line, original } : line
  }
  return lines
}

type Texts = (row: number) => string

const TIME = 'fee_ocur_time'
const LINE_FIELDS = ['feedetl_sn', TIME, 'med_list_codg'] as const
const LOCAL = 'medins_list_codg'
const AMOUNT = 'det_item_fee_sumamt'
const ORIGINAL = 'init_feedetl_sn'

/** What `linesOf` reads. */
export const LINES_READ = [...LINE_FIELDS, LOCAL, 'pric', 'cnt', AMOUNT, ORIGINAL].map(
  (field) => `feedetail[].${field}`,
)

/** Puts national item codes into the lines. */
export function placeLines(
  input: Readonly<Record<string, unknown>>,
  codes: NationalCodes,
): Record<string, unknown> {
  if (!Array.isArray(input.feedetail)) return input
  const feedetail = (input.feedetail as Row[]).map((row, place) => {
    const national = codes.lines[place]
    return national ? { ...row, med_list_codg: national } : row
  })
  return { ...input, feedetail }
}

/** Chinese-medicine diagnoses (`diag_type` 2 and 3) carry codes of another table than western ones. */
function isWestern(row: Row): boolean {
  return !['2', '3'].includes(textOf(row, 'diag_type'))
}

/** The code of a Chinese-medicine diagnosis without a mark; empty where the row holds a western one. */
export function tcmCodeOf(row: Row): string {
  return isWestern(row) ? '' : markedCode('', textOf(row, 'diag_code')).code
}

/** A row whose mark of validity `vali_flag` says that it no longer counts. [F] */
function isWithdrawn(row: Row): boolean {
  return textOf(row, 'vali_flag') === '0'
}

/** Reads the western diagnoses `diseinfo`. */
export function diagnosesOf(
  input: Readonly<Record<string, unknown>>,
  systems: Systems,
): readonly Diagnosis[] {
  return (input.diseinfo as Row[]).flatMap((row, index) =>
    isWestern(row)
      ? [
          {
            index,
            field: `diseinfo[${index}] diag_code`,
            day: dayOfField(row, 'diag_time'),
            given: {
              ...markedCode(systems.diagnosis, textOf(row, 'diag_code')),
              name: textOf(row, 'diag_name'),
            },
            ...(isWithdrawn(row) && { withdrawn: true }),
          },
        ]
      : [],
  )
}

/**
 * Puts national diagnosis codes in place. Where one local code becomes several together, the further ones follow as rows
 * of their own, numbered on after the last, never as the main diagnosis.
 */
export function placeDiagnoses(
  input: Readonly<Record<string, unknown>>,
  codes: NationalCodes,
): Record<string, unknown> {
  const given = input.diseinfo as Row[]
  const further: Row[] = []
  const diseinfo = given.map((row, index) => {
    const national = codes.diagnoses.get(index)
    if (!national) return unmarked(row)
    for (const also of national.also) {
      const main = 'maindiag_flag' in row ? { maindiag_flag: '0' } : {}
      const diag_srt_no = given.length + further.length + 1
      further.push({ ...row, ...main, diag_code: also.code, diag_name: also.name, diag_srt_no })
    }
    return { ...row, diag_code: national.code, diag_name: national.name }
  })
  return { ...input, diseinfo: [...diseinfo, ...further] }
}

/** A row of another table than the western one, which is not translated: a mark is not for the platform. */
function unmarked(row: Row): Row {
  const given = textOf(row, 'diag_code')
  const { code } = markedCode('', given)
  return code === given ? row : { ...row, diag_code: code }
}

/** The main diagnosis that an admission names again in its head; none where the field is empty. */
export function mainDiagnosisOf(node: Row, day: Day, systems: Systems): readonly Diagnosis[] {
  const code = textOf(node, 'dscg_maindiag_code')
  if (!code) return []
  const given = { ...markedCode(systems.diagnosis, code), name: textOf(node, 'dscg_maindiag_name') }
  return [{ index: MAIN_DIAGNOSIS, field: 'dscg_maindiag_code', day, given }]
}

/** Puts the national codes into an admission: its rows, and the main diagnosis in its head. */
export function placeAdmission(head: 'mdtrtinfo' | 'adminfo') {
  return (input: Readonly<Record<string, unknown>>, codes: NationalCodes): Record<string, unknown> => {
    const placed = placeDiagnoses(input, codes)
    const main = codes.diagnoses.get(MAIN_DIAGNOSIS)
    if (!main) return placed
    const named = { dscg_maindiag_code: main.code, dscg_maindiag_name: main.name }
    return { ...placed, [head]: { ...(input[head] as Row), ...named } }
  }
}

/** The diagnosis of a referral, which has one and no rows. */
export function referralDiagnosisOf(node: Row, day: Day, systems: Systems): readonly Diagnosis[] {
  const given = {
    ...markedCode(systems.diagnosis, textOf(node, 'diag_code')),
    name: textOf(node, 'diag_name'),
  }
  return [{ index: MAIN_DIAGNOSIS, field: 'diag_code', day, given }]
}

/** Puts the national code into a referral. Of several together it holds the first: there is room for one. */
export function placeReferral(
  input: Readonly<Record<string, unknown>>,
  codes: NationalCodes,
): Record<string, unknown> {
  const main = codes.diagnoses.get(MAIN_DIAGNOSIS)
  if (!main) return input
  return { ...input, refmedin: { ...(input.refmedin as Row), diag_code: main.code, diag_name: main.name } }
}

/** The kind of document behind a credential of type `02`: the citizen identity card. */
const IDENTITY_CARD = '01'

/** What `documentsOf` reads of its node. */
export const DOCUMENTS_READ = ['mdtrt_cert_type', 'mdtrt_cert_no', 'certno', 'psn_cert_type']

/** The identity documents of a node: the identity card as the credential, and the document beside it (`certno`). */
export function documentsOf(node: Row): NonNullable<Subject['documents']> {
  const shown = textOf(node, 'mdtrt_cert_type') === '02' ? textOf(node, 'mdtrt_cert_no') : ''
  const beside = textOf(node, 'certno')
  return [
    ...(shown ? [{ kind: IDENTITY_CARD, number: shown, field: 'mdtrt_cert_no' }] : []),
    ...(beside
      ? [{ kind: textOf(node, 'psn_cert_type') || IDENTITY_CARD, number: beside, field: 'certno' }]
      : []),
  ]
}
