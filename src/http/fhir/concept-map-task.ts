/** The export of a map as a task for a worker thread. */
import type { Codes } from '../../codes/codes.ts'
import type { Day } from '../../domain/day.ts'
import type { TaskAnswer } from '../../offload/task.ts'
import { writeConceptMap } from './concept-maps.ts'
import { createMapIndexes } from './maps.ts'
import { fhirJson, type Release } from './release.ts'
import { createSystemNames, type NamedSystems } from './systems.ts'

/** Which map to export, and how. */
export interface ConceptMapQuestion {
  readonly release: Release
  readonly id: string
  readonly named: NamedSystems
  readonly today: Day
}

/** Writes it chunk by chunk. @throws {FhirFault} if there is none */
export function conceptMapAnswer(
  { release, id, named, today }: ConceptMapQuestion,
  codes: Codes,
): TaskAnswer {
  const names = createSystemNames(named)
  const maps = createMapIndexes(names)(codes)
  return { type: fhirJson(release), body: writeConceptMap({ release, codes, maps, names, today }, id) }
}
