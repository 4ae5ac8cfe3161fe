/**
 * Where a request of the REST door is at home. Such a request names its institution, or an encounter that an institution
 * has opened. Its key is of that institution, so the journal of the home is the one judge of it.
 */
import type { IncomingMessage } from 'node:http'
import type { Journal } from '../journal/journal.ts'
import { Elsewhere } from '../pipeline/elsewhere.ts'
import type { Neighbours } from './neighbours.ts'
import type { Records } from './records.ts'

/** Path at which a worker is asked for the institution of an encounter. */
export const OPENING_PATH = '/workers/opening'

/** A request of the REST door, as far as it must be known to be placed. */
export interface Asked {
  readonly incoming: IncomingMessage
  readonly institution: string | null
  readonly encounter: string | null
  /** What is passed on where it is at home elsewhere. */
  bytes(): Buffer
}

/** Places requests. */
export interface Placing {
  /**
   * Resolves where the request is at home here.
   *
   * @throws {Elsewhere}
   * @throws {GatewayError} not-ready where a worker that might be its home does not answer
   */
  take(asked: Asked): Promise<void>
  /** Passes on what is at home elsewhere. @throws {GatewayError} not-ready, outcome-unknown */
  pass(incoming: IncomingMessage, elsewhere: Elsewhere): Promise<Response>
}

type Memory = Pick<Journal, 'institutionOf'>

/** Makes it. */
export function createPlacing(neighbours: Neighbours, journal: Memory, records: Records): Placing {
  async function workerOf({ institution, encounter }: Asked): Promise<number | null> {
    const named = institution ?? (encounter === null ? null : await openedBy(encounter))
    return named === null ? null : neighbours.elsewhere(named)
  }

  /** Who opened an encounter; asked of the others themselves where no index has it, for theirs are a moment behind. */
  async function openedBy(encounter: string): Promise<string | null> {
    const known = journal.institutionOf(encounter) ?? records.institutionOf(encounter)
    if (known !== null) return known
    const path = `${OPENING_PATH}?encounter=${encodeURIComponent(encounter)}`
    const question = { method: 'GET', path, headers: {}, body: null }
    const answers = await Promise.allSettled(
      neighbours.others().map(async (worker) => {
        const { body } = await neighbours.ask(worker, question)
        return (JSON.parse(body.toString()) as { institution: string | null }).institution
      }),
    )
    for (const answer of answers) if (answer.status === 'fulfilled' && answer.value) return answer.value
    for (const answer of answers) if (answer.status === 'rejected') throw answer.reason
    return null
  }

  return {
    async take(asked) {
      const home = neighbours.isPassed(asked.incoming) ? null : await workerOf(asked)
      if (home !== null) throw new Elsewhere(home, asked.bytes())
    },
    pass: (incoming, elsewhere) => neighbours.pass(incoming, elsewhere),
  }
}
