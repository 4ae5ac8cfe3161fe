/** The start of a gateway: recover first, then open the door (rule 6). */
import type { Journal } from '../journal/journal.ts'
import type { Recovery } from './recovery/recover.ts'

/**
 * Takes what a former run left open as unknown, hands every unknown outcome to its task, and only then opens the door.
 *
 * @param open lets callers in
 * @returns how many outcomes were left unknown
 */
export async function recoverThenOpen(
  journal: Pick<Journal, 'recover'>,
  recovery: Pick<Recovery, 'watch'>,
  open: () => void,
): Promise<number> {
  const left = await journal.recover()
  for (const one of left) recovery.watch(one.exchange.id, one)
  open()
  return left.length
}
