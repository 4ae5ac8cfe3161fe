/**
 * Catalogue downloads that the gateway answers from its own tables, where it is set to: no platform is asked, and the journal
 * names the shelf as who answered.
 */
import { type Instant, shanghaiTime } from '../domain/day.ts'
import type { Message } from '../extension/dialect.ts'
import type { ShelfAsked } from '../extension/shelf.ts'
import type { Services } from './context.ts'
import type { Dispatched } from './dispatch.ts'

/** Who has answered, in the journal and in the place of a platform. */
export const SHELF = 'shelf'

/** Makes what is asked for, on another thread. */
export interface Shelf {
  /** How many rows came after a version, and with which they end. */
  count(page: ShelfAsked['page']): Promise<{ readonly version: string; readonly rows: number }>
  /** The ZIP of them. */
  file(page: ShelfAsked['page']): Promise<Buffer>
}

/** How long its file may be fetched, as it is told; the shelf itself makes it at any time. [A] */
const KEPT_MS = 7 * 24 * 3600 * 1000

/** Answers as a platform would. */
export async function fromShelf(
  { clock, ids, dialect }: Pick<Services, 'clock' | 'ids' | 'dialect'>,
  shelf: Shelf,
  message: Message,
  asked: ShelfAsked,
): Promise<Dispatched> {
  const destination = { id: SHELF, platform: SHELF }
  const beside = { destination, queueMs: 0, counterpartMs: 0, dialect, event: 'yes' } as const
  if (asked.is === 'file') {
    const body = await shelf.file(asked.page)
    return {
      ...beside,
      body,
      reply: dialect.decode(message, body) as Extract<Dispatched, { event: 'yes' }>['reply'],
    }
  }
  const now = clock.now()
  const until = shanghaiTime((now + KEPT_MS) as Instant)
  const output = asked.output(await shelf.count(asked.page), until)
  const body = dialect.answer(message, output, now, ids.answer(message.treatmentArea))
  const reply = {
    verdict: 'yes',
    settlement: null,
    encounter: null,
    output: () => output,
    warning: () => null,
  } as const
  return { ...beside, body, reply }
}
