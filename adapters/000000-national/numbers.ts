/**
 * Numbers of one transaction: places number the calls of the prescription centre otherwise (7101, D001, A0001) and mean the same.
 * A message goes on under the number with which it came; what the gateway asks about it goes under its kind.
 */
import type { Operation } from '../../src/extension/dialect.ts'

type Operations = Readonly<Record<string, Operation>>

const others = new WeakMap<Operations, ReadonlyMap<string, Operation>>()

function othersOf(operations: Operations): ReadonlyMap<string, Operation> {
  const known = others.get(operations)
  if (known) return known
  const made = new Map<string, Operation>()
  for (const operation of Object.values(operations))
    for (const number of operation.also ?? []) made.set(number, operation)
  others.set(operations, made)
  return made
}

/** The operation of a number, whoever has given it. */
export function operationOf(operations: Operations, number: string): Operation | undefined {
  return Object.hasOwn(operations, number) ? operations[number] : othersOf(operations).get(number)
}

/** The number of an operation in the numbering of a message: of `D003` and 7105 it is `D005`. @param sent as it came */
export function numberLike(sent: unknown, { transaction, also = [] }: Operation): string {
  const [letter = ''] = /^[A-Z]/.exec(String(sent)) ?? []
  return (letter !== '' && also.find((number) => number.startsWith(letter))) || transaction
}
