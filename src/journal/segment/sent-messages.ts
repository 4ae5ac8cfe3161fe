/** Messages as they went to the platforms, read beside a running gateway: for what replays them without sending. */
import type { Database } from '../../store/database.ts'
import { exchangePlace } from '../../store/queries/exchanges.ts'
import type { ExchangeEntry } from '../entry.ts'
import { decodeRecord } from './batch-format.ts'
import type { Files } from './files.ts'
import { openPart } from './read-back.ts'
import { rowOf, withApart } from './record.ts'
import { segmentName } from './scan.ts'
import type { SealOnly } from './seal.ts'

/** A message that went out. */
export interface SentMessage {
  /** In clear. */
  readonly sealed: Buffer
  /** Id of the dialect in which it is written; null where it is the national one. */
  readonly dialect: string | null
  /** Rows of maps that made it national, JSON; null where none was used. */
  readonly mapped: string | null
}

/** Reads the message of an exchange; null where it has none, its segment is archived, or it cannot be read. */
export type ReadMessage = (exchange: number) => SentMessage | null

/** Prepares the reading. @param seal made of the key of the data directory */
export function messageReader(database: Database, files: Files, seal: SealOnly): ReadMessage {
  const placeOf = exchangePlace(database.$client)
  return (exchange) => {
    const place = placeOf(exchange)
    const bytes = place && files.read(segmentName(place.segment), place.offset, place.length)
    const record = bytes && decodeRecord(bytes, place.offset, place.offset, 0)
    if (record?.type !== 'exchange') return null
    const row = rowOf(record)
    if (row.id !== exchange || !record.sealed) return null
    const clear = openPart(files, segmentName(place!.segment), record.sealed, seal)
    const {
      sealed,
      mapped,
      dialect = null,
    } = withApart('exchange', row, clear) as Pick<ExchangeEntry, 'sealed' | 'mapped' | 'dialect'>
    return sealed && { sealed, dialect, mapped }
  }
}
