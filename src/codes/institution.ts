/** In which code systems an institution of the register speaks, and what was agreed about its codes. */
import type { CodebookEntry } from '../extension/codebook.ts'
import type { Systems } from '../extension/dialect.ts'
import type { Codes } from './codes.ts'
import { ITEM } from './national.ts'

/** What is done with a code that is certainly none: it is told beside the answer, or the message is refused. */
export type CodeContract = 'warn' | 'refuse'

/** What was agreed with an institution (attribute `codes` of its row): a warning unless told. */
export function codeContractOf({ attributes = {} }: CodebookEntry): CodeContract {
  return attributes.codes === 'refuse' ? 'refuse' : 'warn'
}

/** The attribute that names the system of a standard: `diagnosisSystem`, `chronicDiseaseSystem`. */
const SYSTEM = /^([a-z]\w*)System$/

/** `chronicDisease` → `chronic-disease`. */
const standardOf = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/**
 * The systems of an institution by standard. Its fee items have a system of its own, named after it unless told. Other codes
 * are national unless told (`diagnosisSystem`) or unless a map leads from its own system: then they are its own. Diagnoses
 * are its own only where that is told.
 */
export function systemsOf(
  { code, attributes = {} }: CodebookEntry,
  codes?: Pick<Codes, 'mapsFrom'>,
): Systems {
  const own = attributes.system ?? code
  const mapped = (codes?.mapsFrom(own) ?? []).map(({ book }) => [book.standard, own] as const)
  const told = Object.entries(attributes).flatMap(([name, system]) => {
    const standard = SYSTEM.exec(name)?.[1]
    return standard && system ? [[standardOf(standard), system] as const] : []
  })
  return { ...Object.fromEntries(mapped), diagnosis: 'national', ...Object.fromEntries(told), [ITEM]: own }
}
