/** Answers a request with the result of a worker thread. */
import type { Context } from 'hono'
import type { Offload } from '../offload/offload.ts'
import type { QuestionOf, TaskName } from '../offload/tasks.ts'

/**
 * Runs a task for a request; the work is cancelled when the caller disconnects.
 *
 * @param more further headers of the answer, and the upload of the query
 * @throws as `Offload.answer`
 */
export async function offloaded<Name extends TaskName>(
  c: Context,
  offload: Pick<Offload, 'answer'>,
  task: Name,
  question: QuestionOf<Name>,
  { headers, given }: { headers?: Readonly<Record<string, string>>; given?: AsyncIterable<Uint8Array> } = {},
): Promise<Response> {
  const { type, body } = await offload.answer(task, question, c.req.raw.signal, given)
  return c.body(body, 200, { 'content-type': type, ...headers })
}
