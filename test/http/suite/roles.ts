/**
 * Which role the code of each request of the suite has. What is not named here is sent as the suite has it: wrong displays,
 * unknown versions and systems, supplements, languages. A role is that of the code in the suite's own world, never what we
 * would like to answer.
 */
import type { PLAYERS } from './world.ts'

/** What of a request is replaced by ours. */
export interface Role {
  readonly code: keyof typeof PLAYERS
  /** Whether the system stays as it is, since it is one that we do not know either. */
  readonly foreign?: boolean
  /** Whether a version that is named is one that exists; else it stays as it is. */
  readonly knownVersion?: boolean
  /** The display is the code's own, or one of another edition; else it stays as it is, and is wrong. */
  readonly display?: 'right' | 'former'
}

const good: Role = { code: 'good' }
const unknown: Role = { code: 'unknown' }
const retired: Role = { code: 'retired' }
const right: Role = { code: 'good', display: 'right' }
const former: Role = { code: 'good', knownVersion: true, display: 'former' }

/** Requests of `lookup` and `cs-validate-code`, by their names in `test-cases.json`. */
export const ROLES: Readonly<Record<string, Role>> = {
  'simple-lookup-1': good,
  'simple-lookup-2': retired,
  'parameters-lookup-supplement-none': good,
  'parameters-lookup-supplement-good': good,
  'parameters-lookup-supplement-bad': good,
  'loinc-lookup-code': good,
  'loinc-lookup-part': good,
  'loinc-lookup-list': good,
  'loinc-lookup-answer': good,
  lookup: { code: 'good', knownVersion: true },
  'lookup-pc': { code: 'composed', knownVersion: true },
  'omop-lookup-code': good,
  'omop-lookup-code2': unknown,
  'omop-lookup-code3': retired,
  'UCUM lookup': good,
  'lookup-with-annotation': { code: 'composed' },
  'validate-coding-bad-supplement-url': { code: 'good', foreign: true },
  'validate-code-inactive-display': former,
  'validate-code-inactive': retired,
  'validation-cs-code-good': good,
  'validation-cs-code-bad-code': unknown,
  'snomed-validation-1': unknown,
  'loinc-validate-code': good,
  'loinc-validate-code-uz': good,
  'loinc-validate-discouraged-code': retired,
  'loinc-validate-code-supp1': good,
  'loinc-validate-code-supp2': good,
  'loinc-validate-part': good,
  'loinc-validate-list': good,
  'loinc-validate-answer': good,
  'loinc-validate-invalid': unknown,
  'snomed-inactive-display': former,
  'validate-code-pc-good': { code: 'composed', knownVersion: true },
  'validate-code-pc-bad1': { code: 'badlyComposed', knownVersion: true },
  'validate-code-pc-bad2': { code: 'badlyComposed', knownVersion: true },
  'omop-basic-validation-code-good': good,
  'omop-basic-validation-coding-good': right,
  'omop-basic-validation-codeableconcept-good': good,
  'omop-basic-validation-code-bad': unknown,
  'omop-basic-validation-coding-bad': unknown,
  'omop-basic-validation-codeableconcept-bad': unknown,
  'omop-basic-validation-code-bad-display': good,
  'omop-basic-validation-coding-bad-display': good,
  'omop-basic-validation-codeableconcept-bad-display': good,
  'omop-basic-validation-code-bad-version': good,
  'omop-basic-validation-coding-bad-version': good,
  'omop-basic-validation-codeableconcept-bad-version': good,
  'no-system': good,
  'sct-parse': { code: 'malformed' },
  'sct-parse-pc': { code: 'composed' },
  'lang-case': { code: 'otherCase' },
  'lang-case2': good,
  provenance: good,
  'country-code': good,
  'sct-ver': good,
  'sct-display-1': { code: 'good', knownVersion: true },
  'sct-display-2': { code: 'good', knownVersion: true },
  ndc: retired,
  'x12-bad': { code: 'good', foreign: true },
  '3166-a': good,
  '3166-b': good,
  '3166-c': right,
  '3166-d': good,
}

/** Requests of `translate`: whether the code of the source has a target. */
export const TRANSLATED: Readonly<Record<string, boolean>> = {
  'translate-1': true,
  'translate-reverse': true,
  'snomed-translate': true,
  'translate-loinc-implicit': true,
  'translate-loinc-implicit-bad': false,
}
