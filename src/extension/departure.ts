/** Context of one attempt to send a request to a platform. */
import type { Instant } from '../domain/day.ts'

/** Signing credentials issued by a platform, by the names that its dialect lists. */
export type Credentials = Readonly<Record<string, string>>

/** Values of one attempt: a signed request with a repeated nonce is treated as a replay. */
export interface Departure {
  readonly at: Instant
  /** Unique per request. */
  readonly nonce: string
  readonly credentials: Credentials
}
