/** Local code systems: their packed maps by system and standard, asked for a day. */
import type { Day } from '../domain/day.ts'
import { createCalendar, liveEditions } from './calendar.ts'
import type { LiveBook } from './pack.ts'
import { mapRowAt, reverseKey } from './store/map-rows.ts'
import { sourcesOf } from './store/reverse.ts'
import type { EditionHead, MapRow } from './store/rows.ts'

/** A row of a map and where it stands. */
export interface LocalRow {
  readonly system: string
  readonly standard: string
  readonly edition: EditionHead
  readonly row: MapRow
}

/** What a local system says about a code on a day; where nothing, the row that is over or still to come, if any. */
type LocalAnswer = { readonly found: LocalRow } | { readonly found: null; readonly idle?: MapRow }

/** Indexed maps. */
export interface LocalCodes {
  /** Whether any map leads from a system to one of the standards. */
  knows(system: string, standards: readonly string[]): boolean
  /** Whether one of those maps has an edition on a day. */
  covers(system: string, standards: readonly string[], day: Day): boolean
  /**
   * @param standards ids of the codebooks that will do, in order of preference
   * @param code the local code, letter for letter
   */
  find(system: string, standards: readonly string[], code: string, day: Day): LocalAnswer
  /** Rows that lead to a national code on a day; with its local price part, or to any part of a code without one. */
  sources(system: string, standard: string, target: string, day: Day): readonly LocalRow[]
}

/** Whether a span holds a day. */
export function covers({ from, until }: { readonly from?: Day; readonly until?: Day }, day: Day): boolean {
  return (!from || from <= day) && (!until || day < until)
}

/** Makes maps askable. @param books maps by system and standard; the last of a pair counts */
export function createLocalCodes(books: readonly LiveBook[]): LocalCodes {
  const systems = new Map<string, Map<string, ReturnType<typeof mapOf>>>()
  for (const live of books) {
    const system = live.book.system!
    const maps = systems.get(system) ?? new Map()
    systems.set(system, maps.set(live.book.standard, mapOf(live)))
  }
  // Two look-ups cost less than making one key of two texts.
  const get = (system: string, standard: string) => systems.get(system)?.get(standard)

  return {
    knows: (system, standards) => standards.some((standard) => get(system, standard) !== undefined),
    covers: (system, standards, day) =>
      standards.some((standard) => get(system, standard)?.editionOn(day) !== undefined),
    find(system, standards, code, day) {
      let idle: MapRow | undefined
      for (const standard of standards) {
        const map = get(system, standard)
        const edition = map?.editionOn(day)
        const place =
          map && edition ? map.forward.inForce(map.forward.find(code), edition.place, map.numberOf(day)) : 0
        if (!map || !edition || place === 0) continue
        const row = mapRowAt(map.forward, place, code)
        if (covers(row, day)) return { found: { system, standard, edition, row } }
        idle ??= row
      }
      return { found: null, ...(idle && { idle }) }
    },
    sources(system, standard, target, day) {
      const map = get(system, standard)
      const edition = map?.editionOn(day)
      if (!map?.reverse || !edition) return []
      const { forward } = map
      const asked = (code: string) =>
        reverseKey(target) === target ? reverseKey(code) === target : code === target
      return sourcesOf(map.reverse, target)
        .filter(
          (place) =>
            forward.firstEdition(place) <= edition.place && edition.place < forward.endEdition(place),
        )
        .map((place) => ({ system, standard, edition, row: mapRowAt(forward, place) }))
        .filter(({ row }) => covers(row, day))
        .filter(({ row }) =>
          row.groups.some(({ targets }) => targets.some((one) => asked(one.code) && covers(one, day))),
        )
    },
  }
}

/** A map with its calendar. */
function mapOf(live: LiveBook) {
  return { ...live.book, ...createCalendar(liveEditions(live)) }
}
