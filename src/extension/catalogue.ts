/**
 * A catalogue of transactions as data: one folder of JSON. `transactions.json` has a row for each and `places.json` the provinces,
 * which are read at the start; the fields (`fields/2207.json`) and the value sets are read when somebody first asks. What a province says otherwise is a row
 * of it and no branch of a program. Whoever checks, answers, describes or tests a transaction asks here.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { OperationKind } from './dialect.ts'

/** What a field is: text where nothing is said; `rows` is a list whose rows no source describes. */
export type FieldType = 'text' | 'decimal' | 'whole' | 'day' | 'time' | 'flag' | 'rows'

/** One field of a node. */
export interface CatalogueField {
  /** National name, in the spelling of the text. */
  readonly name: string
  /** Chinese name. */
  readonly zh: string
  readonly type?: FieldType
  /** Characters; of a number the digits that it may have. Absent: no source says. */
  readonly width?: number
  /** Digits behind the point. */
  readonly places?: number
  /** Name of its value set. */
  readonly set?: string
  /** It may not be empty. */
  readonly must?: boolean
  /** A condition that no source puts into fields makes it a must. */
  readonly may?: 'if'
  /** It may not be empty where these fields of its node have these values. */
  readonly when?: Readonly<Record<string, string>>
  /** How a place spells it. */
  readonly spelt?: string
  /** Names in the JSON text that it holds. */
  readonly holds?: readonly string[]
}

/** One node of an input or output. */
export interface CatalogueNode {
  /** Where it stands: empty for the input itself, `data`, `selinfoDetail.drugtracinfo`. */
  readonly at: string
  readonly zh?: string
  /** A list of rows. */
  readonly many?: boolean
  /** A list that some senders write as its only row. */
  readonly one?: boolean
  readonly must?: boolean
  /** At least one of these fields must be there. */
  readonly any?: readonly string[]
  readonly fields: readonly CatalogueField[]
}

/** How the second level of a result is read: a yes of the envelope that says no in its output. */
export interface ResultForm {
  /** The node that speaks of the message as a whole. */
  readonly at?: string
  /** The list whose rows speak of single rows of the message. */
  readonly rows?: string
  readonly field: string
  /** Its values that say no. */
  readonly no: readonly string[]
  /** Its values that say that one leg of it was done and another not. */
  readonly half?: readonly string[]
  /** The field that says why. */
  readonly text?: string
  /** The list of the request whose rows are meant, and the fields by which they are told apart. */
  readonly of?: string
  readonly key?: readonly string[]
  /** Only rows that were refused are listed; else every row is, in the order of the request. */
  readonly listed?: 'refused'
  /** Provinces where it is read so. A province that no form names may answer in any of them. */
  readonly places?: readonly string[]
}

/** What is known of a transaction before its fields are read. */
export interface CatalogueHead {
  /** National number `infno`. */
  readonly number: string
  /** Our own name, one of each. */
  readonly name: string
  readonly zh: string
  readonly en: string
  readonly group: string
  readonly kind: OperationKind
  /** Who sends it; absent: the institution. */
  readonly from?: 'platform'
  /** Address in the style of one path a transaction; absent where none was seen. */
  readonly path?: string
  /** The transaction that takes it back. */
  readonly undo?: string
  /** Of a reversal: the transactions that it undoes. */
  readonly undoes?: readonly string[]
  /** A reversal undoes it where its answer was lost. */
  readonly reversible?: true
  /** It may be sent again as it is: repeating it changes nothing. */
  readonly again?: true
  /** It is another edition of this transaction, and read like it. */
  readonly like?: string
  /** Its answer has the amounts of a settlement. */
  readonly money?: true
  /** The node of its answer that opens an encounter. */
  readonly opens?: string
  /** Provinces that have given it up. */
  readonly withdrawn?: readonly string[]
  /** Its rows may be of several visits and persons. */
  readonly several?: true
  /** Institutions that it names may be others than its sender. */
  readonly others?: true
  /** Of a query: the transactions whose rows it shows. */
  readonly reads?: readonly string[]
  readonly results?: readonly ResultForm[]
  readonly edition: string
  /** Provinces whose text asks for what `must` marks; elsewhere the platform judges what is missing. Absent: everywhere. */
  readonly asks?: readonly string[]
  readonly places?: readonly { readonly place: string; readonly undoes?: readonly string[] }[]
  /** `F` read in a source, `K` known, `A` assumed. */
  readonly grade: 'F' | 'K' | 'A'
  readonly sources: readonly string[]
}

