/** The question that shows whether a destination is back: it changes nothing and concerns nobody. */
import type { Message } from '../extension/dialect.ts'
import type { Probe } from '../transport/prober.ts'
import { audible } from './dispatch.ts'
import type { Way } from './trip.ts'

/**
 * Composes it, with the head of a message that was meant for the destination. Any readable answer shows life, a yes as well
 * as a no; an answer that says that the party behind did not answer shows none.
 */
export function probeOf(
  { dialect, ids, clock }: Pick<Way, 'dialect' | 'ids' | 'clock'>,
  about: Message,
): Probe {
  const question = dialect.compose(about, dialect.probe, ids.message(about.institution), clock.now())
  return {
    body: dialect.encode(question),
    read(answer, heard) {
      audible(dialect, question, dialect.decode(question, answer, heard))
    },
  }
}
