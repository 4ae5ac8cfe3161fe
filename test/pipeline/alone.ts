/** The pipeline of a gateway that is alone: no request of its is another worker's. */
import type { InboundRequest, OutboundReply, Services } from '../../src/pipeline/context.ts'
import { handle as handleShared } from '../../src/pipeline/handle.ts'

/** Handles a request. */
export function handle(services: Services, inbound: InboundRequest): Promise<OutboundReply> {
  return handleShared(services, inbound) as Promise<OutboundReply>
}
