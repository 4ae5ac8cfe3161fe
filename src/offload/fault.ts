/** Carries errors from a worker thread: errors meant for the caller keep their class and message. */

import { GatewayError, type ProblemCode, type Stage } from '../domain/problems.ts'
import { FhirFault } from '../http/fhir/operation-outcome.ts'

/** An error as a message between threads. */
export type CarriedFault =
  | {
      readonly is: 'ours'
      readonly code: ProblemCode
      readonly stage: Stage
      readonly detail: string
      readonly extra: Readonly<Record<string, unknown>>
    }
  | { readonly is: 'fhir'; readonly status: FhirFault['status']; readonly issues: FhirFault['issues'] }
  | { readonly is: 'other'; readonly name: string; readonly message: string; readonly stack: string }

/** Prepares an error for `postMessage`. */
export function packFault(cause: unknown): CarriedFault {
  if (cause instanceof GatewayError) {
    const { code, stage, message: detail, extra } = cause
    return { is: 'ours', code, stage, detail, extra }
  }
  if (cause instanceof FhirFault) return { is: 'fhir', status: cause.status, issues: cause.issues }
  const { name, message, stack = '' } = cause instanceof Error ? cause : new Error(String(cause))
  return { is: 'other', name, message, stack }
}

/** Restores the error, with the stack of the thread that threw it. */
export function unpackFault(fault: CarriedFault): Error {
  if (fault.is === 'ours') return new GatewayError(fault.code, fault.stage, fault.detail, fault.extra)
  if (fault.is === 'fhir') return new FhirFault(fault.status, ...fault.issues)
  const { name, message, stack } = fault
  return Object.assign(new Error(message), { name, stack })
}
