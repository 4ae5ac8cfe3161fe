/** Shared by the tests of the transport: a network that answers, is silent or fails as it is told. */
import type { Network } from '../../src/transport/network.ts'

/** What the network does with a call. */
export type Behaviour = (url: string, body: Buffer, deadlineMs: number) => Promise<Buffer>

/** A network that keeps to itself, and what was posted to it. */
export function createFakeNetwork(behaviour: Behaviour) {
  const posts: { url: string; body: string; deadlineMs: number }[] = []
  let closed = false
  const network: Network = {
    post(url, body, deadlineMs) {
      posts.push({ url, body: body.toString(), deadlineMs })
      return behaviour(url, body, deadlineMs)
    },
    async close() {
      closed = true
    },
  }
  return { network, posts, isClosed: () => closed }
}
