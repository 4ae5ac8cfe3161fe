/** The question that shows whether a destination is back: it changes nothing and concerns nobody. */
import type { Message } from '../extension/dialect.ts'
import { Unproven } from '../extension/unproven.ts'
import type { Probe } from '../transport/prober.ts'
import type { Services } from './context.ts'
import { audible } from './dispatch.ts'
import { dialectFor, headersOf } from './spoken.ts'

/**
 * Composes it, with the head of a message that was meant for the destination. Any readable answer shows life, a yes as well
 * as a no, also one that proves nothing: nobody is asked for, so a mock that shows the same person whoever is asked for, and
 * a yes without a person, are answers. One that says that the party behind did not answer shows none.
 */
export function probeOf(
  services: Pick<Services, 'dialect' | 'spoken' | 'ids' | 'clock'>,
  about: Message,
): Probe {
  const { ids, clock } = services
  const dialect = dialectFor(services, about)
  const question = services.dialect.compose(about, dialect.probe, ids.message(about.institution), clock.now())
  const bytes = dialect.encode(question)
  return {
    headers: headersOf(services, { dialect, bytes }, question),
    body: bytes,
    read(answer, heard) {
      try {
        audible(dialect, question, dialect.decode(question, answer, heard))
      } catch (cause) {
        if (!(cause instanceof Unproven)) throw cause
      }
    },
  }
}
