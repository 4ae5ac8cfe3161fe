/**
 * Sealing of what is personal: AES-256-GCM for texts that must come back, a keyed hash for what must only be told apart.
 * The primitives are those of node:crypto.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Seals, opens and hashes with keys derived from one. */
export interface Seal {
  seal(clear: Buffer): Buffer
  /** @throws where the text was changed or sealed with another key */
  open(sealed: Buffer): Buffer
  /** A pseudonym: the same text always gives the same 32 hexadecimal digits, and nobody without the key can go back. */
  pseudonym(text: string): string
}

const NONCE_BYTES = 12
const TAG_BYTES = 16

/**
 * Makes a seal.
 *
 * @param key 64 hexadecimal digits
 */
export function createSeal(key: string): Seal {
  const derive = (purpose: string) =>
    Buffer.from(hkdfSync('sha256', Buffer.from(key, 'hex'), '', purpose, 32))
  const cipherKey = derive('zhijie seal')
  const nameKey = derive('zhijie pseudonym')
  return {
    seal(clear) {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv('aes-256-gcm', cipherKey, nonce)
      const body = Buffer.concat([cipher.update(clear), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), body])
    },
    open(sealed) {
      const decipher = createDecipheriv('aes-256-gcm', cipherKey, sealed.subarray(0, NONCE_BYTES))
      decipher.setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
      return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()])
    },
    pseudonym: (text) => createHmac('sha256', nameKey).update(text).digest('hex').slice(0, 32),
  }
}

/**
 * The key: as set, else from the file that is set, else from the data directory, where it is made on the first start.
 *
 * @throws where a set file is missing or holds something else
 */
export function readKey(config: { key: string | null; keyFile: string | null; dataDir: string }): string {
  if (config.key) return config.key
  const file = config.keyFile ?? join(config.dataDir, 'key')
  if (!config.keyFile && !existsSync(file)) {
    mkdirSync(config.dataDir, { recursive: true })
    writeFileSync(file, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' })
  }
  const key = readFileSync(file, 'utf8').trim()
  if (!/^[0-9a-f]{64}$/i.test(key)) throw new Error(`The key file ${file} must hold 64 hexadecimal digits`)
  return key
}
