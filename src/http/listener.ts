/** The listener of a Node server: tries each endpoint in turn, and counts requests in flight. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Callers, Unidentified } from '../pipeline/callers.ts'
import type { Admission } from './admission.ts'
import { endUnread } from './body.ts'
import { callerKey, type DialectDoor } from './national.ts'

/** Answers a request; resolves when done. */
export type Listener = (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<void>

/** The endpoints, in the order in which they are tried. */
export interface Doors {
  readonly claims: DialectDoor
  /** Refuses requests under overload; null if the request proceeds. */
  readonly busy: DialectDoor
  readonly others: (incoming: IncomingMessage, outgoing: ServerResponse) => Promise<unknown>
}

/** Assembles the listener. @param fault called for errors that no endpoint answered */
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

/** Party of a request by its key: the caller's name, and one name for all unidentified ones. */
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
