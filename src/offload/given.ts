/** What comes with a question, given to its thread piece by piece: as fast as it takes them, and no faster. */
import { GatewayError } from '../domain/problems.ts'
import type { Clock } from '../ports.ts'

/** Gives the pieces. */
export interface Giver {
  /**
   * The next piece, in memory of its own; null after the last one.
   *
   * @rejects with what the source throws, or unreadable-body where it gives nothing for long
   */
  next(): Promise<Uint8Array<ArrayBuffer> | null>
  /** No more is wanted. */
  end(): void
}

/** For questions that come alone. */
export const NOTHING_GIVEN: Giver = { next: () => Promise.resolve(null), end: () => {} }

/** A source that gives nothing for so long is given up: others wait for its thread. */
const SILENT_MS = 30_000

const silent = () =>
  new GatewayError('unreadable-body', 'report', '文件未在时限内发完，没有写入任何内容，请重新导入同一文件')

/** Makes it. @param source read one piece at a time; left where no more is wanted */
export function giverOf(source: AsyncIterable<Uint8Array> | undefined, clock: Pick<Clock, 'after'>): Giver {
  if (!source) return NOTHING_GIVEN
  const pieces = source[Symbol.asyncIterator]()
  let cancel = () => {}
  return {
    next: () =>
      new Promise((resolve, reject) => {
        cancel = clock.after(SILENT_MS, () => reject(silent()))
        const ended = (end: () => void) => {
          cancel()
          end()
        }
        pieces.next().then(
          ({ value, done }) => ended(() => resolve(done ? null : new Uint8Array(value))),
          (cause) => ended(() => reject(cause)),
        )
      }),
    end() {
      cancel()
      // Where a piece is still on its way, this is done after it.
      pieces.return?.()?.catch(() => {})
    },
  }
}
