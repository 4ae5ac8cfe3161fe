/** In which code systems an institution of the register speaks. */
import type { CodebookEntry } from '../extension/codebook.ts'
import type { Systems } from '../extension/dialect.ts'

/** Its fee items have a system of its own, named after it unless told; its diagnoses are national unless told. */
export function systemsOf({ code, attributes = {} }: CodebookEntry): Systems {
  return { item: attributes.system ?? code, diagnosis: attributes.diagnosisSystem ?? 'national' }
}
