/** The FHIR doors alone over a small world, on a free port. */
import { createCodes } from '../../src/codes/codes.ts'
import type { Codebook, CodeMap } from '../../src/extension/codebook.ts'
import { fhirRoutes } from '../../src/http/fhir/routes.ts'
import { createSystemNames } from '../../src/http/fhir/systems.ts'
import { illness, illnessMap, on, treatment, treatmentMap } from '../codes/fixture.ts'
import { offloadHere } from '../offload/support.ts'
import { served } from './codes-support.ts'

/** Addresses of the small world. */
export const ILLNESS = 'urn:zhijie:standard:illness'
export const TREATMENT = 'urn:zhijie:standard:treatment'
export const HOSPITAL = 'urn:zhijie:system:H'

/** What may differ. */
interface World {
  readonly codebooks?: readonly Codebook[]
  readonly maps?: readonly CodeMap[]
  readonly publicUrl?: string | null
  readonly standards?: Readonly<Record<string, string>>
}

/** Opens both doors; it is the first day of 2026, and what is our own fault is thrown. */
export async function openFhir({
  codebooks = [illness, treatment],
  maps = [illnessMap, treatmentMap],
  publicUrl = null,
  standards = {},
}: World = {}) {
  const codes = createCodes({ codebooks, maps })
  const door = await served(
    fhirRoutes({
      codes: { current: () => codes },
      today: () => on('2026-01-01'),
      callers: { identify: () => ({ id: 'test', institutions: 'any', maintainsCodes: true }) },
      ready: () => true,
      names: createSystemNames({ standards, systems: {} }),
      publicUrl,
      offload: offloadHere(null, () => codes),
      importer: { take: () => Promise.resolve({ taken: true, id: 'x', rows: 1, version: '1', remarks: [] }) },
      fault: (cause) => {
        throw cause
      },
    }),
  )
  return {
    ...door,
    /** Asks by GET. */
    get: (path: string, parameters: Record<string, string> | [string, string][] = {}, init?: RequestInit) => {
      const query = String(new URLSearchParams(parameters))
      return door.ask(query ? `${path}?${query}` : path, init)
    },
    /** Asks an operation by a Parameters resource. */
    operate: (path: string, parameter: object[], headers: Record<string, string> = {}) =>
      door.post(path, { resourceType: 'Parameters', parameter }, headers),
  }
}

// biome-ignore lint/suspicious/noExplicitAny: what is answered is what the test looks at
type Json = any

/** The parameters of an answer by name: the value, or the resource. */
export function byName(json: Json): Record<string, Json> {
  return Object.fromEntries(
    (json.parameter ?? []).map((one: Json) => {
      const key = Object.keys(one).find((name) => name.startsWith('value'))
      return [one.name, key ? one[key] : (one.resource ?? one.part)]
    }),
  )
}

/** Severity, code and finer code of each issue, and where it is. */
export function issuesOf(json: Json): string[] {
  return (byName(json).issues?.issue ?? []).map(({ severity, code, details, expression }: Json) =>
    `${severity} ${code} ${details.coding[0].code} ${expression?.[0] ?? ''}`.trim(),
  )
}
