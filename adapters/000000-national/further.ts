/**
 * The codes of a message that are judged and not translated: procedures, Chinese-medicine diagnoses, diseases that a benefit
 * goes by, people. Which field holds a code of which standards is the table here; a field is looked for in every node of an
 * input, as `named.ts` does.
 */
import type { Day } from '../../src/domain/day.ts'
import { knownLane } from '../../src/domain/lane.ts'
import type { Operation, Subject } from '../../src/extension/dialect.ts'
import { CATEGORY, type FurtherCode } from '../../src/extension/further.ts'
import { type Rows, rowsOf } from '../../src/extension/rows.ts'
import { tcmCodeOf, textOf } from './claim.ts'
import { nodesOf } from './named.ts'

type Standards = FurtherCode['standards']
type Row = Readonly<Record<string, unknown>>

/** Which disease list `dise_codg` (病种编码) is of is said by the medical category alone. [F] */
const DISEASES: Standards = ['chronic-disease', 'by-disease-settlement', 'day-surgery']
const CHRONIC: Standards = ['chronic-disease']

/** Field → standards of which its code is one. Source: `fields` of the codebooks, text of the interface. [F] */
const FIELDS: Readonly<Record<string, Standards>> = {
  oprn_oprt_code: ['procedure'],
  dise_codg: DISEASES,
  opsp_dise_code: CHRONIC,
  bydise_setl_list_code: ['by-disease-settlement'],
  daysrg_dise_list_code: ['day-surgery'],
  atddr_no: ['physician'],
  chfpdr_code: ['physician'],
  dise_dor_no: ['physician'],
  bilg_dr_codg: ['physician'],
  orders_dr_code: ['physician'],
  oper_dr_code: ['physician'],
  anst_dr_code: ['physician'],
  resp_nurs_code: ['nurse'],
}

/** Fields of fee lines, which are hundreds: these and no others, and no doctors, since each field costs a look per line. The category of a head is judged with the head. */
const LINE_FIELDS: Readonly<Record<string, Standards>> = {
  med_type: [CATEGORY],
  dise_codg: DISEASES,
}
const LINE_FIELD_NAMES = Object.keys(LINE_FIELDS)
const FIELD_NAMES = Object.keys(FIELDS)

/** Rows whose Chinese-medicine codes are of a table that is only judged. */
const DIAGNOSES = 'diseinfo'
const TCM: Standards = ['tcm']

const fieldsOf = (node: string) => (node === 'feedetail' ? LINE_FIELD_NAMES : FIELD_NAMES)

/** The places that `furtherIn` reads of an input: `data.atddr_no`, `feedetail[].dise_codg`. */
export function furtherRead(operation: Operation): string[] {
  return nodesOf(operation).flatMap(({ name, isRows }) =>
    fieldsOf(name).map((field) => `${name}${isRows ? '[]' : ''}.${field}`),
  )
}

/**
 * The further codes of an input. What several rows say alike is listed once, by the first of them.
 *
 * @param input a checked one; its rows may be bytes still
 */
export function furtherIn(
  operation: Operation,
  input: Readonly<Record<string, unknown>>,
  { day, lines, category }: Pick<Subject, 'day' | 'lines' | 'category'>,
): FurtherCode[] {
  const further: FurtherCode[] = []
  const asked: About = { day: day ?? lines?.[0]?.day ?? null, category }
  for (const { name } of nodesOf(operation)) {
    const rows = rowsOf(input[name])
    if (!rows) inHead(further, name, input[name] as Row | undefined, asked)
    else if (name === DIAGNOSES) inDiagnoses(further, input[name] as readonly Row[], asked)
    else inRows(further, name, rows, asked)
  }
  return further
}

/** What is known of the message. */
interface About {
  readonly day: Day | null
  readonly category: string | undefined
}

function standardsOf(field: string, category: string | undefined): Standards {
  const isChronic = field === 'dise_codg' && category !== undefined && knownLane(category) === 'chronic'
  return isChronic ? CHRONIC : (FIELDS[field] ?? LINE_FIELDS[field]!)
}

function inHead(further: FurtherCode[], name: string, node: Row | undefined, { day, category }: About): void {
  for (const field of FIELD_NAMES) {
    const given = textOf(node, field)
    if (given === '') continue
    further.push({ standards: standardsOf(field, category), field: `${name}.${field}`, day, given })
  }
}

/** A row that is withdrawn refuses nothing, and is not judged. */
function inDiagnoses(further: FurtherCode[], rows: readonly Row[], { day, category }: About): void {
  const seen = new Set<string>()
  for (const [index, row] of rows.entries()) {
    if (textOf(row, 'vali_flag') === '0') continue
    const add = (field: string, standards: Standards, given: string) => {
      const key = `${field} ${given}`
      if (given === '' || seen.has(key)) return
      seen.add(key)
      further.push({ standards, field: `${DIAGNOSES}[${index}].${field}`, day, given })
    }
    add('diag_code', TCM, tcmCodeOf(row))
    for (const field of FIELD_NAMES) add(field, standardsOf(field, category), textOf(row, field))
  }
}

function inRows(further: FurtherCode[], name: string, rows: Rows, { day, category }: About): void {
  if (rows.length === 0) return
  for (const field of fieldsOf(name)) {
    const values = rows.column(field)
    const textIn = (row: number) => String(values(row) ?? '')
    const add = (row: number, given: string) => {
      if (given === '') return
      const standards = standardsOf(field, category)
      further.push({ standards, field: `${name}[${row}].${field}`, day, given })
    }
    const first = textIn(0)
    add(0, first)
    const other = rows.firstOther(field)
    if (other < 0) continue
    const seen = new Set([first])
    for (let row = other; row < rows.length; row += 1) {
      const value = textIn(row)
      if (!seen.has(value)) add(row, value)
      seen.add(value)
    }
  }
}
