/** Which messages of the journal make a stay: what the operations of the national interface say of themselves, as data. */
import type { Operation, StayPart } from '../extension/dialect.ts'

/** By each part of a stay the numbers under which the journal has it. */
export type StayNumbers = Readonly<Record<StayPart, readonly string[]>>

/** Reads them off. @param operations those of our own dialect, by whose numbers the journal names messages */
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
