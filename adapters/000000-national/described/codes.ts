/**
 * Codes of a message that the catalogue describes, wherever in it they stand and however their fields are spelt (`diag_code`,
 * `diagCode`). Which field holds a code of which standard is data (`catalogue/codes.json`). A code is listed where the institution
 * has a map for its standard; what the map lacks goes on as it came, and that is told.
 */
import { type ClaimCode, markedCode, NATIONAL_SYSTEM } from '../../../src/domain/claim.ts'
import type { Catalogue } from '../../../src/extension/catalogue.ts'
import type { CodeField } from '../../../src/extension/catalogue-rows.ts'
import type { Systems } from '../../../src/extension/dialect.ts'
import type { NationalCodes } from '../../../src/extension/national-codes.ts'
import { spellingOf } from '../../../src/extension/spelling.ts'
import { isRow, keyIn, type Row } from './places.ts'

/** Steps to a node: names of nodes, places of rows. */
type Path = readonly (string | number)[]

/** A code of such a message, and all places that say it. */
interface DescribedCode extends ClaimCode {
  readonly places: readonly Path[]
  /** The field beside it that holds the name of the code. */
  readonly nameField: string | undefined
}

/** Names of fields that are remembered: more than all catalogues have. */
const KNOWN_MAX = 20_000

/** What finds the codes of the inputs of a catalogue. */
export type CodesOf = (input: Row, systems: Systems) => readonly ClaimCode[]

/** A field of a row by its name, however it is spelt there: the key and its text. */
function fieldIn(row: Row, name: string): readonly [key: string, text: string] | null {
  const key = keyIn(row, name)
  const value = key === undefined ? undefined : row[key]
  if (key === undefined || typeof value === 'object') return null
  return [key, String(value ?? '')]
}

const textOf = (path: Path) =>
  path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .replace(/^\./, '')

/** The system of an institution's own codes for one of these standards; undefined if it has no map. */
function systemOf(systems: Systems, standards: readonly string[]): string | undefined {
  return standards.map((one) => systems[one]).find((one) => one !== undefined && one !== NATIONAL_SYSTEM)
}

/** Makes what tells whether a code, or what is said of one, may stand in a field of a name. */
export function createCodeNames(catalogue: Pick<Catalogue, 'codes'>): (name: string) => boolean {
  let spellings: ReadonlySet<string> | null = null
  return (name) => {
    spellings ??= new Set(
      Object.entries(catalogue.codes()).flatMap(([field, { by = '', name: named = '', own = NONE }]) =>
        [field, by, named, ...own].map(spellingOf),
      ),
    )
    const spelling = spellingOf(name)
    return spelling !== '' && spellings.has(spelling)
  }
}

/** Makes it; the fields are read when an institution with a map first sends something. */
export function createCodesOf(catalogue: Pick<Catalogue, 'codes'>): CodesOf {
  let bySpelling: ReadonlyMap<string, CodeField> | null = null
  const known = new Map<string, CodeField | null>()

  function heldBy(name: string): CodeField | null {
    const before = known.get(name)
    if (before !== undefined) return before
    bySpelling ??= new Map(
      Object.entries(catalogue.codes()).map(([field, held]) => [spellingOf(field), held]),
    )
    const held = bySpelling.get(spellingOf(name)) ?? null
    if (known.size < KNOWN_MAX) known.set(name, held)
    return held
  }

  return (input, systems) => {
    if (!Object.values(systems).some((system) => system !== NATIONAL_SYSTEM)) return NONE
    const found = new Map<string, DescribedCode & { readonly places: Path[] }>()

    function note(row: Row, path: Path, field: string, held: CodeField): void {
      const { others = NONE, name, own } = held
      const standard = held.by
        ? (held.or?.[fieldIn(row, held.by)?.[1] ?? ''] ?? held.standard)
        : held.standard
      const system = systemOf(systems, [standard, ...others])
      if (system === undefined) return
      const text = own ? ownCode(row, field, own) : String(row[field] ?? '')
      if (text === '') return
      const key = `${standard} ${field} ${text}`
      const alike = found.get(key)
      if (alike) return void alike.places.push(path)
      const named = name === undefined ? undefined : (fieldIn(row, name) ?? undefined)
      const given = markedCode(system, text)
      found.set(key, {
        ...{ standard, field, day: null, places: [path], nameField: named?.[0] },
        at: textOf(path) || 'input',
        given: named?.[1] ? { ...given, name: named[1] } : given,
        ...(others.length > 0 && { others }),
        ...(given.code !== text && { marked: true as const }),
      })
    }

    function walk(value: unknown, path: Path): void {
      if (Array.isArray(value)) for (const [index, row] of value.entries()) walk(row, [...path, index])
      else if (isRow(value)) {
        for (const [name, one] of Object.entries(value)) {
          if (typeof one === 'object' && one !== null) walk(one, [...path, name])
          else {
            const held = heldBy(name)
            if (held) note(value, path, name, held)
          }
        }
      }
    }

    walk(input, [])
    return [...found.values()]
  }
}

const NONE: readonly never[] = []

/** What a row calls an item itself, where its field for the national code is empty: a filled one is the national code. */
function ownCode(row: Row, field: string, own: readonly string[]): string {
  if (String(row[field] ?? '') !== '') return ''
  return own.map((name) => fieldIn(row, name)?.[1] ?? '').find((text) => text !== '') ?? ''
}

/** The input with national codes in place of the given ones. */
export function placeDescribed(input: Row, given: readonly ClaimCode[], codes: NationalCodes): Row {
  const placed = structuredClone(input)
  for (const [index, national] of codes.entries()) {
    if (!national) continue
    const { field, places, nameField } = given[index] as DescribedCode
    for (const path of places) {
      const row = path.reduce<unknown>((node, step) => (node as Row)[step], placed) as Record<string, unknown>
      row[field] = national.code
      if (nameField !== undefined && national.name !== '') row[nameField] = national.name
    }
  }
  return placed
}
