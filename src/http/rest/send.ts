/** Sends one national message for a REST request and returns what to answer. */
import { GatewayError, PROBLEMS, type ProblemCode } from '../../domain/problems.ts'
import { type Operation, operationNamed } from '../../extension/dialect.ts'
import { messageName } from '../../journal/entry.ts'
import type { Caller } from '../../pipeline/callers.ts'
import type { Patience, Services } from '../../pipeline/context.ts'
import { handle } from '../../pipeline/handle.ts'
import { MisdirectedRequest } from '../../pipeline/misdirected.ts'
import type { Receipt } from '../../pipeline/receipt.ts'
import { REST } from './answer-format.ts'
import { envelopeOf, GATEWAY_OPERATOR, type Head } from './envelope.ts'
import { registered } from './institution-of.ts'
import type { OpenedEncounter } from './opened-encounter.ts'
import { inOurNames, placeInRequest } from './own-names.ts'
import type { Written } from './written.ts'

/** A parsed REST request. */
export interface Call<Body> {
  readonly services: Services
  readonly caller: Caller
  readonly body: Body
  /** Value of the path parameter, encounter or settlement; empty if there is none. */
  readonly subject: string
  /** Key of the request in the journal; null for a query. */
  readonly key: string | null
  readonly bodyHash: string
  readonly patience: Patience | null
}

/** The answer. */
export interface Done {
  readonly body: Buffer
  readonly problem: ProblemCode | null
  readonly replayed: boolean
  readonly receipt: Receipt | null
  /** Seconds after which the caller may retry. */
  readonly retryAfterSeconds?: number | null
}

/** A message to send. */
export interface Sending {
  /** Name of its operation. */
  readonly operation: string
  readonly head: Head
  readonly input: Written
  /** One of several messages of a request: each has its own key. */
  readonly isPart?: true
}

/** Key of one of several messages of a request. */
export function partKey(key: string, { transaction }: Operation): string {
  return `${key}|${transaction}`
}

interface GivenHead {
  readonly institution: string
  readonly insuredArea: string
  readonly treatmentArea?: string | undefined
  readonly operator?: Head['operator'] | undefined
}

/**
 * Common fields of a request that names its institution.
 *
 * @throws {GatewayError} institution-closed if neither the request nor the institution directory gives its area
 */
export function headOf(services: Services, given: GivenHead): Head {
  const { institution, insuredArea, operator = GATEWAY_OPERATOR } = given
  const treatmentArea = given.treatmentArea ?? registered(services, institution)?.area
  if (!treatmentArea)
    throw new GatewayError('institution-closed', 'receive', `定点医药机构${institution}未登记`)
  const places = {
    fixmedins_code: 'institution',
    insuplc_admdvs: 'insuredArea',
    mdtrtarea_admvs: given.treatmentArea ? 'treatmentArea' : 'institution',
    ...OPERATOR_PLACES,
  }
  return { institution, insuredArea, treatmentArea, operator, places }
}

const OPERATOR_PLACES = { opter: 'operator.id', opter_name: 'operator.name' } as const
const UNDER_ENCOUNTER = {
  fixmedins_code: 'encounter',
  insuplc_admdvs: 'encounter',
  mdtrtarea_admvs: 'encounter',
  ...OPERATOR_PLACES,
} as const

/** Common fields of a request under an encounter, from the message that opened it. */
export function headUnder(opened: OpenedEncounter, operator: Head['operator'] | undefined): Head {
  const { institution, insuredArea, treatmentArea } = opened
  return {
    institution,
    insuredArea,
    treatmentArea,
    operator: operator ?? GATEWAY_OPERATOR,
    places: UNDER_ENCOUNTER,
  }
}

/** A message id that no system of the institution has used, since all use the same format. */
async function freshId(
  { ids, journal }: Services,
  institution: string,
  transaction: string,
): Promise<string> {
  for (;;) {
    const message = ids.message(institution)
    const name = messageName({ institution, transaction, message })!
    if (await journal.inFlight(name)) continue
    if (!(await journal.byMessage(institution, message, transaction))) return message
  }
}

/** Sends a message. A retry reuses the message id of the first attempt, which is the only handle for a reversal. */
export async function send(call: Call<unknown>, sending: Sending): Promise<Done> {
  const { services, caller, bodyHash, patience } = call
  const { head, input, isPart } = sending
  const operation = operationNamed(services.dialect, sending.operation)
  const { transaction } = operation
  const key = call.key && isPart ? partKey(call.key, operation) : call.key
  // Two concurrent requests may each get an id of their own; they share a key, so only the first begins.
  const first = key && (await services.journal.messageOf(key))
  const id = first || (await freshId(services, head.institution, transaction))
  const reply = await handle(services, {
    dialect: services.dialect,
    format: services.formats.get(REST)!,
    caller,
    body: envelopeOf(services, head, transaction, id, input.input),
    placeOf: (field) => placeInRequest({ ...input.places(), ...head.places }, field) ?? field,
    named: (error) => inOurNames(error, input.input, { ...input.places(), ...head.places }),
    transaction: null,
    patience,
    ...(key ? { ownKey: { key, bodyHash } } : {}),
  })
  // A request is routed to its worker before it is written as a message.
  if (reply instanceof MisdirectedRequest)
    throw new Error(`worker ${reply.worker} serves ${head.institution}`)
  return reply
}

/** Combines two answers: a replay only if both are, with their times added. */
export function together(first: Done, second: Done, body: Buffer): Done {
  const receipt =
    first.receipt && second.receipt
      ? {
          ownMs: first.receipt.ownMs + second.receipt.ownMs,
          queueMs: first.receipt.queueMs + second.receipt.queueMs,
          commitMs: first.receipt.commitMs + second.receipt.commitMs,
          counterpartMs: first.receipt.counterpartMs + second.receipt.counterpartMs,
        }
      : null
  const { problem, retryAfterSeconds } = second
  return {
    body,
    problem,
    replayed: first.replayed && second.replayed,
    receipt,
    retryAfterSeconds: retryAfterSeconds ?? null,
  }
}

/** Parses an answer of this API. */
export function parsed(done: Done): Record<string, unknown> {
  return JSON.parse(done.body.toString('utf8')) as Record<string, unknown>
}

/** HTTP status of an answer. */
export function statusOf(problem: ProblemCode | null, yes: 200 | 201) {
  return problem ? PROBLEMS[problem].status : yes
}
