/** Sends one national message for a REST request and hands back what is to be answered. */
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
import { inOurNames, placeOf } from './own-names.ts'
import type { Written } from './written.ts'

/** A REST request, taken in. */
export interface Call<Body> {
  readonly services: Services
  readonly caller: Caller
  readonly body: Body
  /** Value of the path's parameter: encounter or settlement; empty if it has none. */
  readonly subject: string
  /** Key of the request in the journal; null for a question. */
  readonly key: string | null
  readonly bodyHash: string
  readonly patience: Patience | null
}

/** What is answered. */
export interface Done {
  readonly body: Buffer
  readonly problem: ProblemCode | null
  readonly replayed: boolean
  readonly receipt: Receipt | null
  /** Seconds after which it may be tried again. */
  readonly retryAfterSeconds?: number | null
}

/** One message to send. */
export interface Sending {
  /** Name of its operation. */
  readonly operation: string
  readonly head: Head
  readonly input: Written
  /** One of several messages of a request: each has a key of its own. */
  readonly isPart?: true
}

/** The key of one of several messages of a request. */
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
 * The head of a request that names its institution.
 *
 * @throws {GatewayError} institution-closed where neither the request nor the register says where it lies
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

/** The head of a request under an encounter: that of the message that opened it. */
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

/** A message id that no system of the institution has used: they are written in the same form. */
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

/** Sends. A retry carries the message id of the first attempt, which is the only handle for a reversal. */
export async function send(call: Call<unknown>, sending: Sending): Promise<Done> {
  const { services, caller, bodyHash, patience } = call
  const { head, input, isPart } = sending
  const operation = operationNamed(services.dialect, sending.operation)
  const { transaction } = operation
  const key = call.key && isPart ? partKey(call.key, operation) : call.key
  // Of two that come at once each may get an id of its own: their key is one, so only the first of them begins.
  const first = key && (await services.journal.messageOf(key))
  const id = first || (await freshId(services, head.institution, transaction))
  const reply = await handle(services, {
    dialect: services.dialect,
    format: services.formats.get(REST)!,
    caller,
    body: envelopeOf(services, head, transaction, id, input.input),
    placeOf: (field) => placeOf({ ...input.places(), ...head.places }, field) ?? field,
    named: (error) => inOurNames(error, input.input, { ...input.places(), ...head.places }),
    transaction: null,
    patience,
    ...(key ? { ownKey: { key, bodyHash } } : {}),
  })
  // A request is placed before it is written as a message.
  if (reply instanceof MisdirectedRequest)
    throw new Error(`worker ${reply.worker} serves ${head.institution}`)
  return reply
}

/** Two answers as one: given again only where both are, and timed together. */
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

/** Reads an answer of this door back. */
export function parsed(done: Done): Record<string, unknown> {
  return JSON.parse(done.body.toString('utf8')) as Record<string, unknown>
}

/** HTTP status of an answer. */
export function statusOf(problem: ProblemCode | null, yes: 200 | 201) {
  return problem ? PROBLEMS[problem].status : yes
}
