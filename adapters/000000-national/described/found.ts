/**
 * How the outcome of a transaction is found whose row says by which question: what is asked, where in the answer its rows
 * stand, by which fields ours is known, and what it says of its state. A transaction that is found so needs no program.
 */
import type { FoundBy } from '../../../src/extension/catalogue-rows.ts'
import type { Message } from '../../../src/extension/dialect.ts'
import type { Question } from '../../../src/extension/evidence.ts'
import { spellingOf } from '../../../src/extension/spelling.ts'

type Row = Readonly<Record<string, unknown>>

const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const rowsIn = (value: unknown): readonly Row[] =>
  Array.isArray(value) ? value.filter(isRow) : isRow(value) ? [value] : []

/** A field of a row as text, however its keys are spelt. Empty where it is not there. */
function textIn(row: Row, name: string): string {
  const spelling = spellingOf(name)
  const key = Object.keys(row).find((one) => spellingOf(one) === spelling)
  const value = key === undefined ? undefined : row[key]
  return value === undefined || value === null || typeof value === 'object' ? '' : String(value)
}

/** A node by its place; of a list its first row. The empty place is the input itself. */
function nodeAt(value: unknown, at: string): unknown {
  if (at === '') return value
  return at.split('.').reduce<unknown>((node, name) => rowsIn(node)[0]?.[name], value)
}

/** What a place means: `=text` the text itself; `@id`, `@institution` and `@day` of the message; else a field of its input. */
function heldAt(message: Message, place: string): string {
  if (place.startsWith('=')) return place.slice(1)
  if (place === '@id') return message.id
  if (place === '@institution') return message.institution
  if (place === '@day') return message.subject.day ?? ''
  const cut = place.lastIndexOf('.')
  const node = rowsIn(nodeAt(message.document.json().input, place.slice(0, Math.max(0, cut))))[0]
  return node ? textIn(node, place.slice(cut + 1)) : ''
}

/** Puts values at their places: `data.payOrdId`, or `mdtrt_regno` at the top. */
function placed(values: Iterable<readonly [string, unknown]>): Record<string, unknown> {
  const all: Record<string, unknown> = {}
  for (const [place, value] of values) {
    const names = place.split('.')
    let node = all
    for (const name of names.slice(0, -1)) {
      node[name] ??= {}
      node = node[name] as Record<string, unknown>
    }
    node[names.at(-1)!] = value
  }
  return all
}

const isSame = (message: Message, row: Row, same: Readonly<Record<string, string>>) =>
  Object.entries(same).every(([name, place]) => textIn(row, name) === heldAt(message, place))

/** Makes the question of a row. */
export function questionOf({ ask, with: asks, at, same, state, answer, refused }: FoundBy): Question {
  return {
    ask: (message) => ({
      transaction: ask,
      input: placed(Object.entries(asks).map(([place, from]) => [place, heldAt(message, from)])),
    }),
    found(message, output) {
      const row = rowsIn(nodeAt(output, at)).find((one) => isSame(message, one, same))
      if (!row) return null
      if (state) {
        const said = textIn(row, state.field)
        if (state.undone?.includes(said)) return null
        if (!state.done.includes(said)) return 'unclear'
      }
      return placed(
        Object.entries(answer).map(([place, name]) => [
          place,
          name.startsWith('=') ? name.slice(1) : textIn(row, name),
        ]),
      )
    },
    refused: refused ?? 'unclear',
  }
}
