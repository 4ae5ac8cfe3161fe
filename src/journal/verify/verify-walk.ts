/** Goes over the segments of a journal in order and checks all that they can show of themselves. */

import type { State } from '../exchange-state.ts'
import type { ChainEnd, Place } from '../index/journal-index.ts'
import type { ReadBatch, ReadRecord } from '../segment/batch-format.ts'
import { createChain, linkOf, NOTHING } from '../segment/chain.ts'
import { shortCheck } from '../segment/key-check.ts'
import { type RecordRow, rowOf } from '../segment/record.ts'
import { scanBatches } from '../segment/scan.ts'
import { decodeSegmentHeader, HEADER_BYTES } from '../segment/segment-header.ts'
import { createLives } from './verify-transitions.ts'

/** One thing that is wrong. */
export interface Finding {
  /** What it is about: `record 12`, `link 3`, `exchange 4 of the index`, `the head`. */
  readonly what: string
  /** The record's number, where it is a record. */
  readonly sequence: number | null
  /** File of the segment, where it is in one, and the byte there. */
  readonly file: string | null
  readonly offset: number | null
  readonly wrong: string
}

/** Where a walk begins, and what it is compared with. */
export interface WalkStart {
  readonly segment: number
  readonly nextSequence: number
  /** The last link over what lies before; its number is 0 at the very begin. */
  readonly link: ChainEnd
  /** State of an exchange that began before, null where there was none. */
  former(exchange: number): State | null
  /** What the index says otherwise of a record; null where it agrees. */
  differs(type: 'exchange' | 'outcome', row: RecordRow, sequence: number, place: Place): string | null
}

/** A walk that begins at the first record, with no index beside it. */
export const WHOLE: WalkStart = {
  ...{ segment: 1, nextSequence: 1, link: NOTHING },
  former: () => null,
  differs: () => null,
}

/** One segment as it is given to the walk. */
export interface WalkInput {
  readonly segment: number
  /** Name for a person. */
  readonly file: string
  readonly bytes: Buffer
  /** Why no more of it could be read. */
  readonly fault: string | null
  /** Whether nothing but a spare segment follows. */
  readonly last: boolean
}

/** What was counted. */
export interface Counted {
  readonly exchanges: number
  readonly outcomes: number
  readonly links: number
}

/** A batch that a power cut has torn: no answer rests on it, and the next start clears it away. */
export interface Torn {
  readonly file: string
  readonly offset: number
}

/** The walk. */
export interface Walk {
  /** Checks the next segment. @returns whether a walk can go on from there */
  take(given: WalkInput): boolean
  counted(): Counted
  nextSequence(): number
  /** Exchanges and outcomes that no link covers. */
  notLinked(): number
  /** The last link. */
  link(): ChainEnd
  /** Hash of a link that was met, by its number. */
  hashOf(number: number): string | null
  torn(): Torn | null
  /** Checks of keys that the segments name, in their order; null stands for those without. */
  keyChecks(): readonly (string | null)[]
}

