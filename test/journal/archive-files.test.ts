/** An archived segment is read back byte for byte, and one that is cut short, changed or missing is told. */
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { archivedName, archivedSegmentsOf, readArchived } from '../../src/journal/archive/archive-files.ts'
import { freshFolder } from './integrity-support.ts'

describe('readArchived()', () => {
  const plain = Buffer.concat([randomBytes(20_000), Buffer.alloc(45_536)])
  const packed = gzipSync(plain)
  function archive(bytes: Buffer): string {
    const directory = freshFolder()
    writeFileSync(join(directory, archivedName(7)), bytes)
    return directory
  }

  it('gives the bytes as they were', async () => {
    const { bytes, fault } = await readArchived(archive(packed), 7)
    expect(fault).toBeNull()
    expect(bytes.equals(plain)).toBe(true)
  })

  it('gives what comes out before the place where a file was cut short, each time', async () => {
    for (let length = 1000; length < 20_000; length += 400) {
      const { bytes, fault } = await readArchived(archive(packed.subarray(0, length)), 7)
      expect(fault).toMatch(/unexpected end/)
      expect(bytes.equals(plain.subarray(0, bytes.length))).toBe(true)
      expect(bytes.length).toBeGreaterThan(length - 500)
    }
  })

  it('says where the sum over a file does not match, and gives all of it', async () => {
    const changed = Buffer.from(packed)
    changed[changed.length - 6]! ^= 1
    const { bytes, fault } = await readArchived(archive(changed), 7)
    expect(fault).toMatch(/incorrect data check/)
    expect(bytes.length).toBeGreaterThan(plain.length - 65)
  })

  it('says so where there is no file', async () => {
    const directory = freshFolder()
    expect(await readArchived(directory, 7)).toMatchObject({ fault: expect.stringMatching(/ENOENT/) })
    expect(archivedSegmentsOf(directory)).toEqual([])
    expect(archivedSegmentsOf(join(directory, 'nowhere'))).toEqual([])
  })
})
