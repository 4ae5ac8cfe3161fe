/** Where several workers share the institutions of one machine: each serves the requests of its own, no others (HTTP 421). */

/** A request that another worker serves. Nothing was done; the door passes it on. */
export class MisdirectedRequest {
  /** Number of the worker that serves it, from 1. */
  readonly worker: number
  /** What is passed on. */
  readonly body: Buffer

  constructor(worker: number, body: Buffer) {
    this.worker = worker
    this.body = body
  }
}

/** How the institutions are shared. */
export interface Shards {
  /** The worker that serves an institution; null where it is this one. */
  ownerElsewhere(institution: string): number | null
}
