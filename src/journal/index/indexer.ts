/**
 * The indexer behind the way: told how far the journal is durable, it brings the index there and makes the links of the
 * chain. It works the same on a thread of its own and on the main one.
 */
import type { Link } from '../segment/chain.ts'
import { createIndexing, damageText, type IndexingPorts, isAfter, JournalFault } from './indexing.ts'
import type { Point } from './journal-index.ts'

/** The indexer as the disk sees it. */
export interface Indexer {
  /** Everything up to here is durable. */
  durable(upTo: Point): void
  /** Somebody waits for the index: the round that is due is not put off any longer. */
  hurry(): void
  /** Asks for links over everything that is durable and not linked; `links` is told of them, then this resolves. */
  link(): Promise<void>
  close(): Promise<void>
}

/** What an indexer tells. */
export interface IndexerEvents {
  /** Everything up to here is in the index. */
  indexed(upTo: Point): void
  /** Links that wait to be written, in order. */
  links(links: readonly Link[]): void
  /** It cannot go on; nothing more is indexed. */
  failed(cause: Error): void
}

/** Opens an indexer where the journal ends. */
export type OpenIndexer = (end: Point, events: IndexerEvents) => Promise<Indexer>

/** What an indexer in this thread is made with. */
export interface InProcessPorts extends IndexingPorts {
  /** Runs something later: how far the index is behind the journal. At once, as far as that can be, where `hurried`. */
  soon(work: () => void, hurried: boolean): void
}

/** An indexer that works in this thread. */
export function inProcessIndexer(ports: InProcessPorts): OpenIndexer {
  return async (end, events) => {
    const indexing = createIndexing(ports, false)
    let target = end
    let failed = false
    /** Null until the records that no link covers have been walked over once. */
    let indexed: Point | null = null
    let scheduled = false
    let ended = false
    /** Does some work; after a failure nothing any more. */
    function attempt(work: () => void): void {
      if (failed || ended) return
      try {
        work()
      } catch (cause) {
        failed = true
        events.failed(cause instanceof Error ? cause : new Error(String(cause)))
      }
    }

    function advance(): void {
      const upTo = target
      if (indexed && !isAfter(upTo, indexed)) return
      const ending = indexing.advance(upTo)
      if (ending.is === 'damage') {
        throw new JournalFault(damageText(ending.segment, ending.sequence, ending.offset, ending.wrong))
      }
      if (isAfter(upTo, ending)) {
        throw new JournalFault(
          damageText(
            ending.segment,
            ending.nextSequence,
            ending.offset,
            'was written and cannot be read back',
          ),
        )
      }
      indexed = upTo
      events.indexed(upTo)
      tellLinks(false)
    }

    function tellLinks(all: boolean): void {
      const links = indexing.links(all)
      if (links.length > 0) events.links(links)
    }

    attempt(advance)
    return {
      durable(upTo) {
        target = upTo
        if (scheduled) return
        scheduled = true
        ports.soon(() => {
          scheduled = false
          attempt(advance)
        }, false)
      },
      hurry: () => ports.soon(() => attempt(advance), true),
      link: () =>
        new Promise((resolve) => {
          ports.soon(() => {
            attempt(() => {
              advance()
              tellLinks(true)
            })
            resolve()
          }, true)
        }),
      async close() {
        ended = true
        await ports.index.close()
      },
    }
  }
}
