/** How the outcome of a transaction is found after a lost answer, as the field manual tells it. */
import type { CatalogueHead } from '../extension/catalogue-rows.ts'
import type { Message } from '../extension/dialect.ts'
import type { Evidence, Question } from '../extension/evidence.ts'

/** What is done about a lost answer. */
export interface LostAnswer {
  /** The same message is sent again. */
  readonly again: boolean
  /** Numbers of the questions that are asked, in their order. */
  readonly asks: readonly string[]
  /** They are asked of each row. */
  readonly rows: boolean
  /** Number by which what no question shows is taken back; null where nothing does. */
  readonly undone: string | null
}

/** A message that says nothing: which transaction is asked does not hang on it. */
const NOTHING = {
  operation: {},
  subject: {},
  document: { json: () => ({ input: {} }) },
} as unknown as Message

const numbersOf = (questions: readonly Question[] = []): string[] =>
  questions.flatMap(({ ask, each }) => [ask(NOTHING).transaction, ...numbersOf(each?.questions)])

/** @param evidence of its operation; absent: none */
export function lostAnswerOf({ found }: CatalogueHead, evidence: Evidence = {}): LostAnswer {
  const asks = found ? found.map(({ ask }) => ask) : numbersOf(evidence.questions)
  return {
    again: evidence.resend === true,
    asks: [...new Set(asks)],
    rows: evidence.list !== undefined,
    undone: evidence.undo?.(NOTHING).transaction ?? null,
  }
}
