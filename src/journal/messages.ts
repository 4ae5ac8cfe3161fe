/** Messages as they went to the platforms, read beside a running gateway: for what replays them without sending. */
import type { Database } from '../store/database.ts'
import type { Seal } from './seal.ts'

/** Reads the message of an exchange in clear; null where it has none, or its key is gone. */
export type ReadMessage = (exchange: number) => Buffer | null

/** Prepares the reading. @param seal made of the key of the data directory */
export function messageReader(database: Database, seal: Seal): ReadMessage {
  const statement = database.$client.prepare('select sealed from exchange where id = ?').pluck()
  return (exchange) => {
    const sealed = statement.get(exchange) as Buffer | null | undefined
    return sealed ? seal.open(sealed) : null
  }
}
