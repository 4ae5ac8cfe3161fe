/** An exchange takes only the steps of its life: what is unknown never leaves again and never fails without a "no". */
import { describe, expect, it } from 'vitest'
import { type Event, isFinal, type State, transition } from '../../src/journal/exchange-state.ts'

/** The whole life, as the design says it; every pair that is not here is a fault. */
const ALLOWED: Readonly<Record<State, Partial<Record<Event, State>>>> = {
  open: { yes: 'accepted', no: 'refused', 'no-answer': 'unknown', 'not-sent': 'unsent', undone: 'reversed' },
  unsent: { 'try-again': 'open' },
  unknown: {
    yes: 'accepted',
    no: 'refused',
    found: 'accepted',
    'no-answer': 'unknown',
    'not-found': 'unknown',
    'undo-sent': 'undoing',
    undone: 'reversed',
  },
  undoing: { 'undo-sent': 'undoing', 'still-standing': 'undoing', undone: 'reversed' },
  accepted: { undone: 'reversed' },
  refused: {},
  rejected: {},
  reversed: { undone: 'reversed' },
}
const STATES = Object.keys(ALLOWED) as State[]
const EVENTS: Event[] = [
  'yes',
  'no',
  'no-answer',
  'not-sent',
  'try-again',
  'found',
  'not-found',
  'undo-sent',
  'still-standing',
  'undone',
]
const PAIRS = STATES.flatMap((state) => EVENTS.map((event) => [state, event, ALLOWED[state][event]] as const))

describe('transition()', () => {
  it.each(PAIRS.filter(([, , next]) => next))('%s on %s becomes %s', (state, event, next) => {
    expect(transition(state, event)).toBe(next)
  })

  it.each(PAIRS.filter(([, , next]) => !next))('%s cannot take %s', (state, event) => {
    expect(() => transition(state, event)).toThrow(`A message that is ${state} cannot take "${event}"`)
  })

  it('never sends what is unknown again, and never calls it failed without a no', () => {
    expect(EVENTS.filter((event) => ALLOWED.unknown[event] === 'refused')).toEqual(['no'])
    expect(() => transition('unknown', 'try-again')).toThrow()
    expect(() => transition('unknown', 'not-sent')).toThrow()
  })
})

describe('isFinal()', () => {
  it.each<[State, boolean]>([
    ['open', false],
    ['unsent', false],
    ['unknown', false],
    ['undoing', false],
    ['accepted', true],
    ['refused', true],
    ['rejected', true],
    ['reversed', true],
  ])('%s: %s', (state, final) => {
    expect(isFinal(state)).toBe(final)
  })

  it('what is final changes by an undoing only', () => {
    const changes = PAIRS.filter(([state, , next]) => isFinal(state) && next)
    expect(changes.every(([, event]) => event === 'undone')).toBe(true)
  })
})
