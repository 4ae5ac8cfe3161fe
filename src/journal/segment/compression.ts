/**
 * Packs what is sealed together. Bills repeat themselves in every line: packed, a long group costs less to seal, to hash
 * and to write than packing costs. The last byte says whether a group is packed.
 */
import { constants, zstdDecompressSync } from 'node:zlib'
import { ZstdCompress } from 'minizlib'

const PLAIN = 0
const PACKED = 1
/** Shorter groups cost more to pack than it saves. */
const PACKED_FROM_BYTES = 4 * 1024
/**
 * A fast level: still an eighth of the bytes of an ordinary bill. Every write is a whole frame with room for it, so that it
 * is packed from where it stands. The types of the library do not know `params`.
 */
const OPTIONS = {
  params: { [constants.ZSTD_c_compressionLevel]: -6 },
  flush: constants.ZSTD_e_end,
  chunkSize: 1024 * 1024,
} as object

/** Bytes that `pack` puts behind what it is given, at most. */
export const MARK_BYTES = 1

/** Kept from group to group: a new one costs more than packing eighty kilobytes. */
const packer = new ZstdCompress(OPTIONS)

/** One frame of zstd. */
function compressed(bytes: Buffer): Buffer {
  packer.write(bytes)
  return packer.read() as Buffer
}

/**
 * @param room what is to be packed in its first `length` bytes, and a byte of room behind
 * @returns the packed bytes, or the same with their mark
 */
export function pack(room: Buffer, length: number): Buffer {
  if (length >= PACKED_FROM_BYTES) {
    const packed = compressed(room.subarray(0, length))
    if (packed.length < length) return Buffer.concat([packed, Buffer.of(PACKED)])
  }
  room[length] = PLAIN
  return room.subarray(0, length + MARK_BYTES)
}

/** What was packed. @throws where it is no group */
export function unpack(group: Buffer): Buffer {
  const mark = group.at(-1)
  const bytes = group.subarray(0, -MARK_BYTES)
  if (mark === PACKED) return zstdDecompressSync(bytes)
  if (mark !== PLAIN) throw new Error('The group has no readable mark')
  return bytes
}
