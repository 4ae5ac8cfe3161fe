/**
 * Which dialect a platform speaks. A message is our own until it is written for its platform, and what the journal has sealed
 * is read again in the dialect in which it was written then, whatever the platform speaks by now.
 */
import type { Credentials, Departure } from '../extension/departure.ts'
import { type Dialect, type Message, NATIONAL_ALONE } from '../extension/dialect.ts'
import type { ExchangeEntry } from '../journal/entry.ts'
import type { Clock, Random } from '../ports.ts'
import { destinationOf } from '../transport/destinations.ts'

/** The dialects of platforms. */
export interface Spoken {
  /** @param platform `national` or a province code */
  by(platform: string): Dialect
  /** @throws where no folder has this id: the messages of a dialect that was taken away cannot be read any more */
  byId(id: string): Dialect
  /** With what a request leaves now. @param platform `national` or a province code */
  departure(platform: string): Departure
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

/** The headers under which bytes go to a platform, each time they leave: names and values by turns. */
export function headersOf(
  { spoken }: Speaks,
  { dialect, bytes }: Pick<Sealed, 'dialect' | 'bytes'>,
  message: Message,
): () => readonly string[] {
  const type = ['content-type', dialect.contentType]
  if (!dialect.requestHeaders || !spoken) return () => type
  return () => {
    const departure = spoken.departure(destinationOf(message.insuredArea, message.treatmentArea).platform)
    return [...type, ...Object.entries(dialect.requestHeaders!(message, bytes, departure)).flat()]
  }
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
  return readBack(sealedOf(speaks, exchange))
}

/** Reads a message as it goes out; its codes are national by then. */
export function readBack({ dialect, bytes }: Sealed): Message {
  return dialect.read(dialect.open(bytes, null), NATIONAL_ALONE)
}

/** The national interface: our own form, which every platform speaks unless the configuration says another. */
const OWN = '000000-national'

function dialectOf(dialects: readonly Dialect[], id: string): Dialect {
  const found = dialects.find((dialect) => dialect.id === id)
  if (!found)
    throw new Error(
      `There is no dialect "${id}" in adapters/; there are ${dialects.map((each) => each.id).join(', ')}`,
    )
  return found
}

/** Our own dialect among them. @throws where it is not there */
export function ownDialect(dialects: readonly Dialect[]): Dialect {
  return dialectOf(dialects, OWN)
}

/** What requests leave with. */
export interface DeparturePorts {
  readonly clock: Clock
  readonly random: Random
  /** By platform. */
  readonly credentials?: Readonly<Record<string, Credentials>>
}

/**
 * Says which platform speaks which dialect.
 *
 * @param chosen id of a dialect by platform
 * @throws where there is no dialect of that id, or not our own, or one lacks what it signs with
 */
export function createSpeaks(
  dialects: readonly Dialect[],
  chosen: Readonly<Record<string, string>>,
  { clock, random, credentials = {} }: DeparturePorts,
): Required<Speaks> {
  const byId = (id: string) => dialectOf(dialects, id)
  const dialect = ownDialect(dialects)
  const byPlatform = new Map(Object.entries(chosen).map(([platform, id]) => [platform, byId(id)]))
  for (const [platform, spoken] of byPlatform) requireCredentials(platform, spoken, credentials[platform])
  const departure = (platform: string) => ({
    at: clock.now(),
    nonce: random.token(),
    credentials: credentials[platform] ?? {},
  })
  return { dialect, spoken: { by: (platform) => byPlatform.get(platform) ?? dialect, byId, departure } }
}

function requireCredentials(
  platform: string,
  { id, credentials = [] }: Dialect,
  given: Credentials = {},
): void {
  const missing = credentials.filter((name) => !given[name])
  if (missing.length > 0)
    throw new Error(
      `The platform ${platform} speaks ${id}, which signs with ${missing.join(', ')}: name them under "${platform}" in the file of ZHIJIE_CREDENTIALS`,
    )
}
