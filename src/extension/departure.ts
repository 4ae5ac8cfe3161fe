/** With what a request leaves for a platform. */
import type { Instant } from '../domain/day.ts'

/** What a platform has given the operator to sign with, by the names that its dialect lists. */
export type Credentials = Readonly<Record<string, string>>

/** Of one attempt to send: a signed request that comes a second time with the same nonce is taken for a replay. */
export interface Departure {
  readonly at: Instant
  /** A text that no other request has. */
  readonly nonce: string
  readonly credentials: Credentials
}
