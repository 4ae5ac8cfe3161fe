/** What goes no further is refused: the caller is told why, and the journal keeps what is to be kept of it. */
import type { GatewayError } from '../domain/problems.ts'
import { untilOf } from './budget.ts'
import { type OutboundReply, type RequestContext, type Services, Stopped } from './context.ts'
import { earlierHashOf, intentOf, noteOf } from './intent.ts'
import { toldOf } from './outcome.ts'
import { errorOf, retryAfterOf } from './refusals.ts'
import { replyAgain } from './replay.ts'
import { waitForFirst } from './waiting.ts'

/**
 * Refuses a request. Whether it left no outcome behind is decided by the stage of its error: of what was refused before its
 * intent the key is taken, so that the same message is refused alike; of what the journal itself turned away only a note is kept.
 *
 * @param arrived the request as it came, where nothing more was known of it
 * @param thrown with what was known of it by then, where it was more
 */
export async function refuse(
  services: Services,
  arrived: RequestContext,
  thrown: unknown,
): Promise<OutboundReply> {
  const context = thrown instanceof Stopped ? thrown.context : arrived
  const why = thrown instanceof Stopped ? thrown.cause : thrown
  const { inbound, stopwatch } = context
  const { named = (one: GatewayError) => one } = inbound
  const cause = isBeforeIntent(errorOf(why)) ? await afterFirst(services, context, why) : why
  const error = named(errorOf(cause))
  if (error.code === 'internal-fault' || error.code === 'journal-down') services.reportFault(cause)
  const at = services.clock.now()
  const { treatmentArea = '', operation } = context.envelope ?? {}
  const body = inbound.format.failure(error, at, services.ids.answer(treatmentArea), operation?.transaction)
  const told = { ...toldOf(error), hop: 'gateway', at }
  const reply = { body, problem: error.code, replayed: false, retryAfterSeconds: retryAfterOf(error) }
  if (error.stage === 'journal') await noteOf(services, context, { ...told, state: 'rejected' })
  if (!isBeforeIntent(error)) return { ...reply, receipt: stopwatch.receipt() }
  try {
    const outcome = { ...told, reply: body }
    const earlier = earlierHashOf(services.earlierBodyHash, context)
    const intent = await intentOf(services, context)
    const rejected = services.journal.reject(intent, outcome, 'rejected', earlier)
    const before = await stopwatch.commit(rejected)
    const receipt = stopwatch.receipt()
    return before ? replyAgain(services, inbound.format, before, receipt) : { ...reply, receipt }
  } catch (fault) {
    services.reportFault(fault)
    return { ...reply, receipt: stopwatch.receipt() }
  }
}

function isBeforeIntent({ stage }: GatewayError): boolean {
  return stage === 'receive' || stage === 'translate'
}

/**
 * Waits while the same request is being handled: it hears what became of the first, whatever is said of it now.
 *
 * @returns why it is refused then: as before, or that the first takes too long
 */
async function afterFirst(services: Services, context: RequestContext, why: unknown): Promise<unknown> {
  const { envelope, stopwatch } = context
  if (!envelope) return why
  try {
    const intent = await intentOf(services, context)
    await stopwatch.commit(waitForFirst(services, intent, untilOf(services, context, envelope)))
    return why
  } catch (inFlight) {
    return inFlight
  }
}
