/** Local code systems: their packed maps by system and standard, queried for a day. */
import type { Day } from '../domain/day.ts'
import { createCalendar, liveEditions } from './calendar.ts'
import type { LiveBook } from './pack.ts'
import { mapRowAt, reverseKey } from './store/map-rows.ts'
import { sourcesOf } from './store/reverse.ts'
import type { EditionHead, MapRow } from './store/rows.ts'

/** A row of a map and its place. */
export interface LocalRow {
  readonly system: string
  readonly standard: string
  readonly edition: EditionHead
  readonly row: MapRow
}

/**
 * Answer of a local system about a code on a day; if there is none, the row that has expired or is not valid yet.
 */
type LocalAnswer = { readonly found: LocalRow } | { readonly found: null; readonly idle?: MapRow }

/** Indexed maps. */
export interface LocalCodes {
  /** Whether a map leads from a system to one of the standards. */
  knows(system: string, standards: readonly string[]): boolean
  /** Whether one of those maps has an edition in force on a day. */
  covers(system: string, standards: readonly string[], day: Day): boolean
  /**
   * @param standards ids of acceptable codebooks, in order of preference
   * @param code the local code, exactly as written
   */
  find(system: string, standards: readonly string[], code: string, day: Day): LocalAnswer
  /** Rows that lead to a national code on a day. A code without a local price part matches targets with any. */
  sources(system: string, standard: string, target: string, day: Day): readonly LocalRow[]
}

/** Whether a span contains a day. */
export function covers({ from, until }: { readonly from?: Day; readonly until?: Day }, day: Day): boolean {
  return (!from || from <= day) && (!until || day < until)
}

/** Indexes maps. @param books maps by system and standard; the last of a pair wins */
export function createLocalCodes(books: readonly LiveBook[]): LocalCodes {
  const systems = new Map<string, Map<string, ReturnType<typeof mapOf>>>()
  for (const live of books) {
    const system = live.book.system!
    const maps = systems.get(system) ?? new Map()
    systems.set(system, maps.set(live.book.standard, mapOf(live)))
  }
  // Two look-ups cost less than building one key from two strings.
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
