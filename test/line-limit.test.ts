/** A line longer than its limit is refused before a parser holds it. */
import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { withinLines } from '../src/line-limit.ts'
import { readStayRows, STAY_FILE_HEADER } from '../src/reports/import-row.ts'

async function passed(chunks: readonly string[], bytesMax: number): Promise<string> {
  const source = Readable.from(chunks.map((text) => Buffer.from(text)))
  let text = ''
  for await (const chunk of withinLines(source, bytesMax, () => new Error('too long'))) text += chunk
  return text
}

describe('withinLines()', () => {
  it('passes lines up to the length, however they are cut into chunks', async () => {
    for (const chunks of [['abcde\nabcde\n'], ['abc', 'de\nab', 'cde', '\n'], ['abcde\r', '\nabcde']]) {
      expect(await passed(chunks, 5)).toBe(chunks.join(''))
    }
  })

  it('refuses a longer one before its rest is passed on', async () => {
    for (const chunks of [['abc', 'def\n'], ['abcdef'], ['a\nabc', 'def'], ['abc', 'd', 'e', 'f']]) {
      await expect(passed(chunks, 5)).rejects.toThrow('too long')
    }
  })
})

describe('readStayRows()', () => {
  it('refuses a line of commas before it is whole', async () => {
    let read = 0
    const source = Readable.from(
      (function* () {
        yield Buffer.from(`${STAY_FILE_HEADER}\n`)
        for (; read < 200; read += 1) yield Buffer.alloc(64 * 1024, ',')
      })(),
    )
    await expect(Readable.from(readStayRows(source, () => true)).toArray()).rejects.toMatchObject({
      code: 'invalid-report',
      message: expect.stringContaining('某一行过长'),
    })
    expect(read).toBeLessThan(50)
  })
})
