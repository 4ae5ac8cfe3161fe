/** Code systems of a registered institution, and the agreement about its codes. */
import type { CodebookEntry } from '../extension/codebook.ts'
import type { Systems } from '../extension/dialect.ts'
import type { Codes } from './codes.ts'
import { ITEM } from './national.ts'

/** What happens to a code that is certainly wrong: the answer warns, or the message is refused. */
export type CodeContract = 'warn' | 'refuse'

/** The agreement with an institution (attribute `codes` of its row); a warning by default. */
export function codeContractOf({ attributes = {} }: CodebookEntry): CodeContract {
  return attributes.codes === 'refuse' ? 'refuse' : 'warn'
}

/** Attributes that name the system of a standard: `diagnosisSystem`, `chronicDiseaseSystem`. */
const SYSTEM = /^([a-z]\w*)System$/

/** `chronicDisease` → `chronic-disease`. */
const standardOf = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/**
 * The systems of an institution by standard. Its fee items use a system of its own, named after it by
 * default. Other codes are national unless an attribute says otherwise (`diagnosisSystem`) or a map leads
 * from its own system. Diagnoses use its own system only if an attribute says so.
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
