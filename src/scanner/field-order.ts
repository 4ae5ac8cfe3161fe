/**
 * What a scanner knows of an object: its fields in the form in which their names stand in the bytes, and the order in
 * which they came last. Senders write the fields of a message in one order, so the next field is mostly the expected one.
 */
import { spellingOf } from '../extension/spelling.ts'
import { ANYTHING, type ObjectPlan, type ValuePlan } from './plan.ts'

/** A field as the bytes show it. */
export interface Field {
  /** `"name":` in words of four bytes, the last one ending with the colon. */
  readonly words: Int32Array
  /** Bytes of `"name":`. */
  readonly length: number
  readonly bytes: Uint8Array
  readonly value: ValuePlan
  /** What its object or rows hold. */
  readonly inside: Learnt | null
  /** Which of the sets of seen fields it is in, and its bit there. */
  readonly set: 0 | 1 | 2
  readonly bit: number
  /** Place of its start among its object's own spans; −1 where nobody asks. */
  readonly place: number
}

/** An object of a plan, with what was learnt of it. */
export interface Learnt {
  readonly plan: ObjectPlan
  readonly byName: Map<string, Field>
  /** The field that came last time at each place. */
  readonly order: (Field | undefined)[]
  /** How many fields were met that the plan does not name. */
  unnamed: number
  /** Whether no field that the plan names holds objects or rows of it. */
  readonly flat: boolean
  /** How the plan's names are spelt, where another spelling of one is left to the general way; else empty. */
  readonly spellings: ReadonlySet<string>
}

/** Bits of a set of fields. */
const SET_BITS = 31
/** Fields of a plan that two sets hold. */
export const NAMED_MAX = 2 * SET_BITS
/** Names of fields that no plan names, in one object: beyond it a message takes the general way. */
export const UNNAMED_MAX = 30
/** Names that `JSON.parse` and `JSON.stringify` do not leave in their place. */
export const OUT_OF_PLACE = /^(?:\d+|__proto__)$/

/**
 * @param formed whether another spelling of a name that the plan knows is left to the general way
 * @returns null where an object has more fields than are told apart
 */
export function learn(plan: ObjectPlan, formed: boolean): Learnt | null {
  if (plan.fields.length > NAMED_MAX) return null
  const byName = new Map<string, Field>()
  for (const [index, { name, value, slot }] of plan.fields.entries()) {
    const nested = value.object ?? value.rows?.item
    const inside = nested ? learn(nested, formed) : null
    if (nested && !inside) return null
    const [set, bit] = index < SET_BITS ? [0 as const, index] : [1 as const, index - SET_BITS]
    byName.set(name, fieldOf(name, { value, inside, set, bit: 1 << bit, place: slot < 0 ? -1 : slot * 2 }))
  }
  const fields = [...byName.values()]
  const spellings = new Set(formed ? [...byName.keys()].map(spellingOf) : [])
  return {
    plan,
    byName,
    order: fields,
    unnamed: 0,
    flat: fields.every(({ inside }) => inside === null),
    spellings,
  }
}

function fieldOf(name: string, rest: Pick<Field, 'value' | 'inside' | 'set' | 'bit' | 'place'>): Field {
  return { ...nameWords(name), ...rest }
}

/** How `"name":` stands in bytes. */
export function nameWords(name: string): Pick<Field, 'words' | 'length' | 'bytes'> {
  const bytes = Buffer.from(`${JSON.stringify(name)}:`)
  const words = new Int32Array((bytes.length >>> 2) + 1)
  for (let word = 0; word < words.length - 1; word += 1) words[word] = bytes.readInt32LE(word * 4)
  words[words.length - 1] = bytes.readInt32LE(bytes.length - 4)
  return { words, length: bytes.length, bytes }
}

/**
 * The field of a name that was not expected at its place; it is expected there from now on.
 *
 * @returns null where the general way has to tell
 */
export function meet(learnt: Learnt, name: string, place: number): Field | null {
  let field = learnt.byName.get(name)
  if (!field) {
    if (OUT_OF_PLACE.test(name) || learnt.unnamed === UNNAMED_MAX || name === '') return null
    if (learnt.spellings.has(spellingOf(name))) return null
    field = fieldOf(name, { value: ANYTHING, inside: null, set: 2, bit: 1 << learnt.unnamed, place: -1 })
    learnt.unnamed += 1
    learnt.byName.set(name, field)
  }
  if (place < NAMED_MAX + UNNAMED_MAX) learnt.order[place] = field
  return field
}
