/** Resource ids: the same in both releases, and unique within a type. */
import { createHash } from 'node:crypto'

/** Form of an id in FHIR. */
const ID = /^[A-Za-z0-9.-]{1,64}$/
const HASH_DIGITS = 32

/**
 * A readable id where FHIR's alphabet allows it, unambiguous in any case.
 *
 * @param kind prefix of an id that is not readable
 * @param plain the joined parts, `diagnosis.v2.0`
 * @param joint the separator, which no part may contain
 */
export function idFrom(kind: string, plain: string, parts: readonly string[], joint: RegExp): string {
  if (ID.test(plain) && !parts.some((part) => joint.test(part))) return plain
  const hash = createHash('sha256').update(JSON.stringify(parts)).digest('hex')
  return `${kind}-${hash.slice(0, HASH_DIGITS)}`
}
