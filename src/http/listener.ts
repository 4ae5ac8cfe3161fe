/** What a Node server asks: the doors one after the other, and the count of what is under way. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Callers, Unidentified } from '../pipeline/callers.ts'
import type { Admission } from './admission.ts'
import { endUnread } from './body.ts'
import { callerKey, type DialectDoor } from './national.ts'

/** Answers a request; resolves when it has. */
export type Listener = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>

/** The doors, in the order in which they are asked. */
export interface Doors {
  readonly claims: DialectDoor
  /** Turns away what there is no time for; null if the request goes on. */
  readonly busy: DialectDoor
  readonly others: (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<unknown>
}

/** Puts the doors together. @param fault told what none of them has answered */
export function openListener(
  { claims, busy, others }: Doors,
  admission: Admission,
  fault: (cause: unknown) => void,
): Listener {
  return async (incoming, outgoing) => {
    admission.enter()
    try {
      await (claims(incoming, outgoing) ?? busy(incoming, outgoing) ?? others(incoming, outgoing))
    } catch (cause) {
      fault(cause)
      outgoing.destroy()
    } finally {
      admission.leave()
      endUnread(incoming, outgoing)
    }
  }
}

/** The party of a request by its key: the name of the caller, and one for all who are nobody. */
export function partyBy({ identify }: Callers): (incoming: IncomingMessage) => string {
  return ({ headers }) => {
    try {
      return identify(callerKey((name) => headers[name] as string | undefined)).id
    } catch (cause) {
      if (cause instanceof Unidentified) return ''
      throw cause
    }
  }
}
