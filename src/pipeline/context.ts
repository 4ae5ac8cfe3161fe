/** What the pipeline needs, what comes in, what each of its steps gives to the next, and what goes back. */
import type { Codes } from '../codes/codes.ts'
import type { CodesNow } from '../codes/live/hot-reload.ts'
import type { Day } from '../domain/day.ts'
import type { GatewayError } from '../domain/problems.ts'
import type { CodeWarning } from '../extension/code-warning.ts'
import type { Dialect, Envelope, Message } from '../extension/dialect.ts'
import type { ExchangeEntry, StoredExchange } from '../journal/entry.ts'
import type { Intent, Journal, Outcome } from '../journal/journal.ts'
import type { AnswerFormat } from './answer-format.ts'
import type { Caller } from './callers.ts'
import type { Dispatched, Dispatcher, NotSent } from './dispatch.ts'
import type { Fence } from './fence.ts'
import type { Ids } from './ids.ts'
import type { Institution, InstitutionDirectory } from './institution-directory.ts'
import type { Shards } from './misdirected.ts'
import type { Receipt, Stopwatch } from './receipt.ts'
import type { Shelf } from './shelf.ts'
import type { Sealed } from './spoken.ts'

/** What the steps need; put together once, in `app.ts`. */
export interface Services extends Dispatcher {
  readonly codes: CodesNow
  readonly directory: InstitutionDirectory
  readonly journal: Journal
  /** Stands after a restore until the journal was compared with the platforms; absent: it never does. */
  readonly fence?: Fence
  readonly ids: Ids
  /** Answers catalogue downloads; absent: platforms do. */
  readonly shelf?: Shelf
  /** Pseudonym of a person. */
  pseudonym(text: string): string
  /** Keyed hash of a body, with what it is about before it. */
  bodyHash(head: string, body: Uint8Array): string
  /** The same as builds before the HMAC made it; absent where there is no journal from then. */
  earlierBodyHash?(head: string, body: Uint8Array): string
  /** Every format of answers by its id, for an outcome that is written for an earlier request. */
  readonly formats: ReadonlyMap<string, AnswerFormat>
  /** Hands an outcome that has just become unknown to recovery. */
  trackUnknown(exchange: number): void
  /** Where several workers share the institutions: which of them serves which. */
  readonly shards?: Shards
  /** Takes the measure of each message that went to a platform: which platform, and where its time went. */
  observe(message: Message, platform: string, receipt: Receipt): void
  /** Reports a fault of our own. */
  reportFault(cause: unknown): void
}

/** How long a caller waits, counted from when its request came, by the monotonic clock. */
export interface Patience {
  readonly since: number
  readonly waitMs: number
}

/** A request as a door hands it over. */
export interface InboundRequest {
  /** The dialect in which the request is written; the platform's may be another one (`spoken.ts`). */
  readonly dialect: Dialect
  readonly format: AnswerFormat
  readonly caller: Caller
  readonly body: Buffer
  /** The transaction that the address names. */
  readonly transaction: string | null
  /** Key and body hash of a door that has its own (`Idempotency-Key`). */
  readonly ownKey?: { readonly key: string; readonly bodyHash: string }
  /** Says an error with the names that the caller knows, at a door whose requests are not national messages. */
  named?(error: GatewayError): GatewayError
  /** The same for the place of a code that is told beside a yes. */
  placeOf?(field: string): string
  /** Absent or null where the caller says nothing about it. */
  readonly patience?: Patience | null
}

/** A request with as much as is known of it: all that a refusal and its row in the journal are made from. */
export interface RequestContext {
  readonly inbound: InboundRequest
  readonly stopwatch: Stopwatch
  /** The edition set of this request, from its arrival to its end. */
  readonly codes: Codes
  readonly envelope: Envelope | null
  readonly message: Message | null
  /** Pseudonym of the person that the message names first; null where it names none. */
  readonly person: string | null
  /** Which editions made its codes national, and which codes could not be: JSON. */
  readonly evidence: string | null
  /** Rows of maps that were used: JSON. */
  readonly mapped: string | null
}

/** Read and checked; its codes are still the institution's. */
export interface Received extends RequestContext {
  readonly envelope: Envelope
  readonly message: Message
  readonly institution: Institution
  readonly today: Day
}

/** With national codes, and written for its platform. */
export interface Translated extends RequestContext {
  readonly envelope: Envelope
  readonly message: Message
  readonly sealed: Sealed
}

/** With a durable intent: it may leave, and from now on nothing but an outcome ends it. */
export interface Begun {
  readonly is: 'begun'
  readonly request: Translated
  readonly exchange: ExchangeEntry
  /** Until when the answer must be there, by the monotonic clock. */
  readonly until: number
}

/** It will not leave, since its destination takes nothing now: intent and outcome will be one write. */
export interface Withheld {
  readonly is: 'withheld'
  readonly request: Translated
  readonly intent: Intent
  readonly dispatched: Dispatched & NotSent
  /** As of what has begun: so long it is waited for where another has begun the same. */
  readonly until: number
}

/** Its key has an outcome already, which is answered again. */
export interface AlreadyKnown {
  readonly is: 'known'
  readonly request: Translated
  readonly known: StoredExchange
}

/** The call failed through a fault of ours, and may have left. */
export interface Faulted extends Pick<Dispatched, 'destination' | 'queueMs' | 'counterpartMs'> {
  readonly event: 'fault'
}

/** What came of the call. */
export interface Sent {
  readonly request: Translated
  /** Null for a question, which has no intent. */
  readonly intent: Begun | Withheld | null
  readonly dispatched: Dispatched | Faulted
}

/** What the caller is told. */
export interface Answered {
  readonly body: Buffer
  /** Null for a yes. */
  readonly problem: GatewayError['code'] | null
  readonly retryAfterSeconds: number | null
  /** Type of the body where it is a file; absent: that of the door. */
  readonly contentType?: string
  /** Whether it is the stored answer of an earlier request; absent: it is not. */
  readonly replayed?: boolean
}

/** Something of ours failed after the message may have left: nothing is known, whatever the platform has said. */
export interface Unclear {
  /** What happened, for people. */
  readonly unclear: string
  /** The whole of it for the caller; absent: that the same request may be sent again later. */
  readonly detail?: string
}

/** What came of the call as the caller and the journal are told. */
export interface Concluded extends Sent {
  /** What it is to the journal. */
  readonly event: Dispatched['event']
  readonly told: Answered | Unclear
  readonly outcome: Outcome
}

/** What goes back to the door. */
export interface OutboundReply {
  readonly body: Buffer
  /** Null for a yes. */
  readonly problem: GatewayError['code'] | null
  /** Type of the body where it is a file; absent: that of the door. */
  readonly contentType?: string
  /** The stored answer of an earlier request with the same key. */
  readonly replayed: boolean
  readonly receipt: Receipt
  /** Seconds after which it may be tried again; null where that would not help. */
  readonly retryAfterSeconds: number | null
  /** What is told of codes that were not translated. */
  readonly warnings?: readonly CodeWarning[]
}

/** A request stopped before anything left: why, and what was known of it by then. */
export class Stopped extends Error {
  override readonly name = 'Stopped'
  readonly context: RequestContext

  constructor(context: RequestContext, cause: unknown) {
    super('a request stopped', { cause })
    this.context = context
  }

  /** What was thrown, with what was known then; once, by the first that knows. */
  static at(context: RequestContext, cause: unknown): Stopped {
    return cause instanceof Stopped ? cause : new Stopped(context, cause)
  }
}
