/** What every operation of a door is given: one edition set for one request. */
import type { ParametersParameter } from 'fhir/r4.js'
import type { Codes } from '../../codes/codes.ts'
import type { CodebookHead } from '../../codes/outcome.ts'
import type { Day } from '../../domain/day.ts'
import { badRequest, notFound } from './fault.ts'
import type { MapIndex } from './maps.ts'
import type { Coding } from './parameters.ts'
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

/** The national table of an address. @throws {FhirFault} where there is none */
export function bookAt({ codes, names }: View, url: string): CodebookHead {
  const ref = names.read(url)
  const book = ref?.kind === 'national' ? codes.book(ref.standard) : undefined
  if (!book) throw notFound('没有这个地址的国家编码系统；GET CodeSystem列出全部')
  return book
}

/** The one code that is asked for. @throws {FhirFault} where none or several are */
export function onlyOne(codings: readonly (Coding | undefined)[], names: string): Coding {
  const given = codings.filter((one) => one !== undefined)
  const [coding] = given
  if (given.length !== 1 || !coding) throw badRequest(`须给出且只能给出一个：${names}`, 'required')
  return coding
}
