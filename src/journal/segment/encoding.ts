/**
 * Makes the bytes of a batch out of entries. What is to be sealed is sealed together, up to some length: a cipher and a
 * hash of its own cost an ordinary message more than its bytes do.
 */

import type { Entry } from '../entry.ts'
import type { Place } from '../index/journal-index.ts'
import { encodeBatch, type FrameRecord, type SealedGroup } from './batch-format.ts'
import { type Link, linkRecord } from './chain.ts'
import { MARK_BYTES, pack } from './compression.ts'
import { type Apart, type EncodedRecord, encodeExchange, encodeOutcome, type RecordTable } from './record.ts'
import type { SealOnly } from './seal.ts'

/** A group ends with the record that brings it to so many bytes: whoever reads one record opens its whole group. */
const GROUP_BYTES = 256 * 1024
/** Length of the buffers at first; those of the longest batches are not kept. */
const KEPT_BYTES = 1024 * 1024

/** Where the records of an entry stand, from the begin of the batch. */
export interface EntryPlaces {
  readonly exchange: Omit<Place, 'segment'> | null
  /** `id` is its number in the journal. */
  readonly outcome: (Omit<Place, 'segment'> & { readonly id: number }) | null
}

/** A batch ready to be written. */
export interface Encoded {
  /** Only until the next batch is encoded. */
  readonly bytes: Buffer
  /** How many records there are in it. */
  readonly count: number
  /** One for each entry. */
  readonly places: readonly EntryPlaces[]
}

/** Encodes one batch after another. */
export type Encode = (batch: readonly Entry[], links: readonly Link[], firstSequence: number) => Encoded

/** Lends one buffer again and again; fresh pages cost more than what is written to them. */
function lender(): (length: number) => Buffer {
  const kept = Buffer.alloc(KEPT_BYTES)
  return (length) => (length > kept.length ? Buffer.allocUnsafeSlow(length) : kept)
}

/** Makes an encoder. */
export function createEncoding(seal: Pick<SealOnly, 'seal'>): Encode {
  const batchBuffer = lender()
  const clearBuffer = lender()

  /** Seals pieces one after another, as one. */
  function sealed(pieces: readonly Apart[], length: number): SealedGroup {
    const clear = clearBuffer(length + MARK_BYTES)
    let at = 0
    for (const piece of pieces) {
      if (typeof piece === 'string') at += clear.write(piece, at)
      else {
        clear.set(piece, at)
        at += piece.length
      }
    }
    return seal.seal(pack(clear, length))
  }

  return (batch, links, firstSequence) => {
    const records: FrameRecord[] = []
    const groups: SealedGroup[] = []
    let pieces: Apart[] = []
    let length = 0

    function closeGroup(): void {
      if (pieces.length === 0) return
      groups.push(sealed(pieces, length))
      pieces = []
      length = 0
    }

    /** @returns which record of the batch it is */
    function put(type: RecordTable, told: EncodedRecord): number {
      const part = { group: groups.length, from: length, length: told.apartLength }
      records.push({ type, text: told.text, sealed: told.apart.length > 0 ? part : null })
      pieces.push(...told.apart)
      length += told.apartLength
      if (length >= GROUP_BYTES) closeGroup()
      return records.length - 1
    }

    const numbers = batch.map(({ exchange, outcome }) => ({
      exchange: exchange ? put('exchange', encodeExchange(exchange)) : null,
      outcome: outcome ? put('outcome', encodeOutcome(firstSequence + records.length, outcome)) : null,
    }))
    closeGroup()
    for (const link of links) records.push(linkRecord(link))
    const { bytes, places } = encodeBatch(records, groups, firstSequence, batchBuffer)
    return {
      bytes,
      count: records.length,
      places: numbers.map(({ exchange, outcome }) => ({
        exchange: exchange === null ? null : places[exchange]!,
        outcome: outcome === null ? null : { ...places[outcome]!, id: firstSequence + outcome },
      })),
    }
  }
}
