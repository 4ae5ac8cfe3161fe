/**
 * The hash chain over the journal. A link covers whole batches, from the one after the link before: every record in them,
 * links too. It is SM3 over the SHA-256 digests that stand before the records, and a record's body names the digest of
 * what it has sealed: whoever could change a byte under a link could find a collision of one of the two. It never reaches over the end of a segment, so a segment can be checked by itself. It rests as a record like
 * any other, some batches later.
 */
import { createHash } from 'node:crypto'
import type { ChainEnd, Point } from '../index/journal-index.ts'
import type { FrameRecord, ReadBatch, ReadRecord, RecordType } from './batch-format.ts'

/** A link as its record says it. */
export interface Link extends ChainEnd {
  /** 1, 2, 3 … without a gap. */
  readonly number: number
  readonly firstSequence: number
  readonly lastSequence: number
  /** Records covered. */
  readonly count: number
  /** Hash of the link before, 64 zeros in the first. */
  readonly previous: string
  /** SM3 over the bytes of `previous` and the digests of the records, in order. */
  readonly hash: string
  /** UTC milliseconds. */
  readonly at: number
}

/** The hash before the first link. */
export const ORIGIN = '0'.repeat(64)

/** Where a chain starts: link 0, which covers nothing. */
export const NOTHING: ChainEnd = { number: 0, hash: ORIGIN, lastSequence: 0 }

/** A link is made each time so many records are not covered. */
const LINK_RECORDS = 1024

const FIELDS = ['number', 'firstSequence', 'lastSequence', 'count', 'previous', 'hash', 'at'] as const

/**
 * The hash of a link.
 *
 * @param previous hash of the link before, 64 hexadecimal digits
 * @param digests of the records that it covers, in order, hexadecimal
 */
export function linkHash(previous: string, digests: readonly string[]): string {
  return createHash('sm3')
    .update(`${previous}${digests.join('')}`, 'hex')
    .digest('hex')
}

/** The record of a link. */
export function linkRecord(link: Link): FrameRecord {
  return { type: 'link', text: JSON.stringify(['link', ...FIELDS.map((field) => link[field])]), sealed: null }
}

/** The link that a record says. @throws where it says none */
export function linkOf({ type, text }: ReadRecord): Link {
  const told = JSON.parse(text) as unknown[]
  if (type !== 'link' || !Array.isArray(told) || told[0] !== 'link') throw new Error('it is no link')
  return Object.fromEntries(FIELDS.map((field, index) => [field, told[index + 1]])) as unknown as Link
}

/** A record that no link covers yet. */
interface Uncovered {
  readonly segment: number
  readonly sequence: number
  readonly type: RecordType
  readonly digest: string
  /** Where its batch ends. */
  readonly end: number
}

/** The chain in the hand of whoever reads the journal in order. */
export interface Chain {
  /**
   * Takes in the next batch. A link in it is compared with the records that it covers.
   *
   * @throws where it is not the link of those records
   */
  take(segment: number, batch: ReadBatch): void
  /** Whether so much is not covered that a link is due. */
  due(): boolean
  /** Makes links over all that none covers, one a segment; none where there is nothing but links. */
  cut(at: number): readonly Link[]
  /** The last link that rests in what was taken in. */
  end(): ChainEnd
  /** Where what it does not cover begins. */
  linkedTo(): Point
  /** Records that no link covers, made or resting. */
  uncovered(): number
}

/**
 * Goes on with a chain.
 *
 * @param end the last link that rests
 * @param linkedTo where what it does not cover begins; batches are given from there on
 */
export function createChain(end: ChainEnd, linkedTo: Point): Chain {
  let rested = end
  let restedTo = linkedTo
  let open: Uncovered[] = []
  /** Links that were made and have not been seen to rest. */
  const made: { readonly link: Link; readonly to: Point }[] = []

  const last = (): ChainEnd => made.at(-1)?.link ?? rested

  function linkOver(covered: readonly Uncovered[], at: number): { link: Link; to: Point } {
    const { number, hash: previous } = last()
    const final = covered.at(-1)!
    const digests = covered.map(({ digest }) => digest)
    const link = {
      number: number + 1,
      firstSequence: covered[0]!.sequence,
      lastSequence: final.sequence,
      count: covered.length,
      previous,
      hash: linkHash(previous, digests),
      at,
    }
    return { link, to: { segment: final.segment, offset: final.end } }
  }

  /** A link that was read: it is one that was made here, or one that a former run made. */
  function meet(link: Link): void {
    if (link.number <= rested.number) return
    let own = made.shift()
    if (!own) {
      const covered = open.filter(({ sequence }) => sequence <= link.lastSequence)
      if (covered.length === 0) throw new Error(`link ${link.number} of the chain covers nothing`)
      open = open.slice(covered.length)
      own = linkOver(covered, link.at)
    }
    if (FIELDS.some((field) => own.link[field] !== link[field])) {
      throw new Error(`link ${link.number} of the chain is not that of the records it covers`)
    }
    rested = link
    restedTo = own.to
  }

  return {
    take(segment, batch) {
      for (const record of batch.records) {
        if (record.type === 'link') meet(linkOf(record))
        const { sequence, type, digest } = record
        open.push({ segment, sequence, type, digest, end: batch.end })
      }
    },
    due: () => open.length >= LINK_RECORDS,
    cut(at) {
      const links: Link[] = []
      while (open.some(({ type }) => type !== 'link')) {
        const { segment } = open[0]!
        const covered = open.filter((one) => one.segment === segment)
        const fresh = linkOver(covered, at)
        open = open.slice(covered.length)
        made.push(fresh)
        links.push(fresh.link)
      }
      return links
    },
    end: () => rested,
    linkedTo: () => restedTo,
    uncovered: () => open.length,
  }
}
