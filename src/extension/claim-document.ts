/**
 * A complete message in our own form: head and input under the names of the national standard. Every dialect is
 * decoded into it and encoded from it. It exists as JSON or as bytes; the other form is computed once, on demand.
 * Between a hospital and a platform that both speak the national interface, the bytes pass through unchanged.
 */

import { parseExact } from './json.ts'

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>

/** A message in either form. */
export class ClaimDocument {
  #bytes: Buffer | null
  #json: Json | null

  private constructor(bytes: Buffer | null, json: Json | null) {
    this.#bytes = bytes
    this.#json = json
  }

  /** @param bytes of a JSON object, already checked */
  static ofBytes(bytes: Buffer): ClaimDocument {
    return new ClaimDocument(bytes, null)
  }

  /** @param json must not be modified afterwards */
  static ofJson(json: Json): ClaimDocument {
    return new ClaimDocument(null, json)
  }

  /** The bytes, in UTF-8. */
  bytes(): Buffer {
    this.#bytes ??= Buffer.from(JSON.stringify(this.#json))
    return this.#bytes
  }

  /** The parsed JSON. */
  json(): Json {
    this.#json ??= parseExact(this.#bytes!.toString()) as Json
    return this.#json
  }
}
