/** A message on its way: what the way needs, what comes to the door, what the door gives back. */
import type { Codes } from '../codes/codes.ts'
import type { CodesNow } from '../codes/live/hot-reload.ts'
import type { GatewayError } from '../domain/problems.ts'
import type { Dialect, Envelope, Message } from '../extension/dialect.ts'
import type { CodeWarning } from '../extension/further.ts'
import type { Journal } from '../journal/journal.ts'
import type { AnswerFormat } from './answer-format.ts'
import type { Caller } from './callers.ts'
import type { Dispatcher } from './dispatch.ts'
import type { Fence } from './fence.ts'
import type { Ids } from './ids.ts'
import type { InstitutionDirectory } from './institution-directory.ts'
import type { Shards } from './misdirected.ts'
import type { Receipt, Stopwatch } from './receipt.ts'

/** What the way needs; put together once, in `app.ts`. */
export interface Services extends Dispatcher {
  readonly codes: CodesNow
  readonly directory: InstitutionDirectory
  readonly journal: Journal
  /** Stands after a restore until the journal was compared with the platforms; absent: it never does. */
  readonly fence?: Fence
  readonly ids: Ids
  /** Pseudonym of a person. */
  pseudonym(text: string): string
  /** Keyed hash of a body, with what it is about before it. */
  bodyHash(head: string, body: Uint8Array): string
  /** The same as builds before the HMAC made it; absent where there is no journal from then. */
  earlierBodyHash?(head: string, body: Uint8Array): string
  /** Every form of answer by its id, for an outcome that is written for an earlier request. */
  readonly formats: ReadonlyMap<string, AnswerFormat>
  /** Tells recovery of an outcome that has just become unknown. */
  trackUnknown(exchange: number): void
  /** Where several workers share the institutions: whose is whose. */
  readonly shards?: Shards
  /** Told of each message that went to a platform: which platform, and where its time went. */
  observe(message: Message, platform: string, receipt: Receipt): void
  /** Told of faults of our own. */
  reportFault(cause: unknown): void
}

/** How long a caller waits, counted from when its request came, by the monotonic clock. */
export interface Patience {
  readonly since: number
  readonly waitMs: number
}

/** A message at the door. */
export interface InboundRequest {
  readonly dialect: Dialect
  readonly format: AnswerFormat
  readonly caller: Caller
  readonly body: Buffer
  /** The transaction that the address names. */
  readonly transaction: string | null
  /** Key and body hash of a door that has its own (`Idempotency-Key`). */
  readonly claim?: { readonly key: string; readonly bodyHash: string }
  /** Says an error with the names that the caller knows, at a door whose requests are not national messages. */
  named?(error: GatewayError): GatewayError
  /** The same for the place of a code that is told beside a yes. */
  placeOf?(field: string): string
  /** Absent or null where the caller says nothing about it. */
  readonly patience?: Patience | null
}

/** What the door gives back. */
export interface OutboundReply {
  readonly body: Buffer
  /** Null for a yes. */
  readonly problem: GatewayError['code'] | null
  /** The stored answer of an earlier request with the same key. */
  readonly replayed: boolean
  readonly receipt: Receipt
  /** Seconds after which it may be tried again; null where that would not help. */
  readonly retryAfterSeconds: number | null
  /** What is told of codes that were not translated. */
  readonly warnings?: readonly CodeWarning[]
}

/** A message on its way, as far as it has come. */
export interface RequestContext {
  readonly arrival: InboundRequest
  readonly watch: Stopwatch
  /** The edition set of this claim, from its arrival to its end. */
  readonly codes: Codes
  envelope?: Envelope
  message?: Message
  /** Pseudonym of the person that the message names first; null where it names none. */
  person?: string | null
  evidence?: string | null
  mapped?: string | null
}
