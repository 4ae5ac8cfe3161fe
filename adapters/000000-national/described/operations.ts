/** All operations of an interface: those written by hand, and one of its row for every other transaction of the catalogue. */
import type { Catalogue } from '../../../src/extension/catalogue.ts'
import type { Operation } from '../../../src/extension/dialect.ts'
import { markJudge } from '../marks.ts'
import { createCodesOf } from './codes.ts'
import { questionOf } from './found.ts'
import { describedOperation } from './operation.ts'
import { withSets } from './sets.ts'

/** An operation written by hand, with what its row says besides: how it is found, whose marks are judged, its value sets. */
function withRow(catalogue: Catalogue, operation: Operation): Operation {
  const { found, marks } = catalogue.heads.get(operation.transaction) ?? {}
  let input: Operation['input'] | null = null
  return {
    ...operation,
    get input() {
      input ??= withSets(catalogue, operation.transaction, operation.input) as Operation['input']
      return input
    },
    ...(found && !operation.evidence && { evidence: { questions: found.map((by) => questionOf(by)) } }),
    ...(marks && { judgeMarks: markJudge(catalogue, operation.transaction) }),
  }
}

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
    own.map((operation) => [operation.transaction, withRow(catalogue, operation)]),
  )
  const codesIn = createCodesOf(catalogue)
  for (const head of catalogue.heads.values()) {
    operations[head.number] ??= describedOperation(catalogue, head, codesIn, operations[head.like ?? ''])
  }
  return operations
}
