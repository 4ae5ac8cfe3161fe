/**
 * Findings of `$validate-code` in the terms that terminology clients expect: the FHIR issue type, its detail code
 * (`tx-issue-type`) and the message id. Source: HL7/fhir-tx-ecosystem-ig 888e84d, tests/validation, /omop, /bugs,
 * /notSelectable, /inactive. [F]
 */
import type { Issue } from './operation-outcome.ts'

type Kind = Pick<Issue, 'code' | 'tx' | 'messageId' | 'severity'>

const error = (code: Kind['code'], tx: string, messageId?: string): Kind => ({
  severity: 'error',
  code,
  tx,
  ...(messageId && { messageId }),
})

/** All findings. */
const KINDS = {
  'unknown-code': error('code-invalid', 'invalid-code', 'Unknown_Code_in_Version'),
  /** Malformed code, reported in addition to `unknown-code`. */
  'wrong-form': { ...error('code-invalid', 'invalid-code'), severity: 'information' },
  'unknown-version': error('not-found', 'not-found', 'UNKNOWN_CODESYSTEM_VERSION'),
  /** The day has no edition, or another than the named version. */
  'no-edition': error('business-rule', 'not-found'),
  'unknown-system': error('not-found', 'not-found', 'UNKNOWN_CODESYSTEM'),
  'no-system': {
    ...error('invalid', 'invalid-data', 'Coding_has_no_system__cannot_validate'),
    severity: 'warning',
  },
  'no-code': error('invalid', 'invalid-data'),
  'not-in-value-set': error(
    'code-invalid',
    'not-in-vs',
    'None_of_the_provided_codes_are_in_the_value_set_one',
  ),
  'wrong-display': error('invalid', 'invalid-display', 'Display_Name_for__should_be_one_of__instead_of'),
  /** A name that the code has in another edition. */
  'other-display': { ...error('invalid', 'display-comment', 'INACTIVE_DISPLAY_FOUND'), severity: 'warning' },
  'not-active': error('business-rule', 'code-rule', 'STATUS_CODE_WARNING_CODE'),
  abstract: error('business-rule', 'code-rule', 'ABSTRACT_CODE_NOT_ALLOWED'),
  /** The local part of a code, which the national table does not define. */
  'local-part': { severity: 'information', code: 'informational', tx: 'process-note' },
} as const satisfies Record<string, Kind>

/** Name of something that can be found. */
export type FindingKind = keyof typeof KINDS

/** Makes an issue. @param expression place in the request, `Coding.code` */
export function finding(kind: FindingKind, text: string, expression?: string): Issue {
  return { ...KINDS[kind], text, ...(expression && { expression }) }
}
