/** Ids of resources: the same in both releases, and never two of a kind alike. */
import { createHash } from 'node:crypto'

/** Form of an id in FHIR. */
const ID = /^[A-Za-z0-9.-]{1,64}$/
const HASH_DIGITS = 32

/**
 * An id that is readable where FHIR's alphabet allows it and nothing else could have the same.
 *
 * @param kind stands in front of an id that is not readable
 * @param plain the parts with their joints, `diagnosis.v2.0`
 * @param joint what may stand in no part, since it parts them
 */
export function idFrom(kind: string, plain: string, parts: readonly string[], joint: RegExp): string {
  if (ID.test(plain) && !parts.some((part) => joint.test(part))) return plain
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest('hex')
  return `${kind}-${hash.slice(0, HASH_DIGITS)}`
}
