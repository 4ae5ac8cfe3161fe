/** The maps in use as ConceptMaps: one resource per edition, all editions of a map under one address. */
import { type LiveEdition, liveEditions } from '../../codes/calendar.ts'
import type { Codes } from '../../codes/codes.ts'
import type { PackedBook } from '../../codes/store/file.ts'
import { idFrom } from './ids.ts'
import type { SystemNames } from './systems.ts'

/** The map of a local system to a standard. */
export interface MapHead {
  readonly system: string
  readonly standard: string
  readonly url: string
  readonly book: PackedBook
  readonly editions: readonly LiveEdition[]
}

/** One edition of a map: a ConceptMap. */
export interface MapEdition {
  readonly id: string
  readonly map: MapHead
  readonly edition: LiveEdition
}

/** The maps of one set of editions, indexed. */
export interface MapIndex {
  readonly all: readonly MapHead[]
  from(system: string): readonly MapHead[]
  to(standard: string): readonly MapHead[]
  byUrl(url: string): MapHead | undefined
  byId(id: string): MapEdition | undefined
}

/** Id of an edition. */
export function idOf(system: string, standard: string, version: string): string {
  const parts = [system, standard, version]
  return idFrom('map', `${system}.to.${standard}.v${version}`, parts, /\.to\.|\.v/)
}

/** All editions of a map as resources. */
export function editionsOf(map: MapHead): readonly MapEdition[] {
  return map.editions.map((edition) => ({
    id: idOf(map.system, map.standard, edition.version),
    map,
    edition,
  }))
}

function indexOf(codes: Codes, names: SystemNames): MapIndex {
  const all = codes.maps().map(({ book, live }): MapHead => {
    const [system, standard] = [book.system!, book.standard]
    const url = names.mapUrl(system, standard)
    return { system, standard, url, book, editions: liveEditions({ book, live }) }
  })
  const bySystem = Map.groupBy(all, ({ system }) => system)
  const byStandard = Map.groupBy(all, ({ standard }) => standard)
  const byUrl = new Map(all.map((map) => [map.url, map]))
  const byId = new Map(all.flatMap(editionsOf).map((one) => [one.id, one]))
  return {
    all,
    from: (system) => bySystem.get(system) ?? [],
    to: (standard) => byStandard.get(standard) ?? [],
    byUrl: (url) => byUrl.get(url),
    byId: (id) => byId.get(id),
  }
}

/** The maps from these code systems, hiding all others. @param systems null for all */
export function mapsFrom(index: MapIndex, systems: ReadonlySet<string> | null): MapIndex {
  if (!systems) return index
  const isOwn = ({ system }: MapHead) => systems.has(system)
  const one = <Found>(found: Found | undefined, map: (found: Found) => MapHead) =>
    found && isOwn(map(found)) ? found : undefined
  return {
    all: index.all.filter(isOwn),
    from: (system) => index.from(system).filter(isOwn),
    to: (standard) => index.to(standard).filter(isOwn),
    byUrl: (url) => one(index.byUrl(url), (map) => map),
    byId: (id) => one(index.byId(id), ({ map }) => map),
  }
}

/** Creates the index of a set of editions; the one in use is cached. */
export function createMapIndexes(names: SystemNames): (codes: Codes) => MapIndex {
  const made = new WeakMap<Codes, MapIndex>()
  return (codes) => {
    const index = made.get(codes) ?? indexOf(codes, names)
    made.set(codes, index)
    return index
  }
}
