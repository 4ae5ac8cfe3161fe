/** All operations of an interface: those written by hand, and one of its row for every other transaction of the catalogue. */
import type { Catalogue } from '../../../src/extension/catalogue.ts'
import type { Operation } from '../../../src/extension/dialect.ts'
import { describedOperation } from './operation.ts'

/**
 * Completes the operations of an interface.
 *
 * @param own written by hand: what moves money at every counter reads and finds it in ways that no row says
 */
export function withDescribed(
  catalogue: Catalogue,
  own: readonly Operation[],
): Readonly<Record<string, Operation>> {
  const operations: Record<string, Operation> = Object.fromEntries(
    own.map((operation) => [operation.transaction, operation]),
  )
  for (const head of catalogue.heads.values()) {
    operations[head.number] ??= describedOperation(catalogue, head, operations[head.like ?? ''])
  }
  return operations
}
