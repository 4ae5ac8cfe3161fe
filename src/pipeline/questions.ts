/** Questions change nothing: they are asked, and noted for the reports without anyone waiting for the note. */
import { isLate, refuseLate, untilOf } from './budget.ts'
import { type OutboundReply, type Services, Stopped, type Translated } from './context.ts'
import { type Dispatched, dispatch } from './dispatch.ts'
import { noteOf } from './intent.ts'
import { conclude } from './outcome.ts'
import { recordPaid } from './paid.ts'
import { answer } from './record.ts'
import { fromShelf } from './shelf.ts'

/** Asks a platform and answers with what it says. */
export async function askPlatform(services: Services, request: Translated): Promise<OutboundReply> {
  try {
    const { message, sealed, stopwatch } = request
    const until = untilOf(services, request, message)
    if (isLate(services, until)) await refuseLate(services, null)
    const asked = services.shelf ? services.dialect.shelved?.(message) : null
    const dispatched = asked
      ? await fromShelf(services, services.shelf!, message, asked)
      : await dispatch(services, message, sealed, { from: 'caller', until })
    stopwatch.called(dispatched.queueMs, dispatched.counterpartMs)
    const concluded = conclude(services, { request, intent: null, dispatched })
    const state = stateOf(dispatched)
    if (dispatched.event === 'yes' && dispatched.reply.settlement)
      await recordPaid(services, message, dispatched.reply.settlement)
    const noted = { ...concluded.outcome, reply: null, state, at: services.clock.now() }
    await noteOf(services, request, noted)
    return answer(services, concluded)
  } catch (cause) {
    throw Stopped.at(request, cause)
  }
}

function stateOf({ event }: Dispatched): 'accepted' | 'refused' | 'unsent' {
  return event === 'yes' ? 'accepted' : event === 'no' ? 'refused' : 'unsent'
}
