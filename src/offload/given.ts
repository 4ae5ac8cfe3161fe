/** The upload of a query, passed to its thread chunk by chunk with backpressure. */
import { GatewayError } from '../domain/problems.ts'
import type { Clock } from '../ports.ts'

/** Supplies the chunks. */
export interface Giver {
  /**
   * The next chunk, in memory of its own; null after the last one.
   *
   * @rejects with the error of the source, or unreadable-body if it stalls
   */
  next(): Promise<Uint8Array<ArrayBuffer> | null>
  /** No more chunks are wanted. */
  end(): void
}

/** For queries without an upload. */
export const NOTHING_GIVEN: Giver = { next: () => Promise.resolve(null), end: () => {} }

/** A source that stalls for this long is given up, because others wait for its thread. */
const SILENT_MS = 30_000

const silent = () =>
  new GatewayError('unreadable-body', 'report', '文件未在时限内发完，没有写入任何内容，请重新导入同一文件')

/** Creates it. @param source read one chunk at a time; closed when no more is wanted */
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
      // If a chunk is still pending, this takes effect after it.
      pieces.return?.()?.catch(() => {})
    },
  }
}
