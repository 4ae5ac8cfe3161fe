/** The start of a gateway: recover first, then open the door (rule 6). Where others share the journal, it goes on recovering. */
import type { Journal } from '../journal/journal.ts'
import type { Clock } from '../ports.ts'
import type { Recovery } from './recovery/recover.ts'

/** Between two looks at what gateways have left that are gone. */
const LOOK_MS = 5_000

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
  const left = await watchAll(journal, recovery)
  open()
  return left
}

/**
 * Takes over what other gateways leave, for as long as there may be others.
 *
 * @param fault told of a look that could not be made; the next one comes all the same
 * @returns ends it
 */
export function takeOver(
  journal: Pick<Journal, 'recover' | 'isShared'>,
  recovery: Pick<Recovery, 'watch'>,
  clock: Pick<Clock, 'after'>,
  fault: (cause: unknown) => void,
): () => void {
  let cancel = () => {}
  let ended = !journal.isShared

  function look(): void {
    if (ended) return
    cancel = clock.after(LOOK_MS, () => void watchAll(journal, recovery).catch(fault).finally(look))
  }

  look()
  return () => {
    ended = true
    cancel()
  }
}

async function watchAll(
  journal: Pick<Journal, 'recover'>,
  recovery: Pick<Recovery, 'watch'>,
): Promise<number> {
  const left = await journal.recover()
  for (const one of left) recovery.watch(one.exchange.id, one)
  return left.length
}
