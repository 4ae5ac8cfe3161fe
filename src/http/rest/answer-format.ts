/** Answers of the REST API: plain JSON on success, a problem document on failure. */
import type { Catalogue } from '../../extension/catalogue.ts'
import type { CodeWarning } from '../../extension/code-warning.ts'
import type { AnswerFormat } from '../../pipeline/answer-format.ts'
import { problemDocument } from '../problem.ts'
import { answerOf } from './answers.ts'
import { createTyped, refusedRowsOf } from './transaction-answer.ts'

/** Id of this format in the journal. */
export const REST = 'rest'

/** The sentence contains the code if it may be repeated. */
function toldOf({ field, standard, reason, text }: CodeWarning) {
  return { field, standard, reason, text }
}

/**
 * Formats answers for REST. A successful one depends only on message and output, whoever asks.
 *
 * @param catalogue tells which fields of an output are numbers; absent: they stay as received
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
