/** A case of recovery in the hands of one worker, and the only place where something of it leaves. */
import type { Message } from '../../extension/dialect.ts'
import type { Lease } from '../../journal/engine.ts'
import type { StoredExchange } from '../../journal/entry.ts'
import type { Services } from '../context.ts'
import { type Dispatched, dispatch } from '../dispatch.ts'
import { encode, type Sealed } from '../spoken.ts'

/** What the steps need of the way. */
export type RecoveryPorts = Pick<
  Services,
  | 'journal'
  | 'dialect'
  | 'spoken'
  | 'transport'
  | 'clock'
  | 'deadlineMs'
  | 'queryDeadlineMs'
  | 'ids'
  | 'formats'
  | 'reportFault'
>

/** Recovery was paused before a message could leave. */
export class RecoveryPaused extends Error {
  override readonly name = 'Withheld'
}

/** One case in the hands of one worker. */
export interface CaseContext {
  readonly ports: RecoveryPorts
  readonly lease: Lease
  readonly known: StoredExchange
  readonly message: Message
  /** Whether a search in vain counts by now. */
  readonly counts: boolean
  isPaused(): boolean
}

/** Sends; the only place where something of recovery leaves. @throws {RecoveryPaused} @throws {LeaseLost} */
export async function send(
  { ports, lease, isPaused }: CaseContext,
  message: Message,
  sealed?: Sealed,
): Promise<Dispatched> {
  await lease.renew()
  // Looked at last: nothing comes between this and the sending.
  if (isPaused()) throw new RecoveryPaused()
  return dispatch(ports, message, sealed ?? encode(ports, message), { from: 'recovery', until: null })
}

/** Id of a message that recovery sends for the institution. */
export function newId({ ports, message }: CaseContext): string {
  return ports.ids.message(message.institution)
}
