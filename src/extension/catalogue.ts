/**
 * A catalogue of transactions as a folder of JSON. `transactions.json` (one row each) and `places.json` (provinces)
 * are read at startup; fields (`fields/2207.json`), value sets and REST addresses (`rest.json`) on first use.
 * Regional differences are rows, not branches of a program. Validation, answers, documentation and tests all read it.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type {
  CatalogueEntry,
  CatalogueField,
  CatalogueHead,
  CatalogueNode,
  CatalogueNodes,
  CodeField,
  PlaceField,
  PlaceNode,
  RestAddresses,
  ValueSet,
} from './catalogue-rows.ts'

/** A catalogue. */
export interface Catalogue {
  /** By number, in the order of the file. */
  readonly heads: ReadonlyMap<string, CatalogueHead>
  /** The file of a transaction. @throws if it has none */
  entry(number: string): CatalogueEntry
  /** The nodes of a transaction in a province. @param province first two digits; empty: the common rules */
  nodes(number: string, province: string): CatalogueNodes
  /** The values of a set in a province; null if the set is open there. */
  values(set: string, province: string): ReadonlySet<string> | null
  /** Every value set by its name. */
  sets(): Readonly<Record<string, ValueSet>>
  /** Fields that hold codes of a standard, by national name. */
  codes(): Readonly<Record<string, CodeField>>
  /** REST address of each transaction; empty if the folder has none. */
  rest(): RestAddresses
  /** Name of a province in the catalogue: 43 is 湖南. */
  placeName(province: string): string
  /** The province of an area if the catalogue has rows for it; empty if only the common rules apply. */
  provinceOf(area: string): string
}

const read = <Content>(folder: string, file: string) =>
  JSON.parse(readFileSync(join(folder, file), 'utf8')) as Content

/** Opens a catalogue. @param folder holds `transactions.json`, `places.json`, `value-sets.json` and `fields/` */
export function openCatalogue(folder: string): Catalogue {
  const rows = read<CatalogueHead[]>(folder, 'transactions.json')
  const heads = new Map(rows.map((head) => [head.number, head]))
  if (heads.size < rows.length) throw new Error(`${folder} describes a transaction twice`)
  const entries = new Map<string, CatalogueEntry>()
  let sets: Readonly<Record<string, ValueSet>> | null = null
  let codes: Readonly<Record<string, CodeField>> | null = null
  let addresses: RestAddresses | null = null
  const { places } = read<{ readonly places: Readonly<Record<string, { readonly zh: string }>> }>(
    folder,
    'places.json',
  )

  function entry(number: string): CatalogueEntry {
    const known = entries.get(number) ?? read<CatalogueEntry>(folder, `fields/${number}.json`)
    entries.set(number, known)
    return known
  }

  function allSets() {
    sets ??= read<Readonly<Record<string, ValueSet>>>(folder, 'value-sets.json')
    return sets
  }

  function rest() {
    const isSaid = existsSync(join(folder, 'rest.json'))
    addresses ??= isSaid ? read<RestAddresses>(folder, 'rest.json') : { lanes: {}, addresses: {} }
    return addresses
  }

  return {
    heads,
    entry,
    sets: allSets,
    codes: () => {
      codes ??= read<Readonly<Record<string, CodeField>>>(folder, 'codes.json')
      return codes
    },
    rest,
    placeName: (province) => places[province]?.zh ?? province,
    nodes: (number, province) => nodesAt(heads.get(number)!, entry(number), province),
    values: (set, province) => valuesAt(allSets()[set], province),
    provinceOf: (area) => (Object.hasOwn(places, area.slice(0, 2)) ? area.slice(0, 2) : ''),
  }
}

function valuesAt(set: ValueSet | undefined, province: string): ReadonlySet<string> | null {
  if (!set?.closed) return null
  const { codes, places = {} } = set
  const own = Object.keys(codes)
  // A value added by one province is not refused elsewhere.
  const added = own.length > 0 ? Object.values(places) : [places[province] ?? {}]
  const all = [...own, ...added.flatMap((more) => Object.keys(more))]
  return all.length > 0 ? new Set(all) : null
}

/** The nodes of a transaction in a province. */
function nodesAt(head: CatalogueHead, entry: CatalogueEntry, province: string): CatalogueNodes {
  const asks = !head.asks || head.asks.includes(province)
  const row = entry.places?.find(({ place }) => place === province)
  return {
    input: changedBy(
      entry.input.map((node) => (asks ? node : unasked(node))),
      row?.input,
    ),
    output: changedBy(entry.output, row?.output),
  }
}

/** A node whose fields no specification requires: only its presence is checked. */
function unasked({ must, at, ...node }: CatalogueNode): CatalogueNode {
  const fields = node.fields.map(({ must: _, when: __, ...field }) => field)
  const { any: _, ...rest } = node
  return { ...rest, at, fields, ...(must && !at.includes('.') && { must }) }
}

function changedBy(
  nodes: readonly CatalogueNode[],
  changes: readonly PlaceNode[] = [],
): readonly CatalogueNode[] {
  if (changes.length === 0) return nodes
  const known = new Set(nodes.map(({ at }) => at))
  const added = changes.filter(({ at }) => !known.has(at)).map((node) => node as CatalogueNode)
  const changed = nodes.map((node) => {
    const change = changes.find(({ at }) => at === node.at)
    return change ? { ...node, ...change, fields: fieldsBy(node.fields, change.fields) } : node
  })
  return [...changed, ...added]
}

function fieldsBy(fields: readonly CatalogueField[], changes: readonly PlaceField[]): CatalogueField[] {
  const left = new Map<string, PlaceField>()
  for (const change of changes) left.set(change.name, { ...left.get(change.name), ...change })
  const changed = fields.map((field) => {
    const change = left.get(field.name)
    left.delete(field.name)
    return change ? { ...field, ...change } : field
  })
  return [...changed, ...[...left.values()].map((field) => ({ zh: '', ...field }))]
}

/** The folder of the shipped catalogue. @throws if there is none */
export function shippedFolder(root: string = join(import.meta.dirname, '..', '..')): string {
  const adapters = join(root, 'adapters')
  const folder = readdirSync(adapters)
    .sort()
    .map((name) => join(adapters, name, 'catalogue'))
    .find((one) => existsSync(join(one, 'transactions.json')))
  if (!folder) throw new Error(`${adapters} has no catalogue`)
  return folder
}

/** The shipped catalogue, for modules that may not import adapters. @throws if there is none */
export function shippedCatalogue(root?: string): Catalogue {
  return openCatalogue(shippedFolder(root))
}

/** Path of the parent node: `selinfoDetail` for `selinfoDetail.drugtracinfo`; empty for the input itself. */
export function aboveOf(at: string): string {
  return at.slice(0, Math.max(0, at.lastIndexOf('.')))
}

/** Last part of a node's path: `drugtracinfo`. */
export function nameOf(at: string): string {
  return at.slice(at.lastIndexOf('.') + 1)
}
