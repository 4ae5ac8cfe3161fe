/** The reverse index of a map: for each national code the rows, of all editions, that map to it. */
import { ALWAYS, NEVER } from './day-number.ts'
import { groupsAt, reverseKey } from './map-rows.ts'
import type { Packed, Sections } from './packed.ts'
import { createPacker } from './packer.ts'

/** Packs the reverse index of a map. */
export function packReverse(forward: Packed): Sections {
  const sources = new Map<string, number[]>()
  for (const first of forward.heads()) {
    for (let place = first; place !== 0; place = forward.next(place)) {
      const targets = groupsAt(forward, place).flatMap((group) => group.targets)
      for (const key of new Set(targets.map(({ code }) => reverseKey(code)))) {
        const places = sources.get(key)
        if (places) places.push(place)
        else sources.set(key, [place])
      }
    }
  }
  const packer = createPacker(null, 0)
  for (const [key, places] of sources) {
    const details = new Uint8Array(new Uint32Array(places).buffer)
    packer.add(key, { name: '', details, from: ALWAYS, until: NEVER, marks: 0 })
  }
  return packer.finish().sections
}

/** Places of the rows that map to a national code, in order of their codes. */
export function sourcesOf(reverse: Packed, target: string): readonly number[] {
  const place = reverse.find(reverseKey(target))
  if (place === 0) return []
  // Copied because entries of the pool are not aligned.
  return [...new Uint32Array(reverse.details(place).slice().buffer)]
}
