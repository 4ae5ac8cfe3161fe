/** What a row says of the bill of who has paid all: its visit, whether it is taken back, where a remark may stand. */
import type { SelfPaidForm } from '../../../src/extension/catalogue-rows.ts'
import { ClaimDocument, type Json } from '../../../src/extension/claim-document.ts'
import type { Message, Operation, Subject } from '../../../src/extension/dialect.ts'
import { isRow, keyIn, nodeAt, type Row, rowsIn, textIn } from './places.ts'

/** The node and the field of a place. */
function cutAt(place: string): readonly [node: string, field: string] {
  const cut = place.lastIndexOf('.')
  return [place.slice(0, Math.max(0, cut)), place.slice(cut + 1)]
}

function textAt(input: Row, place: string): string {
  const [at, field] = cutAt(place)
  const [row] = rowsIn(nodeAt(input, at))
  return row ? textIn(row, field).trim() : ''
}

/** Reads the bill; nothing where it names no visit. */
export function selfPaidIn({ visit, mark, back }: SelfPaidForm, input: Row): Pick<Subject, 'selfPaid'> {
  const named = textAt(input, visit)
  return named === '' ? {} : { selfPaid: { visit: named, isBack: back.includes(textAt(input, mark)) } }
}

/** Puts a remark at the place of the row, where the sender has written nothing there. */
export function remarkedAt({ memo }: SelfPaidForm): NonNullable<Operation['remarked']> {
  const [at, field] = cutAt(memo)
  return (message: Message, remark: string) => {
    const json = message.document.json()
    const input = json.input as Row
    const [row] = rowsIn(input[at])
    if (!row || textIn(row, field) !== '') return message
    const key = keyIn(row, field) ?? field
    const noted = { ...row, [key]: remark }
    const node = isRow(input[at]) ? noted : [noted, ...rowsIn(input[at]).slice(1)]
    return {
      ...message,
      document: ClaimDocument.ofJson({ ...json, input: { ...input, [at]: node } as Json }),
    }
  }
}
