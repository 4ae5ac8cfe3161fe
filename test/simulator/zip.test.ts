/** A ZIP that a platform writes is read by others, and it reads what others write. */
import { buffer } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { fromBufferPromise } from 'yauzl'
import { ZipFile } from 'yazl'
import { unzipped, zipped } from '../../src/simulator/zip.ts'

const TEXT = 'S1\tV1\t张三（虚构）\n'.repeat(100)

describe('zipped()', () => {
  it('writes what yauzl reads, with its checksum', async () => {
    const zip = await fromBufferPromise(zipped('对账.txt', TEXT))
    const entries = []
    for await (const entry of zip.eachEntry()) {
      const content = await buffer(await zip.openReadStreamPromise(entry))
      entries.push([entry.fileName, content.toString('utf8')])
    }
    expect(entries).toEqual([['对账.txt', TEXT]])
  })
})

describe('unzipped()', () => {
  it.each([true, false])('reads what yazl writes, packed or not (%s)', async (compress) => {
    const zip = new ZipFile()
    zip.addBuffer(Buffer.from(TEXT), 'a.txt', { compress })
    zip.end()
    expect(unzipped(await buffer(zip.outputStream))).toBe(TEXT)
  })

  it('reads one whose length stands behind its data', () => {
    const bytes = zipped('a.txt', TEXT)
    bytes.writeUInt16LE(8, 6)
    bytes.writeUInt32LE(0, 18)
    expect(unzipped(bytes)).toBe(TEXT)
  })

  it('takes a plain text as it is, and refuses a damaged archive', () => {
    expect(unzipped(Buffer.from(TEXT))).toBe(TEXT)
    const bytes = zipped('a.txt', TEXT)
    expect(() => unzipped(bytes.fill(0xff, 35, 60))).toThrow('已损坏')
  })
})
