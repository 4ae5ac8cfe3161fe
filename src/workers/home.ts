/**
 * The home of an institution: the one worker that carries out its messages. Everything that refers to each other (keys,
 * encounters, reversals, open cases) is of one institution and so in one journal. Never to be changed: the journals of a
 * data directory are laid out by it.
 */

const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193

/** FNV-1a over UTF-8, then the last mixing of murmur3: the low bits alone would follow the last characters of a code. */
function hashOf(text: string): number {
  let hash = FNV_OFFSET
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, FNV_PRIME)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/**
 * The home worker of an institution.
 *
 * @param institution `fixmedins_code`, `"H34010290001"`; any text has a home
 * @param workers how many there are, from 1
 * @returns a number from 1 to `workers`
 */
export function homeOf(institution: string, workers: number): number {
  return (hashOf(institution) % workers) + 1
}
