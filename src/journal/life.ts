/**
 * The life of an exchange: which event takes which state to which. The code runs this table and nothing else changes a
 * state; an event that is not in a state's row is a fault of ours.
 */

/** What is known of an exchange. The last outcome in the journal says it. */
export type State =
  /** The intent is durable; it may have left. */
  | 'open'
  /** It could not leave. The same key may try again. */
  | 'unsent'
  /** It left, and no clear answer came. Left only on evidence. */
  | 'unknown'
  /** The platform did it. */
  | 'accepted'
  /** The platform said no. */
  | 'refused'
  /** The gateway said no; nothing left. */
  | 'rejected'
  /** It was undone, or shown never to have been done. */
  | 'reversed'

/** What may happen to an exchange. */
export type Event = 'yes' | 'no' | 'no-answer' | 'not-sent' | 'try-again' | 'found' | 'undone'

const TABLE: Readonly<Record<State, Partial<Record<Event, State>>>> = {
  open: { yes: 'accepted', no: 'refused', 'no-answer': 'unknown', 'not-sent': 'unsent', undone: 'reversed' },
  unsent: { 'try-again': 'open' },
  unknown: { yes: 'accepted', no: 'refused', found: 'accepted', 'no-answer': 'unknown', undone: 'reversed' },
  accepted: { undone: 'reversed' },
  refused: {},
  rejected: {},
  reversed: { undone: 'reversed' },
}

/**
 * The state after an event.
 *
 * @throws {Error} where the table has no such step: a broken invariant
 */
export function after(state: State, event: Event): State {
  const next = TABLE[state][event]
  if (!next) throw new Error(`An exchange that is ${state} cannot take "${event}"`)
  return next
}

/** Whether the outcome stands: nothing but a reversal changes it. */
export function isFinal(state: State): boolean {
  return state === 'accepted' || state === 'refused' || state === 'rejected' || state === 'reversed'
}
