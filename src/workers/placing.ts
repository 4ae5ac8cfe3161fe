/**
 * Where a request of the REST door is at home, and that its key is taken up once over all workers. Such a request names
 * its institution, or an encounter that an institution has opened.
 */
import type { IncomingMessage } from 'node:http'
import { GatewayError } from '../domain/problems.ts'
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
  /** Its key in the journal; null for a question. */
  readonly key: string | null
  /** What is passed on where it is at home elsewhere. */
  readonly body: Buffer
}

/** Places requests. */
export interface Placing {
  /**
   * Resolves where the request is at home here.
   *
   * @returns to be called when it has been answered
   * @throws {Elsewhere}
   * @throws {GatewayError} key-in-flight, key-conflict; not-ready where a worker that might be its home does not answer
   */
  take(asked: Asked): Promise<() => void>
  /** Passes on what is at home elsewhere. @throws {GatewayError} not-ready, outcome-unknown */
  pass(incoming: IncomingMessage, elsewhere: Elsewhere): Promise<Response>
}

type Memory = Pick<Journal, 'byKey' | 'institutionOf' | 'indexed'>

/** What is added to the key of a request that sends two messages. */
const PARTS = ['', '|2201', '|2203']

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

  async function takeUp(key: string): Promise<() => void> {
    // What stands here under the key already is this worker's for ever.
    if (PARTS.some((part) => journal.byKey(key + part) !== null)) return () => {}
    if (!(await neighbours.claim(key))) {
      throw new GatewayError(
        'key-in-flight',
        'journal',
        '同一Idempotency-Key的请求正在处理，请稍后用原键重发',
      )
    }
    // It is let go of only when the index holds what became of it; where the index fails, never.
    const release = () =>
      void journal.indexed().then(
        () => neighbours.release(key),
        () => {},
      )
    if (!records.hasKey(PARTS.map((part) => key + part))) return release
    release()
    throw new GatewayError('key-conflict', 'journal', '该Idempotency-Key已用于内容不同的请求，请换用新的键')
  }

  return {
    async take(asked) {
      const home = neighbours.isPassed(asked.incoming) ? null : await workerOf(asked)
      if (home !== null) throw new Elsewhere(home, asked.body)
      return asked.key === null ? () => {} : takeUp(asked.key)
    },
    pass: (incoming, elsewhere) => neighbours.pass(incoming, elsewhere),
  }
}
