/**
 * How the outcome of a list is found: each of its rows is looked for by itself, and what is found is put together as the answer
 * that was lost would have told it. A single row is a list of one.
 */
import type { Catalogue } from '../../../src/extension/catalogue.ts'
import type { CatalogueHead, ResultForm } from '../../../src/extension/catalogue-rows.ts'
import type { Message } from '../../../src/extension/dialect.ts'
import type { ListEvidence, Question, ShownRow } from '../../../src/extension/evidence.ts'
import type { FoundBy } from '../../../src/extension/found-by.ts'
import { questionOf } from './found.ts'
import { heldAt, isRow, type Row, rowsIn } from './places.ts'

/** What a row that does not stand is told. */
const NOT_THERE = '平台查无此行，未受理'

/** A question that names the node whose rows are looked for. */
type EachBy = FoundBy & { readonly each: string }

/** Whether a question looks for rows. */
export function isOfRows(by: FoundBy): by is EachBy {
  return by.each !== undefined
}

const sentRows = ({ document }: Message, each: string) => rowsIn((document.json().input as Row)[each])

/** The questions of one row: those that it is asked by. */
function questionsOf(message: Message, found: readonly EachBy[], row: Row): Question[] {
  const input = { ...(message.document.json().input as Row), [found[0]!.each]: row }
  const holds = (place: string | undefined) => place !== undefined && heldAt(message, place, input) !== ''
  return found
    .filter((by) => (by.if === undefined || holds(by.if)) && !holds(by.unless))
    .map((by) => questionOf(by, () => input))
}

/** What a row of an answer says again of the row that was sent: its fields, not its nodes. */
function said(sent: Row, { field, text = 'msgRslt' }: ResultForm, shown: ShownRow): Row {
  const fields = Object.entries(sent).filter(([, value]) => !isRow(value) && !Array.isArray(value))
  return {
    ...Object.fromEntries(fields),
    ...shown,
    [field]: shown ? '1' : '0',
    [text]: shown ? '' : NOT_THERE,
  }
}

/** The answer of a list. @param forms those of the place first */
function answerOf(forms: readonly ResultForm[], sent: readonly Row[], shown: readonly ShownRow[]) {
  const missing = shown.flatMap((row, index) => (row ? [] : [index]))
  const [own] = forms
  if (missing.length === 0 && own?.rows === undefined)
    return { output: own?.at ? { [own.at]: { [own.field]: '1', [own.text ?? 'msgRslt']: '' } } : {} }
  // Where a place tells one result of the message, no answer of its own says that half of it stands.
  const form = own?.rows === undefined ? forms.find(({ rows }) => rows !== undefined) : own
  if (!form) return 'unclear'
  const told = sent.map((row, index) => said(row, form, shown[index] ?? null))
  const listed = form.listed === 'refused' ? missing.map((index) => told[index]!) : told
  const output = { [form.rows!]: listed }
  if (missing.length === 0) return { output }
  const rows = missing.map((row) => ({ row, text: NOT_THERE }))
  return { output, refused: { sent: sent.length, rows } }
}

/** Makes the evidence of a transaction whose rows are looked for. */
export function listEvidence(
  catalogue: Catalogue,
  { results = [] }: CatalogueHead,
  found: readonly EachBy[],
): ListEvidence {
  const { each } = found[0]!
  return {
    rows: (message) => sentRows(message, each).map((row) => questionsOf(message, found, row)),
    answer(message, shown) {
      const province = catalogue.provinceOf(message.treatmentArea)
      const own = results.filter(({ places }) => !places || places.includes(province))
      // A place that no form names is told rows where there are some.
      const byRow = results.filter(({ rows }) => rows !== undefined)
      return answerOf([...own, ...byRow, ...results], sentRows(message, each), shown)
    },
  }
}
