/**
 * The network port of the core over the simulated network: so many sockets a platform, a deadline for each call, one
 * answer a call. A call beyond the sockets waits for one, and its deadline goes on meanwhile, as in the real pool.
 */
import { type Network, NetworkFault } from '../../src/transport/network.ts'
import type { SimulatedNetwork } from './network.ts'
import type { Timeline } from './timeline.ts'

/** As many as the real pool has. */
const CONNECTIONS_MAX = 128

/** What the pool tells of its calls. */
export interface PoolEvents {
  alive(): boolean
  /** Bytes leave now. @returns told how the call ended */
  leaves(body: Buffer): (ended: 'left' | 'nothing left') => void
  /** A moment at which the gateway may die. */
  step(): void
}

/** Opens the pool of one life. A dead life hears nothing any more. */
export function openPool(timeline: Timeline, wire: SimulatedNetwork, events: PoolEvents): Network {
  const busy = new Map<string, number>()
  const waiting = new Map<string, (() => void)[]>()

  function acquire(platform: string, start: () => void): void {
    const used = busy.get(platform) ?? 0
    if (used < CONNECTIONS_MAX) {
      busy.set(platform, used + 1)
      start()
      return
    }
    waiting.set(platform, [...(waiting.get(platform) ?? []), start])
  }

  function release(platform: string): void {
    const next = waiting.get(platform)?.shift()
    if (next) next()
    else busy.set(platform, busy.get(platform)! - 1)
  }

  return {
    post(platform, body, deadlineMs) {
      return new Promise((resolve, reject) => {
        let open = true
        let held = false
        let ended: (how: 'left' | 'nothing left') => void = () => {}
        const end = (act: () => void) => {
          if (!open) return
          open = false
          cancel()
          if (held) release(platform)
          if (events.alive()) act()
        }
        const fail = (sent: boolean, cause: string) =>
          end(() => {
            ended(sent ? 'left' : 'nothing left')
            reject(new NetworkFault(sent, new Error(cause)))
          })
        const cancel = timeline.after(deadlineMs, () => fail(true, 'deadline'))
        acquire(platform, () => {
          held = true
          if (!open) {
            release(platform)
            return
          }
          ended = events.leaves(body)
          if (wire.refuses(platform)) {
            timeline.after(1, () => fail(false, 'ECONNREFUSED'))
            return
          }
          wire.deliver(platform, body.toString(), (answer) =>
            end(() => {
              ended(answer.includes('E702') ? 'nothing left' : 'left')
              events.step()
              if (events.alive()) resolve(answer)
            }),
          )
          events.step()
        })
      })
    },
    close: async () => {},
  }
}
