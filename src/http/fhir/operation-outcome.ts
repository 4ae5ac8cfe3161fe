/** Errors as FHIR OperationOutcomes, one issue each. */
import type { OperationOutcome, OperationOutcomeIssue } from 'fhir/r4.js'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { GatewayError } from '../../domain/problems.ts'
import { WrongMethod } from '../roles.ts'

/** Issue codes in use; the same in both releases. */
export type IssueCode = Extract<
  OperationOutcomeIssue['code'],
  | 'invalid'
  | 'required'
  | 'not-found'
  | 'not-supported'
  | 'business-rule'
  | 'too-long'
  | 'login'
  | 'forbidden'
  | 'conflict'
  | 'transient'
  | 'exception'
  | 'informational'
  | 'code-invalid'
  | 'too-costly'
>

/** What is wrong, and where in the request. */
export interface Issue {
  readonly code: IssueCode
  readonly text: string
  /** FHIRPath of the element. */
  readonly expression?: string
  /** Detail code as used by terminology servers (`tx-issue-type`). */
  readonly tx?: string
  /** Message id as used by HL7's terminology servers. */
  readonly messageId?: string
  /** Severity, if it differs from that of the whole outcome. */
  readonly severity?: OperationOutcomeIssue['severity']
}

/** System of the detail codes. Source: HL7/fhir-tx-ecosystem-ig 888e84d, tests. [F] */
const TX_ISSUE_TYPE = 'http://hl7.org/fhir/tools/CodeSystem/tx-issue-type'
const MESSAGE_ID = 'http://hl7.org/fhir/StructureDefinition/operationoutcome-message-id'

/** Refuses a request. */
export class FhirFault extends Error {
  override readonly name = 'FhirFault'
  readonly status: ContentfulStatusCode
  readonly issues: readonly Issue[]

  constructor(status: ContentfulStatusCode, ...issues: readonly Issue[]) {
    super(issues[0]?.text ?? '')
    this.status = status
    this.issues = issues
  }
}

/** The request is malformed. */
export function badRequest(text: string, code: IssueCode = 'invalid'): FhirFault {
  return new FhirFault(400, { code, text })
}

/** There is no such resource. */
export function notFound(text: string): FhirFault {
  return new FhirFault(404, { code: 'not-found', text })
}

/** The operation at the end of an address. */
const OPERATION = /\$[\w-]+(?=\/?$)/

/** No such address; an operation that is not offered is reported as such. */
function noSuch(path: string): FhirFault {
  const [operation] = OPERATION.exec(path) ?? []
  if (!operation) return notFound('没有该地址；GET metadata列出全部')
  const text = `此处不支持${operation}；GET metadata列出全部操作`
  return new FhirFault(404, { code: 'not-supported', text })
}

/**
 * Converts an error of the gate to FHIR terms for an unknown address. All operations accept POST, so an address that
 * ends with an operation and does not is a read of a resource with that name.
 */
export function gateFault(cause: unknown, path: string): unknown {
  const isResource = cause instanceof WrongMethod && OPERATION.test(path) && !cause.allow.includes('POST')
  return isResource || (cause instanceof GatewayError && cause.code === 'not-found') ? noSuch(path) : cause
}

const CODES: Readonly<Record<number, IssueCode>> = {
  401: 'login',
  403: 'forbidden',
  404: 'not-found',
  405: 'not-supported',
  409: 'conflict',
  413: 'too-long',
  415: 'not-supported',
  500: 'exception',
  503: 'transient',
}

/** An error of the gateway in the words of FHIR. */
export function fhirFault(error: GatewayError): FhirFault {
  const { status } = error.row
  return new FhirFault(status, { code: CODES[status] ?? 'invalid', text: error.message })
}

/** Headers that say what to do next: when to retry, and which methods an address allows. */
export function adviceOf(cause: unknown, status: number): (readonly [name: string, value: string])[] {
  if (cause instanceof WrongMethod) return [['allow', cause.allow]]
  return status === 503 ? [['retry-after', '5']] : []
}

/** Builds an OperationOutcome. */
export function outcomeOf(
  issues: readonly Issue[],
  severity: OperationOutcomeIssue['severity'] = 'error',
): OperationOutcome {
  return {
    resourceType: 'OperationOutcome',
    issue: issues.map(({ code, text, expression, tx, messageId, severity: own }) => ({
      ...(messageId && { extension: [{ url: MESSAGE_ID, valueString: messageId }] }),
      severity: own ?? severity,
      code,
      details: { ...(tx && { coding: [{ system: TX_ISSUE_TYPE, code: tx }] }), text },
      // Terminology clients expect the place under both names.
      ...(expression && tx && { location: [expression] }),
      ...(expression && { expression: [expression] }),
    })),
  }
}
