/**
 * A whole message in our own form: head and input under the names of the national standard, which every dialect is read into
 * and written from. It is there as JSON or as its bytes; whichever is not at hand is made when it is asked for, once. Where a
 * hospital and a platform both speak the national interface, the bytes go through as they came.
 */

import { parseExact } from './json.ts'

/** A JSON object of it. */
export type Json = Readonly<Record<string, unknown>>

/** A message in either form. */
export class ClaimDocument {
  #bytes: Buffer | null
  #json: Json | null

  private constructor(bytes: Buffer | null, json: Json | null) {
    this.#bytes = bytes
    this.#json = json
  }

  /** @param bytes that are known to be a JSON object */
  static ofBytes(bytes: Buffer): ClaimDocument {
    return new ClaimDocument(bytes, null)
  }

  /** @param json that is not changed any more */
  static ofJson(json: Json): ClaimDocument {
    return new ClaimDocument(null, json)
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
