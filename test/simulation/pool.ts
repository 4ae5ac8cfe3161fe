/**
 * The network port of the core over the simulated network: a deadline for each call, one
 * answer a call. It has as many sockets as are wanted, as the real pool: the transport bounds its calls itself.
 */
import { type Network, NetworkFault } from '../../src/transport/network.ts'
import type { SimulatedNetwork } from './network.ts'
import type { Timeline } from './timeline.ts'

/** What the pool tells of its calls. */
export interface PoolEvents {
  alive(): boolean
  /** Bytes leave now. @returns told how the call ended */
  leaves(body: Buffer): (ended: 'left' | 'nothing left', isAnswered: boolean) => void
  /** A moment at which the gateway may die. */
  step(): void
}

/** Opens the pool of one life. A dead life hears nothing any more. */
export function openPool(timeline: Timeline, wire: SimulatedNetwork, events: PoolEvents): Network {
  return {
    post(platform, body, deadlineMs) {
      return new Promise((resolve, reject) => {
        let open = true
        let ended: ReturnType<PoolEvents['leaves']> = () => {}
        const end = (act: () => void) => {
          if (!open) return
          open = false
          cancel()
          if (events.alive()) act()
        }
        const fail = (sent: boolean, cause: string) =>
          end(() => {
            ended(sent ? 'left' : 'nothing left', false)
            reject(new NetworkFault(sent, new Error(cause)))
          })
        const cancel = timeline.after(deadlineMs, () => fail(true, 'deadline'))
        ended = events.leaves(body)
        if (wire.refuses(platform)) {
          timeline.after(1, () => fail(false, 'ECONNREFUSED'))
          return
        }
        wire.deliver(platform, body.toString(), (answer) =>
          end(() => {
            ended(answer.includes('E702') ? 'nothing left' : 'left', true)
            events.step()
            if (events.alive()) resolve(answer)
          }),
        )
        events.step()
      })
    },
    close: async () => {},
  }
}
