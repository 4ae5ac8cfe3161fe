/**
 * Where a message of the national interface carries codes. Which field holds a code of which standard is the table here; a
 * field is looked for in every node of an input, as `named.ts` does. An operation names further ones (`Operation.codes`).
 */
import { type ClaimCode, type ClaimLine, markedCode, NATIONAL_SYSTEM } from '../../src/domain/claim.ts'
import type { Day } from '../../src/domain/day.ts'
import { knownLane } from '../../src/domain/lane.ts'
import type { Message, Operation, Subject, Systems } from '../../src/extension/dialect.ts'
import { type Rows, rowsOf } from '../../src/extension/rows.ts'
import { dayOfField, isLineNode, textOf } from './claim.ts'
import { fieldsOf, nodesOf } from './named.ts'

type Row = Readonly<Record<string, unknown>>

/** What a field holds. */
interface CodeField extends Pick<ClaimCode, 'standard' | 'others' | 'refuses' | 'several'> {
  /** The field beside it that holds the name of the code. */
  readonly nameField?: string
  /** Listed only where the institution has a map: what hospitals send today is not judged. */
  readonly onlyMapped?: true
}

/** A code of a message, and all that is needed to put another one in its place. */
export interface PlacedCode extends ClaimCode {
  readonly node: string
  /** Rows that say the same; null for all rows of the node, or where it has none. */
  readonly rows: readonly number[] | null
  readonly nameField?: string
}

const PHYSICIAN: CodeField = { standard: 'physician' }
const DEPARTMENT: CodeField = { standard: 'department', onlyMapped: true }
const INSTITUTION: CodeField = { standard: 'institution', others: ['pharmacy'], onlyMapped: true }
const ILLNESS = { standard: 'diagnosis', refuses: 'E502' } as const

/** Which disease list `dise_codg` (病种编码) is of is said by the medical category alone. [F] */
const DISEASE: CodeField = { standard: 'chronic-disease', others: ['by-disease-settlement', 'day-surgery'] }
const CHRONIC: CodeField = { standard: 'chronic-disease' }
const TCM: CodeField = { standard: 'tcm' }

/**
 * Field → what it holds; `diag_dept` holds a name. Source: `fields` of the codebooks, text of the interface [F]. A department is the hospital's own
 * registration with the platform, and a physician may be known by a local id until a place is standardised [F]: neither is
 * asked to be national. No transaction offered here carries a ward, a pharmacist or a morphology.
 */
const FIELDS: Readonly<Record<string, CodeField>> = {
  dscg_maindiag_code: { ...ILLNESS, nameField: 'dscg_maindiag_name', several: 'first' },
  oprn_oprt_code: { standard: 'procedure', nameField: 'oprn_oprt_name' },
  dise_codg: { ...DISEASE, nameField: 'dise_name' },
  opsp_dise_code: CHRONIC,
  bydise_setl_list_code: { standard: 'by-disease-settlement' },
  daysrg_dise_list_code: { standard: 'day-surgery' },
  atddr_no: PHYSICIAN,
  chfpdr_code: PHYSICIAN,
  dise_dor_no: PHYSICIAN,
  bilg_dr_codg: PHYSICIAN,
  orders_dr_code: PHYSICIAN,
  oper_dr_code: PHYSICIAN,
  anst_dr_code: PHYSICIAN,
  resp_nurs_code: { standard: 'nurse' },
  caty: DEPARTMENT,
  dept_code: DEPARTMENT,
  adm_dept_codg: DEPARTMENT,
  dscg_dept_codg: DEPARTMENT,
  bilg_dept_codg: DEPARTMENT,
  acord_dept_codg: DEPARTMENT,
  reflin_medins_no: INSTITUTION,
  etip_hosp_code: INSTITUTION,
}

/** What is judged in fee lines, which are hundreds: each field costs a look per line. */
const LINE_FIELDS = ['dise_codg']
/** What is listed of fee lines where the institution has a map for it. */
const MAPPED_LINE_FIELDS = [
  'bilg_dr_codg',
  'orders_dr_code',
  'bilg_dept_codg',
  'acord_dept_codg',
  'etip_hosp_code',
]

const DIAGNOSES = 'diseinfo'
/** The one diagnosis of a referral, which has no rows. */
const REFERRAL = 'refmedin'

/** A place that holds a code. */
interface CodePlace extends CodeField {
  readonly field: string
}

