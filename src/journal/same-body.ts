/** Whether what stands under a key is the same body come again. */
import type { ExchangeEntry, StoredExchange } from './entry.ts'

/**
 * The hash of a body as builds before the HMAC made it (`segment/earlier-body-hash.ts`). It is asked only where another
 * hash stands under the key, so no message pays for it.
 */
export type EarlierHash = () => string

/** Whether the two have one body. @param earlier absent where the key never had another kind of hash */
export function isSameBody(
  { exchange }: StoredExchange,
  { bodyHash }: Pick<ExchangeEntry, 'bodyHash'>,
  earlier?: EarlierHash,
): boolean {
  return exchange.bodyHash === bodyHash || (earlier !== undefined && exchange.bodyHash === earlier())
}
