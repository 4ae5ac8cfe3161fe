/** Context of an operation: one set of editions per request. */
import type { ParametersParameter } from 'fhir/r4.js'
import type { Codes } from '../../codes/codes.ts'
import type { CodebookHead } from '../../codes/outcome.ts'
import type { Day } from '../../domain/day.ts'
import type { MapIndex } from './maps.ts'
import { badRequest, FhirFault, notFound } from './operation-outcome.ts'
import type { Release } from './release.ts'
import type { SystemNames } from './systems.ts'

/** Context of one request. */
export interface View {
  readonly release: Release
  readonly codes: Codes
  readonly maps: MapIndex
  readonly names: SystemNames
  readonly today: Day
}

/** A Parameters resource; the parts in use are equal in both releases. */
export function parametersOf(parameter: readonly ParametersParameter[]) {
  return { resourceType: 'Parameters', parameter } as const
}

/** The national table of an address. @throws {FhirFault} if there is none */
export function bookAt({ codes, names }: Pick<View, 'codes' | 'names'>, url: string): CodebookHead {
  const ref = names.read(url)
  const book = ref?.kind === 'national' ? codes.book(ref.standard) : undefined
  if (!book) throw notFound('没有该地址对应的国家编码体系；GET CodeSystem列出全部')
  return book
}

/** The one way in which a code is given. @throws {FhirFault} if there is none or several */
export function onlyOne<Way>(ways: readonly (Way | undefined)[], names: string): Way {
  const given = ways.filter((one) => one !== undefined)
  const [way] = given
  if (given.length !== 1 || way === undefined) throw badRequest(`须给出且只能给出一个：${names}`, 'required')
  return way
}

/** Splits an address from the version that may follow a bar. */
export function canonicalOf(text: string): { readonly url: string; readonly version?: string } {
  const [url = '', version] = text.split('|', 2)
  return version ? { url, version } : { url }
}

/**
 * Refuses supplements: none are kept here, and a requested one must not be ignored.
 *
 * @throws {FhirFault} if one is named
 */
export function refuseSupplements(wanted: readonly string[] | undefined): void {
  const [first] = wanted ?? []
  if (first === undefined) return
  throw new FhirFault(404, {
    code: 'not-found',
    tx: 'not-found',
    messageId: 'VALUESET_SUPPLEMENT_MISSING',
    text: `没有该补充编码体系（supplement）：${first.slice(0, 200)}`,
  })
}
