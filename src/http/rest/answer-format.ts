/** The answers of the REST door: plain JSON on success, a problem document on failure. */
import type { CodeWarning } from '../../extension/code-warning.ts'
import type { AnswerFormat } from '../../pipeline/answer-format.ts'
import { problemDocument } from '../problem.ts'
import { answerOf } from './answers.ts'

/** Id of this format in the journal. */
export const REST = 'rest'

/** The sentence holds the code where it may be told. */
function toldOf({ field, standard, reason, text }: CodeWarning) {
  return { field, standard, reason, text }
}

/** Answers in the form of the REST door. A yes is made of message and output alone, whoever asks for it. */
export const restFormat: AnswerFormat = {
  id: REST,
  success(message, said) {
    const warning = said.warning()
    const told = {
      ...(warning && { warning }),
      ...(message.warnings && { warnings: message.warnings.map(toldOf) }),
    }
    return Buffer.from(JSON.stringify({ ...answerOf(message, said.output()), ...told }))
  },
  failure: (error, _at, id) => Buffer.from(JSON.stringify(problemDocument(error, id))),
}
