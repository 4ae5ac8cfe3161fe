/**
 * Where a request of the REST door is at home. Such a request names its institution, or an encounter that an institution
 * has opened. Its key is of that institution, so the journal of the home is the one judge of it.
 */
import type { IncomingMessage } from 'node:http'
import type { Opener } from '../journal/entry.ts'
import type { Journal } from '../journal/journal.ts'
import type { Caller } from '../pipeline/callers.ts'
import { MisdirectedRequest } from '../pipeline/misdirected.ts'
import { isMeant } from '../pipeline/owner.ts'
import type { Neighbours } from './neighbours.ts'
import type { Records } from './records.ts'

/** Path at which a worker is asked who has opened an encounter. */
export const OPENING_PATH = '/workers/opening'

/** A request of the REST door, as far as it must be known to be placed. */
export interface Asked {
  readonly incoming: IncomingMessage
  readonly institution: string | null
  readonly encounter: string | null
  /** Insured place that the request names beside the encounter, where it does. */
  readonly insuredArea: string | null
  readonly caller: Pick<Caller, 'institutions'>
  /** What is passed on where it is at home elsewhere. */
  bytes(): Buffer
}

/** Places requests. */
export interface Placing {
  /**
   * Says whether another worker serves a request; null where it is this one.
   *
   * @throws {GatewayError} not-ready where a worker that might serve it does not answer
   */
  misdirected(asked: Asked): Promise<MisdirectedRequest | null>
  /** Passes on what is at home elsewhere. @throws {GatewayError} not-ready, outcome-unknown */
  pass(incoming: IncomingMessage, elsewhere: MisdirectedRequest): Promise<Response>
}

type Memory = Pick<Journal, 'openers'>

/** What tells the openers of one id apart. */
type Opened = Pick<Opener, 'institution' | 'insuredArea'>

/** Makes it. */
export function createPlacing(neighbours: Neighbours, journal: Memory, records: Records): Placing {
  async function workerOf(asked: Asked): Promise<number | null> {
    if (asked.institution !== null) return neighbours.ownerElsewhere(asked.institution)
    if (asked.encounter === null) return null
    const openers = await openersOf(asked.encounter)
    // Where several are left, whoever is asked has them all before it and says so.
    const meant = openers.filter((one) => isMeant(one, asked))
    const institution = (meant[0] ?? openers[0])?.institution
    return institution === undefined ? null : neighbours.ownerElsewhere(institution)
  }

  /** Who opened an encounter; asked of the others themselves where no index has it, for theirs are a moment behind. */
  async function openersOf(encounter: string): Promise<readonly Opened[]> {
    const known = [...(await journal.openers(encounter)), ...records.openers(encounter)]
    if (known.length > 0) return known
    const path = `${OPENING_PATH}?encounter=${encodeURIComponent(encounter)}`
    const question = { method: 'GET', path, headers: {}, body: null }
    const answers = await Promise.allSettled(
      neighbours.others().map(async (worker) => {
        const { body } = await neighbours.ask(worker, question)
        return (JSON.parse(body.toString()) as { openers: readonly Opened[] }).openers
      }),
    )
    const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))
    if (found.length > 0) return found
    for (const answer of answers) if (answer.status === 'rejected') throw answer.reason
    return []
  }

  return {
    async misdirected(asked) {
      const home = neighbours.isPassed(asked.incoming) ? null : await workerOf(asked)
      return home === null ? null : new MisdirectedRequest(home, asked.bytes())
    },
    pass: (incoming, elsewhere) => neighbours.pass(incoming, elsewhere),
  }
}
