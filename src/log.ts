/** The log: JSON lines by pino. Nothing personal goes in: messages are never logged, identity numbers are cut out. */
import pino from 'pino'
import { withoutIdentity } from './domain/masking.ts'

/** What the gateway logs with. */
export type Log = pino.Logger

/** Opens the log. Lines are buffered and written behind the way of a settlement. */
export function createLog(level: string, destination?: pino.DestinationStream): Log {
  const options: pino.LoggerOptions = {
    level,
    base: { service: 'zhijie' },
    timestamp: pino.stdTimeFunctions.isoTime,
    hooks: { streamWrite: withoutIdentity },
  }
  return pino(
    options,
    destination ?? pino.destination({ fd: 2, minLength: 4096, sync: false, periodicFlush: 500 }),
  )
}
