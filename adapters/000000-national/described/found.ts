/**
 * How the outcome of a transaction is found whose row says by which question: what is asked, where in the answer its rows
 * stand, by which fields ours is known, and what it says of its state. A transaction that is found so needs no program.
 */

import type { Message } from '../../../src/extension/dialect.ts'
import type { Question } from '../../../src/extension/evidence.ts'
import type { FoundBy, FoundState, StateValues } from '../../../src/extension/found-by.ts'
import { heldAt, isOfOrder, means, nodeAt, placed, type Row, rowsIn, textIn } from './places.ts'

/** What a message says that is looked for: its own input, or that of a row alone. */
type InputOf = (message: Message) => unknown

const wholeInput: InputOf = (message) => message.document.json().input

/** Whether a row of an answer is that of the message. */
function isOurs(message: Message, row: Row, input: unknown, { same, beside = {}, below }: FoundBy): boolean {
  const says = (name: string, place: string) => means(textIn(row, name), heldAt(message, place, input))
  return (
    (below === undefined || Number(textIn(row, below)) < 0) &&
    Object.entries(same).every(([name, place]) => says(name, place)) &&
    Object.entries(beside).every(([name, place]) => textIn(row, name) === '' || says(name, place))
  )
}

/** The values of a state that show an outcome of this message. */
function valuesFor(message: Message, state: FoundState): StateValues {
  if (!('by' in state)) return state
  return state.of[heldAt(message, state.by)] ?? { done: [] }
}

/** What the rows that are ours say. */
function stateOf(message: Message, rows: readonly Row[], { state }: FoundBy): Row | 'unclear' | null {
  if (!state) return rows[0] ?? null
  const said = (row: Row) => textIn(row, state.field)
  const { done, undone } = valuesFor(message, state)
  const standing = rows.find((row) => done.includes(said(row)))
  if (standing) return standing
  return rows.every((row) => undone?.includes(said(row))) ? null : 'unclear'
}

function answerOf(row: Row, { answer }: FoundBy): Record<string, unknown> {
  return placed(
    Object.entries(answer).map(([place, name]) => [
      place,
      name.startsWith('=') ? name.slice(1) : textIn(row, name),
    ]),
  )
}

/** Makes the question of a row. @param inputOf what of the message is looked for; absent: all of it */
export function questionOf(by: FoundBy, inputOf = wholeInput): Question {
  const { ask, with: asks, at, most, when = {}, opened, refused } = by
  const ofOrder = Object.values(asks).some(isOfOrder)
  return {
    ...(ofOrder && { ofOrder: true as const }),
    ask: (message, order) => ({
      transaction: ask,
      input: placed(
        Object.entries(asks).map(([place, from]) => [place, heldAt(message, from, inputOf(message), order)]),
      ),
    }),
    found(message, output, isOthers = () => false) {
      const isMeant = Object.entries(when).every(([place, value]) => heldAt(message, place) === value)
      if (!isMeant) return 'unclear'
      const rows = rowsIn(nodeAt(output, at))
      const ours = rows.filter(
        (one) =>
          isOurs(message, one, inputOf(message), by) &&
          (opened === undefined || !isOthers(textIn(one, opened))),
      )
      if (by.means === 'not-done') return ours.length > 0 ? null : 'unclear'
      if (by.means === 'gone') return ours.length > 0 ? null : answerOf({}, by)
      if (ours.length === 0) return most !== undefined && rows.length >= most ? 'unclear' : null
      // Which of several that nobody else has opened is ours cannot be told.
      if (opened !== undefined && ours.length > 1) return 'unclear'
      const row = stateOf(message, ours, by)
      if (row === null || row === 'unclear') return row
      return by.means === 'undone' ? 'undone' : answerOf(row, by)
    },
    refused: refused ?? 'unclear',
  }
}
