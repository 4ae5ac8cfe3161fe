/**
 * Sealing of what is personal: AES-256-GCM for texts that must come back, a keyed hash for what must only be told apart.
 * The primitives are those of node:crypto.
 */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import QuickLRU from 'quick-lru'
import { syncDirectory } from '../../fsync.ts'
import { earlierBodyHash } from './earlier-body-hash.ts'

/** Seals, opens and hashes with keys derived from one. */
export interface Seal {
  /** Tells this key from another and says nothing of it: 32 hexadecimal digits. Each segment of the journal names it. */
  readonly check: string
  /** Secret of the proof of the index: 64 hexadecimal digits. */
  readonly indexSecret: string
  /** @returns the sealed bytes in pieces that follow each other */
  seal(clear: Uint8Array): readonly Buffer[]
  /** @throws where the text was changed or sealed with another key */
  open(sealed: Buffer): Buffer
  /** What pseudonyms are made with, for another thread: an object that tells nobody what it holds. */
  readonly pseudonymKey: KeyObject
  /** A pseudonym: the same text always gives the same 32 hexadecimal digits, and nobody without the key can go back. */
  pseudonym(text: string): string
  /**
   * Tells one body from another: a keyed hash of what it is about and of its bytes, 32 hexadecimal digits.
   *
   * @param head must say itself where it ends, as JSON does
   */
  bodyHash(head: string, bytes: Uint8Array): string
  /** What builds before the HMAC wrote down in its place: asked only where something else stands under a key. */
  earlierBodyHash(head: string, bytes: Uint8Array): string
}

/** What seals and opens. */
export type SealOnly = Pick<Seal, 'seal' | 'open'> & { readonly check?: string }

const NONCE_BYTES = 12
const TAG_BYTES = 16
const CHECK_BYTES = 16
/** Hexadecimal digits of a keyed hash that are kept: the first 128 bits (RFC 2104, section 5). */
const HASH_DIGITS = 32
/** Pseudonyms that are kept: those of the visits of a few minutes. */
const PSEUDONYMS_KEPT = 2048
/** Nonces that are drawn together: drawing costs the same for one as for many. */
const NONCES_DRAWN = 256

/**
 * The check of a key: derived from it as its other keys are, so that nothing leads back.
 *
 * @param key 64 hexadecimal digits
 */
export function keyCheckOf(key: string): string {
  const derived = hkdfSync('sha256', Buffer.from(key, 'hex'), '', 'zhijie key check', CHECK_BYTES)
  return Buffer.from(derived).toString('hex')
}

const hmac = (key: KeyObject) => createHmac('sha256', key)

/**
 * Makes a seal.
 *
 * @param key 64 hexadecimal digits
 */
export function createSeal(key: string): Seal {
  // Key objects: a key given as bytes is imported anew by every call.
  const derive = (purpose: string) =>
    createSecretKey(Buffer.from(hkdfSync('sha256', Buffer.from(key, 'hex'), '', purpose, 32)))
  const cipherKey = derive('zhijie seal')
  const pseudonymKey = derive('zhijie pseudonym')
  const bodyKey = derive('zhijie body HMAC')
  let nonces = Buffer.alloc(0)
  let used = 0

  function nextNonce(): Buffer {
    if (used === nonces.length) {
      nonces = randomBytes(NONCES_DRAWN * NONCE_BYTES)
      used = 0
    }
    used += NONCE_BYTES
    return nonces.subarray(used - NONCE_BYTES, used)
  }

  return {
    check: keyCheckOf(key),
    indexSecret: derive('zhijie index').export().toString('hex'),
    pseudonymKey,
    pseudonym: createPseudonyms(pseudonymKey),
    seal(clear) {
      const nonce = nextNonce()
      const cipher = createCipheriv('aes-256-gcm', cipherKey, nonce)
      const body = cipher.update(clear)
      cipher.final() // GCM has nothing left to give here; it makes the tag.
      return [nonce, cipher.getAuthTag(), body]
    },
    open(sealed) {
      const decipher = createDecipheriv('aes-256-gcm', cipherKey, sealed.subarray(0, NONCE_BYTES))
      decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
      return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()])
    },
    bodyHash: (head, bytes) => hmac(bodyKey).update(head).update(bytes).digest('hex').slice(0, HASH_DIGITS),
    earlierBodyHash: (head, bytes) =>
      earlierBodyHash(derive('zhijie body tag'), derive('zhijie body'), head, bytes),
  }
}

/** Makes pseudonyms, as `Seal.pseudonym` tells. @param key the `pseudonymKey` of a seal */
export function createPseudonyms(key: KeyObject): Seal['pseudonym'] {
  /** The messages of one visit name one person. */
  const pseudonyms = new QuickLRU<string, string>({ maxSize: PSEUDONYMS_KEPT })
  return (text) => {
    const known = pseudonyms.get(text)
    if (known) return known
    const made = hmac(key).update(text).digest('hex').slice(0, HASH_DIGITS)
    pseudonyms.set(text, made)
    return made
  }
}

/** Where a key comes from. */
export interface KeySettings {
  readonly key: string | null
  readonly keyFile: string | null
  readonly dataDir: string
}

/** Where the key is, for people. */
export function keyPlace({ key, keyFile, dataDir }: KeySettings): string {
  return key ? 'ZHIJIE_KEY' : (keyFile ?? join(dataDir, 'key'))
}

/**
 * The key: as set, else from the file that is set, else from the data directory, where it is made on the first start.
 *
 * @param hasJournal whether there is a journal already, whose key no new one can be
 * @throws where a set file is missing or holds something else, or a key would have to be made beside a journal
 */
export function readKey(config: KeySettings, hasJournal = false): string {
  if (config.key) return config.key
  const file = keyPlace(config)
  if (!existsSync(file) && (hasJournal || config.keyFile)) throw new Error(missing(file, hasJournal))
  if (!existsSync(file)) {
    mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
    writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx', flush: true })
    // What is sealed with it is durable soon: the key must not be lost with the power.
    syncDirectory(config.dataDir)
  }
  const key = readFileSync(file, 'utf8').trim()
  if (!/^[0-9a-f]{64}$/i.test(key)) throw new Error(`The key file ${file} must hold 64 hexadecimal digits`)
  return key
}

function missing(file: string, hasJournal: boolean): string {
  const why = hasJournal
    ? 'There is a journal, whose messages only its own key can read, so no new key was made; nothing was changed'
    : 'No key was made'
  return `The key file ${file} is missing. ${why}. Put the key file back from where it is kept, or name another by ZHIJIE_KEY_FILE`
}
