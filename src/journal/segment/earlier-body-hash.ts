/**
 * The keyed hash of a body as it was made before it was an HMAC: a GMAC under a fixed nonce, then one block of AES. It is
 * never written any more, only compared with what stands in a journal from before; it goes when no such journal is in use.
 */
import { createCipheriv, type KeyObject } from 'node:crypto'

const NONCE = Buffer.alloc(12)

/**
 * Makes one.
 *
 * @param head what the body is about
 * @returns 32 hexadecimal digits
 */
export function earlierBodyHash(
  tagKey: KeyObject,
  blockKey: KeyObject,
  head: string,
  bytes: Uint8Array,
): string {
  const tag = createCipheriv('aes-256-gcm', tagKey, NONCE)
  tag.setAAD(Buffer.from(head))
  tag.setAAD(bytes)
  tag.final()
  return createCipheriv('aes-256-ecb', blockKey, null)
    .setAutoPadding(false)
    .update(tag.getAuthTag())
    .toString('hex')
}
