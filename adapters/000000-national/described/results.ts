/**
 * The second level of a result: `infcode` 0 says only that a message was taken, and a field of the output says whether it was
 * done, for the message or for single rows. Which field, where and in which province are rows of the catalogue.
 */
import { withoutIdentity } from '../../../src/domain/masking.ts'
import type { Catalogue } from '../../../src/extension/catalogue.ts'
import type { ResultForm } from '../../../src/extension/catalogue-rows.ts'
import type { Message } from '../../../src/extension/dialect.ts'
import type { RefusedRow, RefusedRows } from '../../../src/extension/reply.ts'
import { textOf } from '../claim.ts'
import { NO_TEXT } from '../refusals.ts'
import { isRow, type Row, rowsIn } from './places.ts'

/** What an output says beside its yes: nothing, that it was refused, that it has not ended, that only one leg was done, or which rows were refused. */
export type SecondLevel =
  | { readonly says: 'yes' | 'half' | 'pending' }
  | { readonly says: 'no'; readonly text: string; readonly final?: true }
  | { readonly says: 'rows'; readonly refused: RefusedRows }

/** Longest sentence of one row that is taken from a platform. */
const TEXT_MAX = 200

/** Rows whose sentences one refusal repeats. */
const TOLD_MAX = 5

function sentenceOf(row: Row, { text, field, words }: ResultForm): string {
  const said = withoutIdentity(text ? textOf(row, text) : '').slice(0, TEXT_MAX)
  return said || (words?.[textOf(row, field)] ?? NO_TEXT)
}

const says = (row: Row, field: string, values: readonly string[] = []) => values.includes(textOf(row, field))

/** Forms in which a province answers; of a province that none names, all of them. */
function formsAt(forms: readonly ResultForm[], province: string): readonly ResultForm[] {
  const own = forms.filter(({ places }) => !places || places.includes(province))
  return own.length > 0 ? own : forms
}

/** The rows that an answer refuses, each by its place in the request where that can be told. */
function refusedRows(form: ResultForm, output: Row, sent: readonly Row[]): RefusedRow[] {
  const { rows = '', field, no, listed } = form
  return rowsIn(output[rows]).flatMap((row, index) => {
    // Where only refused rows are listed, one without a mark is one of them.
    const isNo = says(row, field, no) || (listed === 'refused' && textOf(row, field) === '')
    if (!isNo) return []
    const place = listed === 'refused' ? placeOf(form, sent, row) : index
    return [{ row: place >= 0 && place < sent.length ? place : null, text: sentenceOf(row, form) }]
  })
}

/** The only row of the request that a refused one can be; −1 where several can, since one batch may be sold to many in one list. */
function placeOf({ key = [] }: ResultForm, sent: readonly Row[], row: Row): number {
  const [place = -1, ...more] = sent.flatMap((one, index) => (isSame(one, row, key) ? [index] : []))
  return more.length > 0 ? -1 : place
}

function isSame(sent: Row, row: Row, key: readonly string[]): boolean {
  return key.length > 0 && key.every((name) => textOf(sent, name) === textOf(row, name))
}

/** What an output says on its second level. */
export function secondLevel(
  catalogue: Catalogue,
  forms: readonly ResultForm[],
  { treatmentArea, document }: Pick<Message, 'treatmentArea' | 'document'>,
  output: unknown,
): SecondLevel {
  if (!isRow(output)) return { says: forms.some(({ yes }) => yes) ? 'pending' : 'yes' }
  for (const form of formsAt(forms, catalogue.provinceOf(treatmentArea))) {
    if (form.rows === undefined) {
      const node = output[form.at ?? '']
      if (!isRow(node)) {
        // What must say yes and says nothing has not ended.
        if (form.yes) return { says: 'pending' }
        continue
      }
      if (says(node, form.field, form.no))
        return { says: 'no', text: sentenceOf(node, form), ...(form.final && { final: true }) }
      if (says(node, form.field, form.half)) return { says: 'half' }
      if (form.yes && !says(node, form.field, form.yes)) return { says: 'pending' }
      continue
    }
    if (rowsIn(output[form.rows]).length === 0) continue
    const sent = rowsIn((document.json().input as Row)[form.of ?? ''])
    const refused = refusedRows(form, output, sent)
    if (refused.length > 0 && refused.length >= sent.length) return { says: 'no', text: allRefused(refused) }
    if (refused.length > 0) return { says: 'rows', refused: { sent: sent.length, rows: refused } }
  }
  return { says: 'yes' }
}

function allRefused(refused: readonly RefusedRow[]): string {
  const told = refused.slice(0, TOLD_MAX).map(({ row, text }, index) => `第${(row ?? index) + 1}行：${text}`)
  return `全部${refused.length}行均未受理。${told.join('；')}`
}