/** The nodes of a transaction. */
export interface CatalogueNodes {
  readonly input: readonly CatalogueNode[]
  readonly output: readonly CatalogueNode[]
}

/** A change that the text of a province makes: fields that are named change what they say, others are added. */
export interface PlaceRow {
  /** First two digits of the place of treatment. */
  readonly place: string
  readonly edition: string
  readonly source: string
  readonly input?: readonly PlaceNode[]
  readonly output?: readonly PlaceNode[]
}

type PlaceNode = Omit<CatalogueNode, 'fields'> & { readonly fields: readonly PlaceField[] }
type PlaceField = Partial<CatalogueField> & Pick<CatalogueField, 'name'>

/** A transaction's fields as they lie in the file. */
export interface CatalogueEntry extends CatalogueNodes {
  readonly places?: readonly PlaceRow[]
}

/** A value set. */
export interface ValueSet {
  readonly zh: string
  /** Only these values are taken; else areas have further ones. */
  readonly closed: boolean
  readonly grade: 'F' | 'K' | 'A'
  readonly codes: Readonly<Record<string, string>>
  /** What provinces add or name otherwise. A set without codes of its own is known there alone. */
  readonly places?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** A catalogue that is asked as it lies there. */
export interface Catalogue {
  /** By number, in the order of the file. */
  readonly heads: ReadonlyMap<string, CatalogueHead>
  /** What the file of a transaction says. @throws where it has none */
  entry(number: string): CatalogueEntry
  /** The nodes of a transaction as a province has them. @param province first two digits; empty: what holds everywhere */
  nodes(number: string, province: string): CatalogueNodes
  /** The values that a set has in a province; null where it is open there. */
  values(set: string, province: string): ReadonlySet<string> | null
  /** Every value set by its name. */
  sets(): Readonly<Record<string, ValueSet>>
  /** The province of an area, where the catalogue has rows of it; empty where only what holds everywhere is known. */
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
  const { places } = read<{ readonly places: Readonly<Record<string, unknown>> }>(folder, 'places.json')

  function entry(number: string): CatalogueEntry {
    const known = entries.get(number) ?? read<CatalogueEntry>(folder, `fields/${number}.json`)
    entries.set(number, known)
    return known
  }

  function allSets() {
    sets ??= read<Readonly<Record<string, ValueSet>>>(folder, 'value-sets.json')
    return sets
  }

  return {
    heads,
    entry,
    sets: allSets,
    nodes: (number, province) => nodesAt(heads.get(number)!, entry(number), province),
    values: (set, province) => valuesAt(allSets()[set], province),
    provinceOf: (area) => (Object.hasOwn(places, area.slice(0, 2)) ? area.slice(0, 2) : ''),
  }
}

function valuesAt(set: ValueSet | undefined, province: string): ReadonlySet<string> | null {
  if (!set?.closed) return null
  const { codes, places = {} } = set
  const own = Object.keys(codes)
  // What one province adds to a national set is no reason to refuse it elsewhere.
  const added = own.length > 0 ? Object.values(places) : [places[province] ?? {}]
  const all = [...own, ...added.flatMap((more) => Object.keys(more))]
  return all.length > 0 ? new Set(all) : null
}

/** The nodes of a transaction as a province has them. */
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

/** A node where no text asks for its fields: that it stands there is all that is asked. */
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

/** The catalogue that is shipped with an adapter, for whoever may not name adapters. @throws where none is */
export function shippedCatalogue(root: string = join(import.meta.dirname, '..', '..')): Catalogue {
  const adapters = join(root, 'adapters')
  const folder = readdirSync(adapters)
    .sort()
    .map((name) => join(adapters, name, 'catalogue'))
    .find((one) => existsSync(join(one, 'transactions.json')))
  if (!folder) throw new Error(`${adapters} has no catalogue`)
  return openCatalogue(folder)
}

/** The node above one: of `selinfoDetail.drugtracinfo` `selinfoDetail`; empty for the input itself. */
export function aboveOf(at: string): string {
  return at.slice(0, Math.max(0, at.lastIndexOf('.')))
}

/** The own name of a node: `drugtracinfo`. */
export function nameOf(at: string): string {
  return at.slice(at.lastIndexOf('.') + 1)
}
