/** The answers of the REST door: plain JSON on success, a problem document on failure. */
import type { Catalogue } from '../../extension/catalogue.ts'
import type { CodeWarning } from '../../extension/code-warning.ts'
import type { AnswerFormat } from '../../pipeline/answer-format.ts'
import { problemDocument } from '../problem.ts'
import { answerOf } from './answers.ts'
import { createTyped, refusedRowsOf } from './transaction-answer.ts'

/** Id of this format in the journal. */
export const REST = 'rest'

/** The sentence holds the code where it may be told. */
function toldOf({ field, standard, reason, text }: CodeWarning) {
  return { field, standard, reason, text }
}

/**
 * Answers in the form of the REST door. A yes is made of message and output alone, whoever asks for it.
 *
 * @param catalogue says which fields of an output are numbers; absent: they stay as they came
 */
export function createRestFormat(catalogue?: Catalogue): AnswerFormat {
  const typed = createTyped(catalogue)
  return {
    id: REST,
    success(message, said) {
      const warning = said.warning()
      const told = {
        ...(warning && { warning }),
        ...(message.warnings && { warnings: message.warnings.map(toldOf) }),
        ...refusedRowsOf(said.refused),
      }
      return Buffer.from(JSON.stringify({ ...answerOf(message, said.output(), typed), ...told }))
    },
    failure: (error, _at, id) => Buffer.from(JSON.stringify(problemDocument(error, id))),
  }
}