/** Begins. @param bad is told of everything that is wrong, in the order of the records */
export function createWalk(start: WalkStart, bad: (finding: Finding) => void): Walk {
  const counted = { exchange: 0, outcome: 0, link: 0 }
  const lives = createLives(start.former)
  const chain = createChain(start.link, { segment: start.segment, offset: HEADER_BYTES })
  const met = new Map<number, string>([[start.link.number, start.link.hash]])
  let chainGoesOn = true
  let sequence = start.nextSequence
  let segment = start.segment
  let torn: Torn | null = null
  const keyChecks = new Set<string | null>()
  /** Numbers of exchanges and outcomes that no link covers yet. */
  let open: number[] = []

  function checkRecord(given: WalkInput, record: ReadRecord): void {
    const { type, offset, length } = record
    const wrongs: string[] = []
    counted[type] += 1
    try {
      if (type === 'link') {
        checkLink(record)
      } else {
        const row = rowOf(record)
        if (type === 'outcome' && row.id !== record.sequence) wrongs.push(`says that it is record ${row.id}`)
        wrongs.push(
          ...(type === 'exchange' ? lives.begin(row, record.sequence) : lives.step(row, record.sequence)),
        )
        const place = { segment: given.segment, offset, length }
        wrongs.push(...[start.differs(type, row, record.sequence, place) ?? []].flat())
      }
    } catch (cause) {
      wrongs.push(`says nothing that it could say: ${(cause as Error).message}`)
    }
    const what = `record ${record.sequence}${nameOf(record)}`
    for (const wrong of wrongs) bad({ what, sequence: record.sequence, file: given.file, offset, wrong })
  }

  /** A link over records of a segment that is not here can still be compared with what was noted of it. */
  function checkLink(record: ReadRecord): void {
    const link = linkOf(record)
    if (link.number === start.link.number && link.hash !== start.link.hash) {
      throw new Error(`link ${link.number} is not the one that the archive ends with`)
    }
    met.set(link.number, link.hash)
  }

  function checkBatch(given: WalkInput, batch: ReadBatch): void {
    for (const record of batch.records) checkRecord(given, record)
    sequence += batch.records.length
    for (const record of batch.records) if (record.type !== 'link') open.push(record.sequence)
    if (!chainGoesOn) return
    try {
      const { number } = chain.end()
      chain.take(given.segment, batch)
      const { number: last, lastSequence } = chain.end()
      if (last !== number) open = open.filter((each) => each > lastSequence)
    } catch (cause) {
      chainGoesOn = false
      const record = batch.records.find(({ type }) => type === 'link') ?? batch.records[0]!
      const wrong = `shows that the records which it covers were changed: ${(cause as Error).message}`
      const what = `record ${record.sequence}${nameOf(record)}`
      bad({ what, sequence: record.sequence, file: given.file, offset: record.offset, wrong })
    }
  }

  /** One journal has one key. */
  function checkKey(check: string | null, about: Omit<Finding, 'wrong'>): void {
    const before = [...keyChecks].find((each) => each !== null)
    keyChecks.add(check)
    if (check === null || before === undefined || before === check) return
    const wrong = `was written with another key (check ${shortCheck(check)}) than the segments before it (check ${shortCheck(before!)}): two keys are mixed`
    bad({ ...about, wrong })
  }

  /** What is wrong with the begin of a segment; null where nothing is. */
  function beginFault({ bytes, segment: number, file, fault }: WalkInput): Finding | null {
    const about = { what: `segment ${segment}`, sequence, offset: null }
    if (number !== segment) return { ...about, file: null, wrong: `is missing: ${number} follows` }
    const header = decodeSegmentHeader(bytes.subarray(0, HEADER_BYTES))
    const wrong = (text: string): Finding => ({ ...about, file, wrong: text })
    if (!header) return wrong(fault ? `cannot be read: ${fault}` : 'has a header that cannot be read')
    if (header.segment !== number) return wrong(`says that it is segment ${header.segment}`)
    checkKey(header.keyCheck, { ...about, file })
    if (header.firstSequence === sequence) return null
    return wrong(`begins with record ${header.firstSequence}, and record ${sequence} is missing`)
  }

  /** Reads a segment to its end. @returns what is wrong with that; null where nothing is */
  function endFault(given: WalkInput): Finding | null {
    const { bytes, file, fault, last } = given
    const ending = scanBatches(bytes, 0, HEADER_BYTES, sequence, (batch) => checkBatch(given, batch))
    if (ending.is === 'damage' || (ending.is === 'torn' && (!last || fault))) {
      const at = ending.is === 'damage' ? ending.sequence : ending.nextSequence
      return { what: `record ${at}`, sequence: at, file, offset: ending.offset, wrong: ending.wrong }
    }
    if (ending.is === 'torn') torn = { file, offset: ending.offset }
    if (!fault) return null
    const wrong = `cannot be read to its end: ${fault}`
    return { what: `segment ${segment}`, sequence, file, offset: null, wrong }
  }

  return {
    take(given) {
      const wrong = beginFault(given) ?? endFault(given)
      if (wrong) bad(wrong)
      segment += 1
      return wrong === null
    },
    counted: () => ({ exchanges: counted.exchange, outcomes: counted.outcome, links: counted.link }),
    nextSequence: () => sequence,
    notLinked: () => open.length,
    link: () => chain.end(),
    hashOf: (number) => met.get(number) ?? null,
    torn: () => torn,
    keyChecks: () => [...keyChecks],
  }
}

/** ` (exchange 5)`, ` (of exchange 5)`, ` (link 3)`: what a record is about, where it can be read. */
function nameOf(record: ReadRecord): string {
  try {
    if (record.type === 'link') return ` (link ${linkOf(record).number})`
    const row = rowOf(record)
    return record.type === 'exchange' ? ` (exchange ${row.id})` : ` (outcome of exchange ${row.exchange})`
  } catch {
    return ''
  }
}
