/** `ValueSet/$expand` as a task for a worker thread. */
import type { Codes } from '../../codes/codes.ts'
import type { Day } from '../../domain/day.ts'
import type { TaskAnswer } from '../../offload/task.ts'
import { expand } from './expand.ts'
import type { GivenParameters } from './parameters.ts'
import { fhirJson, type Release } from './release.ts'
import { createSystemNames, type NamedSystems } from './systems.ts'

/** Which value set to expand, and how. */
export interface ExpansionQuestion {
  readonly release: Release
  readonly named: NamedSystems
  readonly today: Day
  readonly given: Pick<GivenParameters, 'texts' | 'lists' | 'days' | 'flags'>
}

/** Expands it. @throws {FhirFault} as `expand` */
export function expansionAnswer(
  { release, named, today, given }: ExpansionQuestion,
  codes: Codes,
): TaskAnswer {
  const names = createSystemNames(named)
  const body = JSON.stringify(expand({ release, codes, names, today }, given))
  return { type: fhirJson(release), body }
}
