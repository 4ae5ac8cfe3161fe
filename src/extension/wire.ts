/** A message on the wire: its bytes and the JSON in them. Whichever is not at hand is made where it is asked for, once. */

import { parseExact } from './json.ts'

/** A JSON object of the wire. */
export type Json = Readonly<Record<string, unknown>>

/** A message in either form. */
export class Wire {
  #bytes: Buffer | null
  #json: Json | null

  private constructor(bytes: Buffer | null, json: Json | null) {
    this.#bytes = bytes
    this.#json = json
  }

  /** @param bytes that are known to be a JSON object */
  static ofBytes(bytes: Buffer): Wire {
    return new Wire(bytes, null)
  }

  /** @param json that is not changed any more */
  static ofJson(json: Json): Wire {
    return new Wire(null, json)
  }

  /** The bytes, in UTF-8. */
  bytes(): Buffer {
    this.#bytes ??= Buffer.from(JSON.stringify(this.#json))
    return this.#bytes
  }

  /** What they say. */
  json(): Json {
    this.#json ??= parseExact(this.#bytes!.toString()) as Json
    return this.#json
  }
}
