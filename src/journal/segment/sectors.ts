/** Sectors: what a disk writes whole or not at all. */

/** Length of one. */
export const SECTOR_BYTES = 512

/** The next sector boundary at or after an offset. */
export function upToSector(offset: number): number {
  return Math.ceil(offset / SECTOR_BYTES) * SECTOR_BYTES
}

const ZEROS = Buffer.alloc(64 * 1024)

/** Whether all bytes are zero. */
export function isZero(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at += ZEROS.length) {
    const piece = bytes.subarray(at, at + ZEROS.length)
    if (!piece.equals(ZEROS.subarray(0, piece.length))) return false
  }
  return true
}
