/** Where several workers share the institutions of one machine: each carries out the messages of its own, no others. */

/** Thrown before anything is done: the message is another worker's. The door passes it on. */
export class MisdirectedRequest extends Error {
  override readonly name = 'Elsewhere'
  /** The home of the message, from 1. */
  readonly worker: number
  /** What is passed on. */
  readonly body: Buffer

  constructor(worker: number, body: Buffer) {
    super(`at home in worker ${worker}`)
    this.worker = worker
    this.body = body
  }
}

/** Which institutions are at home here. */
export interface Shards {
  /** The worker that is the home of an institution; null where it is this one. */
  ownerElsewhere(institution: string): number | null
}
