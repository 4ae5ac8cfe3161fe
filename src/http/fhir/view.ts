/** What every operation of a door is given: one edition set for one request. */
import type { ParametersParameter } from 'fhir/r4.js'
import type { Codes } from '../../codes/codes.ts'
import type { CodebookHead } from '../../codes/outcome.ts'
import type { Day } from '../../domain/day.ts'
import type { MapIndex } from './maps.ts'
import { badRequest, FhirFault, notFound } from './operation-outcome.ts'
import type { Release } from './release.ts'
import type { SystemNames } from './systems.ts'

/** One request's view. */
export interface View {
  readonly release: Release
  readonly codes: Codes
  readonly maps: MapIndex
  readonly names: SystemNames
  readonly today: Day
}

/** A Parameters resource; the parts that are used are the same in both releases. */
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

/** The one way in which codes are given. @throws {FhirFault} if none or several are */
export function onlyOne<Way>(ways: readonly (Way | undefined)[], names: string): Way {
  const given = ways.filter((one) => one !== undefined)
  const [way] = given
  if (given.length !== 1 || way === undefined) throw badRequest(`须给出且只能给出一个：${names}`, 'required')
  return way
}

/** An address and the version that may follow it after a bar. */
export function canonicalOf(text: string): { readonly url: string; readonly version?: string } {
  const [url = '', version] = text.split('|', 2)
  return version ? { url, version } : { url }
}

/**
 * Refuses supplements: none are kept here, and one that is wanted may not be passed over.
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
