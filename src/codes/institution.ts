/** In which code systems an institution of the register speaks, and what was agreed about its codes. */
import type { CodebookEntry } from '../extension/codebook.ts'
import type { Systems } from '../extension/dialect.ts'

/** What is done with a code that is certainly none: it is told beside the answer, or the message is refused. */
export type CodeContract = 'warn' | 'refuse'

/** What was agreed with an institution (attribute `codes` of its row): a warning unless told. */
export function codeContractOf({ attributes = {} }: CodebookEntry): CodeContract {
  return attributes.codes === 'refuse' ? 'refuse' : 'warn'
}

/** Its fee items have a system of its own, named after it unless told; its diagnoses are national unless told. */
export function systemsOf({ code, attributes = {} }: CodebookEntry): Systems {
  return { item: attributes.system ?? code, diagnosis: attributes.diagnosisSystem ?? 'national' }
}
