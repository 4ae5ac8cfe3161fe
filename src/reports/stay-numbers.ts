/** Transactions that make up a stay, as declared by the operations of the national interface. */
import type { Operation, StayPart } from '../extension/dialect.ts'

/** National transaction numbers for each part of a stay. */
export type StayNumbers = Readonly<Record<StayPart, readonly string[]>>

/** Collects them. @param operations of our own dialect, by whose numbers the journal names messages */
export function stayNumbersOf(operations: Readonly<Record<string, Operation>>): StayNumbers {
  const of = (part: StayPart) =>
    Object.values(operations).flatMap(({ stay, transaction }) => (stay === part ? [transaction] : []))
  return {
    admission: of('admission'),
    discharge: of('discharge'),
    settlement: of('settlement'),
    cancellation: of('cancellation'),
  }
}
