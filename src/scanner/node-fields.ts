/**
 * Nodes in nodes as a plan describes them, with what a reader of their bytes (`nodes.ts`) learns of them: which fields came, in
 * which order, and which of them it keeps.
 */
import { spellingOf } from '../extension/spelling.ts'
import { nameWords, OUT_OF_PLACE, UNNAMED_MAX } from './field-order.ts'
import { ANYTHING, type RowsPlan, type ValuePlan } from './plan.ts'
import { sliced } from './string-cache.ts'
import { STOPS } from './text.ts'

/** What a field of a node may be. */
export interface NodeValue {
  /** Its texts and numbers, and whether it may be null. */
  readonly plain: ValuePlan
  /** Digits before the point that a JSON number may have. */
  readonly digits: number
  /** Whether it may be true or false. */
  readonly flag: boolean
  /** The node that it holds; null where it holds none. */
  readonly node: NodePlan | null
  /** How many there may be in a list; null where the node is one object. */
  readonly rows: Pick<RowsPlan, 'min' | 'max'> | null
}

/** One field. */
export interface NodeField {
  readonly name: string
  readonly required: boolean
  readonly value: NodeValue
}

/** One of some fields is asked for where others have certain values. */
export interface NodeCondition {
  readonly any: readonly string[]
  readonly when: readonly (readonly [field: string, text: string])[]
}

/** A node. Fields that it does not name pass, where they hold neither objects nor lists. */
export interface NodePlan {
  readonly fields: readonly NodeField[]
  readonly conditions: readonly NodeCondition[]
}

/** A field as it was met. */
export interface KnownField {
  readonly name: string
  readonly words: Int32Array
  readonly length: number
  readonly value: NodeValue
  readonly required: boolean
  /** Its place among what its node keeps; −1 where nobody asks. */
  readonly slot: number
  /** Whether its value is read, and not only looked at. */
  readonly isRead: boolean
  /** Whether no plan names it. */
  readonly isLate: boolean
  readonly inside: Known | null
  /** The object that had it last. */
  object: number
  /** Its text before, where that was of the same message: it is not judged again. */
  message: number
  start: number
  size: number
}

/** A node with what was learnt of it. */
export interface Known {
  readonly place: number
  readonly name: string
  readonly isList: boolean
  readonly byName: Map<string, KnownField>
  /** The field that came last time at each place. */
  readonly order: (KnownField | undefined)[]
  readonly required: number
  readonly spellings: ReadonlySet<string>
  readonly kept: KnownField[]
  /** Those of them that no plan names. */
  readonly late: KnownField[]
  /** Names of the nodes below it. */
  readonly below: readonly string[]
  readonly conditions: readonly Condition[]
  unnamed: number
}

/** A condition by the places of what is kept. */
export interface Condition {
  readonly any: readonly number[]
  readonly when: readonly (readonly [slot: number, text: Buffer])[]
}

/** Whether somebody reads the fields of a name. */
export type IsRead = (name: string) => boolean

const QUOTE = 0x22
const COLON = 0x3a

/** A field of which nothing is said, but that it is no object and no list. */
export const ANY_VALUE: NodeValue = {
  plain: { ...ANYTHING, any: false },
  digits: Number.POSITIVE_INFINITY,
  ...{ flag: true, node: null, rows: null },
}

/**
 * Makes what is learnt of a whole message.
 *
 * @param watched names in the message itself whose places are asked for
 * @returns all its nodes, each at its place; the last one is the message
 */
export function learnAll(plan: NodePlan, isRead: IsRead, watched: readonly string[]): readonly Known[] {
  const all: Known[] = []
  learn(all, isRead, plan, '', false, watched)
  return all
}

function learn(
  all: Known[],
  isRead: IsRead,
  of: NodePlan,
  name: string,
  isList: boolean,
  watched: readonly string[] = [],
): Known {
  const looked = new Set(of.conditions.flatMap(({ any, when }) => [...any, ...when.map(([one]) => one)]))
  const names = new Set(of.fields.map((field) => field.name))
  const further = [...looked].filter((one) => !names.has(one))
  const kept: KnownField[] = []
  const add = (field: NodeField): KnownField => {
    const read = isRead(field.name) && field.value.node === null
    const isKept = read || looked.has(field.name) || watched.includes(field.name)
    const inside = field.value.node
      ? learn(all, isRead, field.value.node, field.name, field.value.rows !== null)
      : null
    const made = fieldOf(field, read, isKept ? kept.length : -1, inside)
    if (isKept) kept.push(made)
    return made
  }
  const fields = [
    ...of.fields.map(add),
    ...further.map((one) => add({ name: one, required: false, value: ANY_VALUE })),
  ]
  const slot = (one: string) => kept.find((field) => field.name === one)!.slot
  const known: Known = {
    place: all.length,
    ...{ name, isList, kept, unnamed: 0 },
    late: kept.filter(({ isLate }) => isLate),
    below: fields.filter(({ inside }) => inside !== null).map((field) => field.name),
    byName: new Map(fields.map((field) => [field.name, field])),
    order: [...fields],
    required: fields.filter(({ required }) => required).length,
    spellings: new Set(fields.map((field) => spellingOf(field.name))),
    conditions: of.conditions.map(({ any, when }) => ({
      any: any.map(slot),
      when: when.map(([one, text]) => [slot(one), Buffer.from(text)]),
    })),
  }
  all.push(known)
  return known
}

/** The field whose name stands here, where another one was expected; null where the general way has to tell. */
export function fieldAt(
  bytes: Buffer,
  at: number,
  { known, place, isRead }: { readonly known: Known; readonly place: number; readonly isRead: IsRead },
): KnownField | null {
  if (bytes[at] !== QUOTE) return null
  let end = at + 1
  while (STOPS[bytes[end]!] === 0) end += 1
  if (bytes[end] !== QUOTE || bytes[end + 1] !== COLON) return null
  const name = sliced(bytes, at + 1, end)
  let field = known.byName.get(name)
  if (!field) {
    if (OUT_OF_PLACE.test(name) || known.unnamed === UNNAMED_MAX || name === '') return null
    if (known.spellings.has(spellingOf(name))) return null
    const read = isRead(name)
    field = fieldOf({ name, required: false, value: ANY_VALUE }, read, read ? known.kept.length : -1, null)
    known.unnamed += 1
    known.byName.set(name, field)
    if (read) {
      known.kept.push(field)
      known.late.push(field)
    }
  }
  if (place < known.byName.size) known.order[place] = field
  return field
}

function fieldOf(
  { name, value, required }: NodeField,
  isRead: boolean,
  slot: number,
  inside: Known | null,
): KnownField {
  const { words, length } = nameWords(name)
  return {
    ...{ name, words, length, value, required, slot, isRead, inside, isLate: value === ANY_VALUE },
    ...{ object: -1, message: -1, start: 0, size: 0 },
  }
}
