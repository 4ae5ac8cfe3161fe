/** Answers a request with what another thread has worked out. */
import type { Context } from 'hono'
import type { Offload } from '../offload/offload.ts'
import type { QuestionOf, TaskName } from '../offload/tasks.ts'

/**
 * Has a task answer a request; the work ends when its caller goes away.
 *
 * @param more further headers of the answer
 * @throws as `Offload.answer`
 */
export async function offloaded<Name extends TaskName>(
  c: Context,
  offload: Pick<Offload, 'answer'>,
  task: Name,
  question: QuestionOf<Name>,
  more: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const { type, body } = await offload.answer(task, question, c.req.raw.signal)
  return c.body(body, 200, { 'content-type': type, ...more })
}
