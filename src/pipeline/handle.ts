/**
 * One request, from top to bottom: each line takes what the line before gives, and nothing it was given is changed.
 * Questions, which change nothing, and refusals stand beside it (`questions.ts`, `refuse.ts`).
 */
import type { InboundRequest, OutboundReply, RequestContext, Services } from './context.ts'
import { isQuestion, send } from './dispatch.ts'
import { begin } from './intent.ts'
import { MisdirectedRequest } from './misdirected.ts'
import { conclude } from './outcome.ts'
import { askPlatform } from './questions.ts'
import { startStopwatch } from './receipt.ts'
import { receive, toNational } from './receive.ts'
import { answer, record } from './record.ts'
import { refuse } from './refuse.ts'
import { replay } from './replay.ts'

/**
 * Handles one request: every request is answered in the format of its door.
 *
 * @returns where another worker serves the institution, that: then nothing was done
 */
export async function handle(
  services: Services,
  inbound: InboundRequest,
): Promise<OutboundReply | MisdirectedRequest> {
  const arrived = arrive(services, inbound)
  try {
    // What was received is no local: that would live until the answer, with the lines of the bill as they came.
    const translated = toNational(services, await receive(services, arrived))
    if (translated instanceof MisdirectedRequest) return translated
    if (isQuestion(translated.message)) return await askPlatform(services, translated)
    const intent = await begin(services, translated)
    if (intent.is === 'known') return replay(services, intent)
    const dispatched = await send(services, intent)
    const concluded = conclude(services, dispatched)
    const recorded = await record(services, concluded)
    return answer(services, recorded)
  } catch (cause) {
    return await refuse(services, arrived, cause)
  }
}

function arrive({ clock, codes }: Services, inbound: InboundRequest): RequestContext {
  const nothing = { envelope: null, message: null, person: null, evidence: null, mapped: null }
  return { inbound, stopwatch: startStopwatch(clock), codes: codes.current(), ...nothing }
}
