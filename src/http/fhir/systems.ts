/**
 * URIs of code systems. We know of no official URIs of the national standards, so these are our own [A]; a deployment
 * that knows better ones lists them in the file `ZHIJIE_FHIR_SYSTEMS`. Ours are accepted as well.
 */
import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** A code system: a national table, or a local list. */
export type SystemRef =
  | { readonly kind: 'national'; readonly standard: string }
  | { readonly kind: 'local'; readonly system: string }

/** Maps URIs in both directions. */
export interface SystemNames {
  /** What they are built from; can be sent to another thread. */
  readonly named: NamedSystems
  urlOf(of: SystemRef): string
  /** @param url of a code system, or of the value set of all its codes (`…?fhir_vs`) */
  read(url: string): SystemRef | null
  /** URI of the map from a local system to a standard, shared by its editions. */
  mapUrl(system: string, standard: string): string
}

const STANDARD = 'urn:zhijie:standard:'
const SYSTEM = 'urn:zhijie:system:'
const MAP = 'urn:zhijie:map:'
/** Suffix of the value set of all codes of a code system, by convention of terminology servers. */
export const ALL_CODES = '?fhir_vs'

const named = z.record(z.string().min(1), z.url())
const namesFile = z.strictObject({ standards: named.default({}), systems: named.default({}) })

/** URIs chosen by a deployment: `{ "standards": { "diagnosis": "https://…" }, "systems": {} }`. */
export type NamedSystems = z.infer<typeof namesFile>

/** Reads the file of URIs; null if there is none. @throws if it is missing or malformed */
export function readNamedSystems(file: string | null): NamedSystems {
  if (file === null) return { standards: {}, systems: {} }
  try {
    return namesFile.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message
    throw new Error(`ZHIJIE_FHIR_SYSTEMS: the file ${file} is not usable. ${why}`)
  }
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

/** Creates the mapping. @throws {RangeError} if two code systems share a URI */
export function createSystemNames(named: NamedSystems): SystemNames {
  const { standards, systems } = named
  const refs = new Map<string, SystemRef>()
  const given = [
    ...Object.entries(standards).map(([standard, url]) => [url, { kind: 'national', standard }] as const),
    ...Object.entries(systems).map(([system, url]) => [url, { kind: 'local', system }] as const),
  ]
  for (const [url, ref] of given) {
    if (refs.has(url)) throw new RangeError(`ZHIJIE_FHIR_SYSTEMS: two code systems have the address ${url}`)
    refs.set(url, ref)
  }
  const own = (table: Readonly<Record<string, string>>, key: string) =>
    Object.hasOwn(table, key) ? table[key] : undefined

  return {
    named,
    urlOf: (of) =>
      of.kind === 'national'
        ? (own(standards, of.standard) ?? STANDARD + encodeURIComponent(of.standard))
        : (own(systems, of.system) ?? SYSTEM + encodeURIComponent(of.system)),
    read(url) {
      const plain = url.endsWith(ALL_CODES) ? url.slice(0, -ALL_CODES.length) : url
      const known = refs.get(plain)
      if (known) return known
      const prefix = [STANDARD, SYSTEM].find((one) => plain.startsWith(one))
      const name = prefix ? decoded(plain.slice(prefix.length)) : null
      if (!name) return null
      return prefix === STANDARD ? { kind: 'national', standard: name } : { kind: 'local', system: name }
    },
    mapUrl: (system, standard) => `${MAP}${encodeURIComponent(system)}:${encodeURIComponent(standard)}`,
  }
}
