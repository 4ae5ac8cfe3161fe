/** The engine over what the folders hold, once it is shown to be usable. */
import type { Registry } from '../extension/registry.ts'
import { type Codes, createCodes } from './codes.ts'
import { codebookFaults, mapFaults } from './faults.ts'

/** How many faults of the tables one message names. */
const FAULTS_MAX = 10

/** Checks the codebooks and maps and builds the engine. @throws where an entry is not usable, with its name */
export function loadCodes({ codebooks, maps }: Registry): Codes {
  const faults = [...codebooks.flatMap(codebookFaults), ...mapFaults(maps, codebooks)]
  if (faults.length > 0) {
    throw new Error(`The codebooks are not usable. ${faults.slice(0, FAULTS_MAX).join('; ')}`)
  }
  return createCodes({ codebooks, maps })
}