/** The codes that a node may hold. */
interface CodeNode {
  readonly name: string
  readonly isRows: boolean
  readonly places: readonly CodePlace[]
}

const nodes = new WeakMap<Operation, readonly CodeNode[]>()

/** What the nodes of an operation may hold; made once. */
function codeNodesOf(operation: Operation): readonly CodeNode[] {
  const known = nodes.get(operation)
  if (known) return known
  const made = nodesOf(operation).map(({ name, isRows }) => {
    const named = fieldsOf(operation, name)
    const own = Object.entries(operation.codes ?? {}).flatMap(([path, standard]) => {
      const [node, field = ''] = path.replace('[]', '').split('.')
      return node === name ? [{ field, standard }] : []
    })
    const places = isLineNode(name) ? linePlaces() : headPlaces(named)
    const illness = { ...ILLNESS, field: 'diag_code', nameField: 'diag_name', several: 'first' } as const
    return { name, isRows, places: [...places, ...(name === REFERRAL ? [illness] : []), ...own] }
  })
  nodes.set(operation, made)
  return made
}

/** A field that is translated only is looked for where the text names it. */
const headPlaces = (named: ReadonlySet<string>): CodePlace[] =>
  Object.entries(FIELDS)
    .filter(([field, { onlyMapped }]) => !onlyMapped || named.has(field))
    .map(([field, held]) => ({ field, ...held }))

const linePlaces = (): CodePlace[] => [
  ...LINE_FIELDS.map((field) => ({ ...DISEASE, field })),
  ...MAPPED_LINE_FIELDS.map((field) => ({ ...FIELDS[field]!, field, onlyMapped: true as const })),
]

/** The category of a head is judged with the head. */
const CATEGORY = 'med_type'

/** The places that `codesIn` and `categoriesIn` read of an input: `data.atddr_no`, `feedetail[].dise_codg`. */
export function codesRead(operation: Operation): string[] {
  return codeNodesOf(operation).flatMap(({ name, isRows, places }) =>
    [...places.map(({ field }) => field), ...(isLineNode(name) ? [CATEGORY] : [])].map(
      (field) => `${name}${isRows ? '[]' : ''}.${field}`,
    ),
  )
}

/** Medical categories of fee lines, each once. */
export function categoriesIn(input: Readonly<Record<string, unknown>>): NonNullable<Message['categories']> {
  const node = Object.keys(input).find(isLineNode)
  const rows = node ? rowsOf(input[node]) : null
  if (!rows) return NONE
  return sayings(rows, CATEGORY).map(({ first, text }) => ({
    field: `${node}[${first}].${CATEGORY}`,
    category: text,
  }))
}

const NONE: readonly never[] = []

/** What is known of the message. */
interface About {
  readonly systems: Systems
  readonly day: Day | null
  readonly category: string | undefined
}

/**
 * The codes of an input: those of its lines, its diagnoses, then all others, each once where several rows say it alike.
 *
 * @param input a checked one; its rows may be bytes still
 */
export function codesIn(
  operation: Operation,
  input: Readonly<Record<string, unknown>>,
  { day, lines = NONE, category }: Pick<Subject, 'day' | 'lines' | 'category'>,
  systems: Systems,
): readonly ClaimCode[] {
  const about: About = { systems, day: day ?? lines[0]?.day ?? null, category }
  const [inRowsOf, heads, others]: PlacedCode[][] = [[], [], []]
  for (const node of codeNodesOf(operation)) {
    const rows = rowsOf(input[node.name])
    const head = rows ? undefined : (input[node.name] as Row | undefined)
    if (head) {
      for (const place of node.places) {
        const text = textOf(head, place.field)
        if (text === '' || !isAsked(place, systems)) continue
        const name = place.nameField ? textOf(head, place.nameField) : ''
        const code = codeOf(about, place, text, { node: node.name, at: node.name, rows: null, name })
        ;(code.refuses ? heads! : others!).push(code)
      }
    } else if (rows && node.name === DIAGNOSES) {
      inDiagnoses(about, input[DIAGNOSES] as readonly Row[], node, inRowsOf!, others!)
    } else if (rows) inRows(about, rows, node, others!)
  }
  const further = inRowsOf!.length + heads!.length + others!.length
  return further === 0 ? lines : [...(lines as readonly ClaimLine[]), ...inRowsOf!, ...heads!, ...others!]
}

