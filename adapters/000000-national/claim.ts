/** Fee lines of the national interface, and what of its fields other readings share. */
import { trimmed } from '../../src/domain/blank.ts'
import { type ClaimLine, type GivenCode, NATIONAL_SYSTEM } from '../../src/domain/claim.ts'
import { type Day, parseDay } from '../../src/domain/day.ts'
import { type Fen, PRICE, QUANTITY, YUAN } from '../../src/domain/money.ts'
import type { Subject, Systems } from '../../src/extension/dialect.ts'
import type { Rows } from '../../src/extension/rows.ts'

type Row = Readonly<Record<string, unknown>>

/** A value as text, empty if it is not there. */
function asText(value: unknown): string {
  return value === undefined || value === null ? '' : String(value)
}

/**
 * A text field without the blanks around it, empty if it is not there. Requests have none by now; an answer's ids come as
 * the platform's columns hold them, and are compared with what hospitals name later.
 */
export function textOf(row: Row | undefined, field: string): string {
  return trimmed(asText(row?.[field]))
}

/** A text field, undefined if it is not there or empty. */
export function givenText(row: Row | undefined, field: string): string | undefined {
  return textOf(row, field) || undefined
}

/** A field of the first row, undefined if it is not there or empty. */
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
 * Reads fee lines: `feedetail`, or `drugdetail` of a pharmacy. A filled `med_list_codg` is the national code; an empty one leaves the hospital's
 * own code `medins_list_codg`, in the hospital's system.
 */
export function linesOf(rows: Rows, systems: Systems): readonly ClaimLine[] {
  const texts = (field: string) => {
    const values = rows.column(field)
    return (row: number) => asText(values(row))
  }
  const [serials, times, nationals] = LINE_FIELDS.map(texts) as Texts[]
  const locals = rows.codes(LOCAL, systems[ITEM] ?? NATIONAL_SYSTEM)
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
    const given = national ? { system: NATIONAL_SYSTEM, code: national } : locals(row)
    const line = new FeeLine(serial, last.day, given, prices(row), quantities(row), amount as Fen)
    const original = originals(row)
    if (original) line.original = original
    lines[row] = line
  }
  return lines
}

type Texts = (row: number) => string

/** The field of a fee line that holds its national code. */
export const LINE_CODE = 'med_list_codg'

/** Stands for whichever standard a fee line may carry: service, drug, consumable. */
const ITEM = 'item'

/** A fee line. What all lines have in common stands in the class, and none is made twice: a bill has hundreds. */
export class FeeLine implements ClaimLine {
  declare readonly at: string
  declare readonly day: Day
  declare readonly given: GivenCode
  declare readonly price: number
  declare readonly quantity: number
  declare readonly amount: Fen
  declare original?: string

  constructor(at: string, day: Day, given: GivenCode, price: number, quantity: number, amount: Fen) {
    this.at = at
    this.day = day
    this.given = given
    this.price = price
    this.quantity = quantity
    this.amount = amount
  }

  get standard() {
    return ITEM
  }

  get field() {
    return this.given.system === NATIONAL_SYSTEM ? LINE_CODE : LOCAL
  }

  get refuses() {
    return 'E501' as const
  }

  get nationalField() {
    return LINE_CODE
  }
}

const TIME = 'fee_ocur_time'
const LINE_FIELDS = ['feedetl_sn', TIME, LINE_CODE] as const
const LOCAL = 'medins_list_codg'
const AMOUNT = 'det_item_fee_sumamt'
const ORIGINAL = 'init_feedetl_sn'

const LINE_NODES = ['feedetail', 'drugdetail'] as const
/** A node of fee lines: that of hospitals, and that of pharmacies. */
export type LineNode = (typeof LINE_NODES)[number]

/** Whether a node holds fee lines. */
export function isLineNode(name: string): name is LineNode {
  return (LINE_NODES as readonly string[]).includes(name)
}

/** What `linesOf` reads of a node. */
export function linesRead(node: LineNode): string[] {
  return [...LINE_FIELDS, LOCAL, 'pric', 'cnt', AMOUNT, ORIGINAL].map((field) => `${node}[].${field}`)
}

/** What `linesOf` reads of `feedetail`. */
export const LINES_READ = linesRead('feedetail')

type Input = Readonly<Record<string, unknown>>

/** The head of a message, in whichever node its transaction has it; undefined if it has none of these. */
export function headIn(input: Input): Row | undefined {
  return (input.data ?? input.mdtrtinfo ?? input.druginfo) as Row | undefined
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
