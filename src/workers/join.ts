/** Makes one store of those of all workers. */
import { joined, type Parts } from '../store/parts.ts'
import { homeOf } from './home.ts'

/** One store that stands for all. @param stores in the order of the workers; at least one */
export function joinStores<One extends { readonly $parts?: Parts<One> }>(stores: readonly One[]): One {
  const first = stores[0]!
  if (stores.length === 1) return first
  return joined(first, {
    all: () => stores,
    of: (institution) => stores[homeOf(institution, stores.length) - 1]!,
  })
}
