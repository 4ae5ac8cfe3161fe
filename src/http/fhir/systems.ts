/**
 * Addresses (URIs) of code systems. No official URI of the national standards is known to us, so these are our own [A];
 * a deployment that knows better ones names them in the file `ZHIJIE_FHIR_SYSTEMS`. Ours are understood beside them.
 */
import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** A code system: a national table, or the list of a place. */
export type SystemRef =
  | { readonly kind: 'national'; readonly standard: string }
  | { readonly kind: 'local'; readonly system: string }

/** Addresses there and back. */
export interface SystemNames {
  /** What they are made of: this can be sent to another thread. */
  readonly named: NamedSystems
  urlOf(of: SystemRef): string
  /** @param url of a code system, or of the value set of all its codes (`…?fhir_vs`) */
  read(url: string): SystemRef | null
  /** Address of the map of a local system to a standard; its editions share it. */
  mapUrl(system: string, standard: string): string
}

const STANDARD = 'urn:zhijie:standard:'
const SYSTEM = 'urn:zhijie:system:'
const MAP = 'urn:zhijie:map:'
/** Marks the value set that holds all codes of a code system, as terminology servers write it. */
export const ALL_CODES = '?fhir_vs'

const named = z.record(z.string().min(1), z.url())
const namesFile = z.strictObject({ standards: named.default({}), systems: named.default({}) })

/** Addresses that a deployment names: `{ "standards": { "diagnosis": "https://…" }, "systems": {} }`. */
export type NamedSystems = z.infer<typeof namesFile>

/** Reads the file of addresses; null is none. @throws if it is missing or has another form */
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

/** Makes the addresses. @throws {RangeError} if two code systems would have one address */
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
