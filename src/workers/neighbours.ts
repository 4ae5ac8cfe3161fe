/** The other workers, as one of them sees them. */
import type { IncomingMessage } from 'node:http'
import { GatewayError, type Terms } from '../domain/problems.ts'
import type { MisdirectedRequest, Shards } from '../pipeline/misdirected.ts'
import { homeOf } from './home.ts'
import { type Heard, type Hop, HopFault, type Passed } from './hop.ts'

/** The other workers. */
export interface Neighbours extends Shards {
  /** The number of this one, from 1, and how many there are. */
  readonly own: number
  readonly workers: number
  /** Directory of a worker's journal. */
  directoryOf(worker: number): string
  /** Whether a request was passed on by another worker. */
  isPassed(incoming: IncomingMessage): boolean
  /**
   * Passes a request on to its home.
   *
   * @throws {GatewayError} not-ready where nothing of it has reached its home; outcome-unknown where it may have
   */
  pass(incoming: IncomingMessage, elsewhere: MisdirectedRequest): Promise<Response>
  /**
   * Asks a worker for its share of something.
   *
   * @throws {GatewayError} not-ready where it cannot be had
   */
  ask(worker: number, passed: Passed, waitMs?: number): Promise<Heard>
  /** All but this one. */
  others(): readonly number[]
  /** Has the primary keep, for workers that start later, whether the recovery is paused. */
  keepPaused(paused: boolean): Promise<void>
}

/** What the neighbours need. */
export interface NeighbourPorts {
  readonly own: number
  readonly workers: number
  readonly hop: Hop
  directoryOf(worker: number): string
  /** Where a worker listens; null where it is not ready. */
  portOf(worker: number): number | null
  isPassed(incoming: IncomingMessage): boolean
  keepPaused(paused: boolean): Promise<void>
  /** Longest wait of a door for a platform. */
  readonly deadlineMs: number
}

/** One request of a door sends two messages at most; the rest is for reading and writing them. */
const MESSAGES_MAX = 2
const MARGIN_MS = 20_000
const ASK_MS = 10_000

const restarting = (worker: number, cause?: unknown) =>
  new GatewayError('not-ready', 'receive', `网关的第${worker}个工作进程正在启动或停止，请稍后重发`, {}, cause)

/** Makes them known. */
export function createNeighbours(ports: NeighbourPorts): Neighbours {
  const { own, workers, hop, portOf, isPassed, deadlineMs } = ports
  const others = Array.from({ length: workers }, (_, index) => index + 1).filter((worker) => worker !== own)

  function carry(worker: number, passed: Passed, waitMs: number): Promise<Heard> {
    const port = portOf(worker)
    return port === null ? Promise.reject(new HopFault(false, 'not ready')) : hop.ask(port, passed, waitMs)
  }

  return {
    ...ports,
    ownerElsewhere(institution) {
      const home = homeOf(institution, workers)
      return home === own ? null : home
    },
    others: () => others,
    async pass(incoming, { worker, body }) {
      if (isPassed(incoming)) throw new Error(`worker ${own} was passed what is at home in worker ${worker}`)
      const passed = { method: incoming.method!, path: incoming.url!, headers: incoming.headers, body }
      try {
        const heard = await carry(worker, passed, MESSAGES_MAX * deadlineMs + MARGIN_MS)
        return new Response(new Uint8Array(heard.body), {
          status: heard.status,
          headers: heard.headers.map(([name, value]): [string, string] => [name, value]),
        })
      } catch (cause) {
        if (!(cause instanceof HopFault) || !cause.sent) throw restarting(worker, cause)
        const told = ({ key }: Terms) =>
          `网关的工作进程中断，平台可能已办理，请先查询，勿重复收费，稍后用同一${key}重发`
        throw new GatewayError('outcome-unknown', 'dispatch', told, {}, cause)
      }
    },
    ask: (worker, passed, waitMs = ASK_MS) =>
      carry(worker, passed, waitMs).catch((cause) => {
        throw restarting(worker, cause)
      }),
  }
}
