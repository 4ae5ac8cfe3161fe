/** Places of a message and of an answer, as the rows of the catalogue name them: `data.payOrdId`, `day:selinfo.sel_retn_time`. */
import { addDays, parseDay } from '../../../src/domain/day.ts'
import { decimalOf } from '../../../src/domain/money.ts'
import type { Message } from '../../../src/extension/dialect.ts'
import { spellingOf } from '../../../src/extension/spelling.ts'

/** A node. */
export type Row = Readonly<Record<string, unknown>>

/** Whether a value is a node. */
export const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Rows of a node; one object is one row. */
export const rowsIn = (value: unknown): readonly Row[] =>
  Array.isArray(value) ? value.filter(isRow) : isRow(value) ? [value] : []

/** The key of a field in a row, however it is spelt there; undefined if it is not there. */
export function keyIn(row: Row, name: string): string | undefined {
  const spelling = spellingOf(name)
  return Object.keys(row).find((one) => spellingOf(one) === spelling)
}

/** A field of a row as text, however its keys are spelt. Empty if it is not there. */
export function textIn(row: Row, name: string): string {
  const key = keyIn(row, name)
  const value = key === undefined ? undefined : row[key]
  return value === undefined || value === null || typeof value === 'object' ? '' : String(value)
}

/** A node by its place; of a list its first row. The empty place is the input itself. */
export function nodeAt(value: unknown, at: string): unknown {
  if (at === '') return value
  return at.split('.').reduce<unknown>((node, name) => rowsIn(node)[0]?.[name], value)
}

const DAY = /^\d{4}-\d{2}-\d{2}/

/** The day after a message was sent, by its head: what is booked at midnight bears that. */
function dayAfter({ document }: Message): string {
  const [sent] = DAY.exec(String(document.json().inf_time ?? '')) ?? []
  return sent ? addDays(parseDay(sent), 1) : ''
}

/** Before a place in any message of the same order. */
const OF_ORDER = '@order.'

/** Whether a place may stand in another message of the same order. */
export const isOfOrder = (place: string) => place.startsWith(OF_ORDER)

/**
 * What a place means.
 *
 * @param input that of the message; of a row that is looked for alone, with that row for its list
 * @param order other messages of its order, of which the first is taken that has the place: empty if none has [A]
 */
export function heldAt(
  message: Message,
  place: string,
  input = message.document.json().input,
  order: readonly Message[] = [],
): string {
  if (place.startsWith('=')) return place.slice(1)
  if (isOfOrder(place)) {
    const held = [message, ...order].map((one) => heldAt(one, place.slice(OF_ORDER.length)))
    return held.find((text) => text !== '') ?? ''
  }
  if (place.startsWith('day:')) return DAY.exec(heldAt(message, place.slice(4), input))?.[0] ?? ''
  if (place.startsWith('sum:')) return sumAt(input, place.slice(4))
  if (place.startsWith('-')) return negative(heldAt(message, place.slice(1), input))
  switch (place) {
    case '@id':
      return message.id
    case '@institution':
      return message.institution
    case '@day':
      return message.subject.day ?? ''
    case '@after':
      return dayAfter(message)
  }
  const cut = place.lastIndexOf('.')
  const node = rowsIn(nodeAt(input, place.slice(0, Math.max(0, cut))))[0]
  return node ? textIn(node, place.slice(cut + 1)) : ''
}

/** Places of an amount that are looked at: six, as the widest fields have. */
const AMOUNT = { places: 6, wholeMax: 10, zerosMax: 6 } as const

/** The sum of an amount over the rows of a list that are not marked invalid (`vali_flag` 0); empty where one cannot be read. */
function sumAt(input: unknown, place: string): string {
  const cut = place.lastIndexOf('.')
  const rows = rowsIn(cut < 0 ? input : nodeListAt(input, place.slice(0, cut)))
  const counted = rows.filter((row) => textIn(row, 'vali_flag') !== '0')
  const millionths = counted.reduce(
    (sum, row) => sum + decimalOf(textIn(row, place.slice(cut + 1)), AMOUNT),
    0,
  )
  return Number.isSafeInteger(millionths) ? (millionths / 1_000_000).toFixed(2) : ''
}

const nodeListAt = (input: unknown, name: string) => rowsIn(input)[0]?.[name]

const negative = (text: string) => (text === '' ? '' : text.startsWith('-') ? text.slice(1) : `-${text}`)

/** Time with or without its blank (Hubei [F: H1]), and with parts of a second. */
const TIME = /^(\d{4}-\d{2}-\d{2})[ T]?(\d{2}:\d{2}:\d{2})(?:\.\d+)?$/
const FRACTION = /^-?\d+\.\d+$/

/** A value as it is compared: 2.0000 is 2, a time has its blank, midnight is the day. */
function comparable(text: string): string {
  if (FRACTION.test(text)) return text.replace(/\.?0+$/, '')
  return text.replace(TIME, '$1 $2').replace(/ 00:00:00$/, '')
}

/** Whether two values mean the same. */
export const means = (one: string, other: string) => comparable(one) === comparable(other)

/** Puts values at their places: `data.payOrdId`, or `mdtrt_regno` at the top. */
export function placed(values: Iterable<readonly [string, unknown]>): Record<string, unknown> {
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
