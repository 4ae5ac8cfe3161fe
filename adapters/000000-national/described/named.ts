/**
 * What a message of the catalogue names that belongs to somebody, wherever in it the name stands and however it is spelt
 * (`mdtrt_id`, `mdtrtId`): nodes lie in nodes here, and further fields are let through.
 */
import type { CatalogueHead } from '../../../src/extension/catalogue-rows.ts'
import type { Message, Named, Subject } from '../../../src/extension/dialect.ts'
import { spellingOf } from '../../../src/extension/spelling.ts'
import { OWNED_FIELDS } from '../named.ts'

/** The number of a purchase out of area names its visit: `mdtrt_regno`. [F: T] */
const OWNED: Readonly<Record<string, Named['what']>> = { ...OWNED_FIELDS, mdtrt_regno: 'encounter' }

const BY_SPELLING = new Map<string, Named['what']>(
  Object.entries(OWNED).map(([name, what]) => [spellingOf(name), what]),
)

/** The code on a box; the second is the key of Inner Mongolia. [F: T H3] */
for (const name of ['drug_trac_codg', 'drug_trac_code']) BY_SPELLING.set(spellingOf(name), 'box')

const known = new Map<string, Named['what'] | null>()

const NO_NAMES: OwnNames = {}

/** Names of fields that are remembered: more than all catalogues have. */
const KNOWN_MAX = 20_000

/** What a row says of fields besides those that name the same everywhere. */
type OwnNames = NonNullable<CatalogueHead['names']>

function whatOf(name: string, own: OwnNames): Named['what'] | null {
  if (Object.hasOwn(own, name)) return own[name]!
  const before = known.get(name)
  if (before !== undefined) return before
  const what = BY_SPELLING.get(spellingOf(name)) ?? null
  if (known.size < KNOWN_MAX) known.set(name, what)
  return what
}

/** Whether a field of this name names something that matters. */
export function isNaming(
  name: string,
  { others, boxes, names = NO_NAMES }: Pick<CatalogueHead, 'others' | 'boxes' | 'names'>,
): boolean {
  const what = whatOf(name, names)
  return !(what === null || (what === 'institution' && others) || (what === 'box' && !boxes))
}

/**
 * Everything that an input names, each once, by the first place that does.
 *
 * @param head whether institutions in it may be others than its sender, whether the boxes that it names matter, and which
 * fields name something in this transaction alone
 */
export function everythingNamed(
  input: Readonly<Record<string, unknown>>,
  { others, boxes, names = NO_NAMES }: Pick<CatalogueHead, 'others' | 'boxes' | 'names'>,
): Named[] {
  const named: Named[] = []
  const seen = new Set<string>()
  const walk = (value: unknown, at: string) => {
    if (Array.isArray(value)) {
      for (const [index, row] of value.entries()) walk(row, `${at}[${index}]`)
    } else if (typeof value === 'object' && value !== null) {
      for (const [name, one] of Object.entries(value)) {
        if (typeof one === 'object') walk(one, at === '' ? name : `${at}.${name}`)
        else note(name, one, at)
      }
    }
  }
  const note = (name: string, one: unknown, at: string) => {
    const what = whatOf(name, names)
    if (what === null || (what === 'institution' && others) || (what === 'box' && !boxes)) return
    const value = one === undefined ? '' : String(one)
    // An empty number is sent as 0: the lines of a visit that is registered with them. [F: T]
    if (value === '' || value === '0' || seen.has(`${what} ${value}`)) return
    seen.add(`${what} ${value}`)
    named.push({ what, field: at === '' ? name : `${at}.${name}`, value })
  }
  walk(input, '')
  return named
}

/** The boxes of what a message names. */
export function boxesOf(named: readonly Named[]): readonly Named[] {
  return named.filter(({ what }) => what === 'box')
}

/**
 * Part of every name of a code on a box. So short a text is looked for by its first letter alone, and few names have a "g": in a
 * bill of 200 lines that takes 12 µs, the whole name 25.
 */
const CODE_ON_A_BOX = 'g_trac'

/** The boxes of a message whose bill names its drugs by the codes on them where the place asks for that; most have none. */
export function boxesSettled({ document }: Pick<Message, 'document'>): readonly Named[] {
  if (!document.bytes().includes(CODE_ON_A_BOX)) return []
  const input = document.json().input as Readonly<Record<string, unknown>>
  return boxesOf(everythingNamed(input, { others: true, boxes: true }))
}

/** The one thing of a kind that a message names; undefined if it names none, or several. */
export function onlyOne(named: readonly Named[], what: Named['what']): string | undefined {
  const [first, ...more] = named.filter((one) => one.what === what)
  return more.length === 0 ? first?.value : undefined
}

/**
 * What the gateway must know of a message. What is undone is named by what undoes alone: a list of sales names a settlement
 * too, and does nothing to it.
 */
export function subjectOf(named: readonly Named[], undoes: boolean): Subject {
  const [person, encounter, batch] = (['person', 'encounter', 'batch'] as const).map((what) =>
    onlyOne(named, what),
  )
  const settlement = undoes ? onlyOne(named, 'settlement') : undefined
  return {
    ...(person && { person }),
    ...(encounter && { encounter }),
    ...(batch && { batch }),
    ...(settlement && { settlement }),
  }
}
