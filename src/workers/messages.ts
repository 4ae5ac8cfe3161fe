/** What the primary process and its workers tell each other. */

/** What a worker is started with. */
export interface Beginning {
  readonly worker: number
  readonly workers: number
  /** Addresses by platform. */
  readonly addresses: Readonly<Record<string, string>>
  /** Known to the workers of this run alone: by it they know each other's requests. */
  readonly secret: string
  /** Whether the recovery starts paused. */
  readonly paused: boolean
}

/** To a worker. */
export type ToWorker =
  | ({ readonly is: 'begin' } & Beginning)
  /** Where the others listen, in their order; null for one that is not ready. */
  | { readonly is: 'neighbours'; readonly ports: readonly (number | null)[] }
  /** Comes with a socket, from which these bytes (base64) were read already. */
  | { readonly is: 'connection'; readonly id: number; readonly bytes: string }
  | { readonly is: 'pause'; readonly paused: boolean }
  | { readonly is: 'answer'; readonly id: number; readonly yes: boolean }
  /** Finish what is in flight, and end. */
  | { readonly is: 'end' }

/** To the primary. */
export type ToPrimary =
  /** How far its start is: what it is at. */
  | { readonly is: 'step'; readonly step: string }
  | { readonly is: 'ready'; readonly port: number }
  /** A connection is here: the primary may close its end of the socket. */
  | { readonly is: 'taken'; readonly id: number }
  /** What an operator wants of the recovery of all; kept for workers that start later. Answered. */
  | { readonly is: 'pause'; readonly id: number; readonly paused: boolean }