/** Whether a code of a field is listed at all. */
function isAsked({ standard, others = NONE, onlyMapped }: CodeField, systems: Systems): boolean {
  const isMapped = (one: string) => (systems[one] ?? NATIONAL_SYSTEM) !== NATIONAL_SYSTEM
  return !onlyMapped || isMapped(standard) || others.some(isMapped)
}

/** Where a code stands, with the name beside it. */
interface Standing extends Pick<PlacedCode, 'node' | 'at' | 'rows'> {
  readonly name: string
}

function codeOf(
  { systems, day, category }: About,
  { field, nameField, onlyMapped: _, ...held }: CodePlace,
  text: string,
  { node, at, rows, name }: Standing,
): PlacedCode {
  const isChronic = field === 'dise_codg' && category !== undefined && knownLane(category) === 'chronic'
  const { standard, others = NONE, refuses, several } = isChronic ? CHRONIC : held
  const system = [standard, ...others].map((one) => systems[one]).find((one) => one !== undefined)
  const given = markedCode(system ?? NATIONAL_SYSTEM, text)
  return {
    ...{ standard, field, day, node, rows },
    // A main diagnosis in a head is known by its field alone.
    at: refuses && rows === null ? field : at,
    given: name === '' && !refuses ? given : { ...given, name },
    ...(others.length > 0 && { others }),
    ...(refuses && { refuses }),
    ...(several && { several }),
    ...(nameField && { nameField }),
    ...(given.code !== text && { marked: true }),
  }
}

/** Chinese-medicine diagnoses (`diag_type` 2 and 3) carry codes of another table than western ones. */
const isWestern = (row: Row) => !['2', '3'].includes(textOf(row, 'diag_type'))

/** A row whose mark of validity `vali_flag` says that it no longer counts. [F] */
const isWithdrawn = (row: Row) => textOf(row, 'vali_flag') === '0'

const ROW_ILLNESS: CodePlace = { ...ILLNESS, field: 'diag_code', nameField: 'diag_name', several: 'rows' }
const ROW_TCM: CodePlace = { ...TCM, field: 'diag_code', nameField: 'diag_name' }

function inDiagnoses(
  about: About,
  rows: readonly Row[],
  { places }: CodeNode,
  illnesses: PlacedCode[],
  others: PlacedCode[],
): void {
  const seen = new Map<string, PlacedCode>()
  for (const [index, row] of rows.entries()) {
    const withdrawn = isWithdrawn(row)
    const take = (place: CodePlace, own: About, once: boolean) => {
      const text = textOf(row, place.field)
      if (text === '' || !isAsked(place, own.systems)) return
      const key = `${place.field} ${withdrawn} ${text}`
      const alike = once ? seen.get(key) : undefined
      if (alike) return void (alike.rows as number[]).push(index)
      const name = place.nameField ? textOf(row, place.nameField) : ''
      const at = `${DIAGNOSES}[${index}]`
      const code = codeOf(own, place, text, { node: DIAGNOSES, at, rows: [index], name })
      const listed = withdrawn ? { ...code, withdrawn } : code
      if (once) seen.set(key, listed)
      ;(once ? others : illnesses).push(listed)
    }
    if (isWestern(row)) take(ROW_ILLNESS, { ...about, day: dayOfField(row, 'diag_time') }, false)
    else take(ROW_TCM, about, true)
    if (!withdrawn) for (const place of places) take(place, about, true)
  }
}

function inRows(about: About, rows: Rows, { name, places }: CodeNode, others: PlacedCode[]): void {
  for (const place of places) {
    if (!isAsked(place, about.systems)) continue
    for (const { first, text, rows: alike } of sayings(rows, place.field)) {
      others.push(codeOf(about, place, text, { node: name, at: `${name}[${first}]`, rows: alike, name: '' }))
    }
  }
}

/** What the rows say in a field, each text once; `rows` null if all say it. */
function sayings(rows: Rows, field: string) {
  if (rows.length === 0) return NONE
  const values = rows.column(field)
  const textIn = (row: number) => String(values(row) ?? '')
  const first = textIn(0)
  const other = rows.firstOther(field)
  if (other < 0) return first === '' ? NONE : [{ first: 0, text: first, rows: null }]
  const said = new Map<string, number[]>()
  for (let row = 0; row < rows.length; row += 1) {
    const text = textIn(row)
    const known = said.get(text)
    if (known) known.push(row)
    else said.set(text, [row])
  }
  said.delete('')
  return [...said].map(([text, alike]) => ({ first: alike[0]!, text, rows: alike }))
}
