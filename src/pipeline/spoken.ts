/**
 * Which dialect a platform speaks. A message is our own until it is written for its platform, and what the journal has sealed
 * is read again in the dialect in which it was written then, whatever the platform speaks by now.
 */
import type { Instant } from '../domain/day.ts'
import { type Dialect, type Message, NATIONAL_ALONE } from '../extension/dialect.ts'
import type { ExchangeEntry } from '../journal/entry.ts'
import { destinationOf } from '../transport/destinations.ts'

/** The dialects of platforms. */
export interface Spoken {
  /** @param platform `national` or a province code */
  by(platform: string): Dialect
  /** @throws where no folder has this id: the messages of a dialect that was taken away cannot be read any more */
  byId(id: string): Dialect
}

/** Our own dialect, and the others; absent where every platform speaks our own. */
export interface Speaks {
  /** The national interface, whose names are our own: the gateway's own messages are composed in it. */
  readonly dialect: Dialect
  readonly spoken?: Spoken
}

/** The bytes that go to a platform, and the dialect in which they are written. */
export interface Sealed {
  readonly dialect: Dialect
  /** How the journal names it: not at all where it is our own. */
  readonly name: string | null
  readonly bytes: Buffer
}

/** The dialect of the platform that a message goes to. */
export function dialectFor(
  { dialect, spoken }: Speaks,
  { insuredArea, treatmentArea }: Pick<Message, 'insuredArea' | 'treatmentArea'>,
): Dialect {
  return spoken ? spoken.by(destinationOf(insuredArea, treatmentArea).platform) : dialect
}

/** Writes a message for its platform. */
export function encode(speaks: Speaks, message: Message): Sealed {
  const dialect = dialectFor(speaks, message)
  return { dialect, name: nameOf(speaks, dialect), bytes: dialect.encode(message) }
}

/** The headers under which bytes go to a platform: names and values by turns. */
export function headersOf(
  { dialect, bytes }: Pick<Sealed, 'dialect' | 'bytes'>,
  message: Message,
  at: Instant,
): readonly string[] {
  const type = ['content-type', dialect.contentType]
  const further = dialect.requestHeaders?.(message, bytes, at)
  return further ? [...type, ...Object.entries(further).flat()] : type
}

/** How the journal names a dialect: not at all where it is our own. */
function nameOf({ dialect: own }: Speaks, { id }: Dialect): string | null {
  return id === own.id ? null : id
}

/** What the journal has sealed of an exchange. */
export function sealedOf(
  { dialect: own, spoken }: Speaks,
  { sealed, dialect: id = null }: Pick<ExchangeEntry, 'sealed' | 'dialect'>,
): Sealed {
  const dialect = id === null ? own : spoken?.byId(id)
  if (!dialect) throw new Error(`the message is written in ${id}, which is not in adapters/`)
  return { dialect, name: id, bytes: sealed! }
}

/** Reads a message that the journal has sealed; its codes are national by then. */
export function readSealed(speaks: Speaks, exchange: Pick<ExchangeEntry, 'sealed' | 'dialect'>): Message {
  const { dialect, bytes } = sealedOf(speaks, exchange)
  return dialect.read(dialect.open(bytes, null), NATIONAL_ALONE)
}

/** The national interface: our own form, which every platform speaks unless the configuration says another. */
const OWN = '000000-national'

/**
 * Says which platform speaks which dialect.
 *
 * @param chosen id of a dialect by platform
 * @throws where there is no dialect of that id, or not our own
 */
export function createSpeaks(
  dialects: readonly Dialect[],
  chosen: Readonly<Record<string, string>> = {},
): Required<Speaks> {
  const known = new Map(dialects.map((dialect) => [dialect.id, dialect]))
  function byId(id: string): Dialect {
    const dialect = known.get(id)
    if (!dialect)
      throw new Error(`There is no dialect "${id}" in adapters/; there are ${[...known.keys()].join(', ')}`)
    return dialect
  }
  const dialect = byId(OWN)
  const byPlatform = new Map(Object.entries(chosen).map(([platform, id]) => [platform, byId(id)]))
  return { dialect, spoken: { by: (platform) => byPlatform.get(platform) ?? dialect, byId } }
}
