/** What the simulation reads off the platter is what was written, also where the journal has compressed it. */
import { describe, expect, it } from 'vitest'
import { createEncoding } from '../../src/journal/segment/encoding.ts'
import { intent } from '../journal/support.ts'
import { Platter, SECTOR, seal } from './platter.ts'

/** A segment whose one batch holds these messages. */
function segmentOf(messages: readonly Buffer[]): Buffer {
  const batch = messages.map((sealed, index) => ({
    exchange: { ...intent({ key: `key ${index}`, sealed }), id: index + 1 },
  }))
  const head = Buffer.alloc(SECTOR)
  head.write('ZJSEGMNT')
  return Buffer.concat([head, createEncoding(seal)(batch, [], 1).bytes, Buffer.alloc(2 * SECTOR)])
}

describe('Platter', () => {
  it.each([1, 1_000])('reads messages of %d repeated lines as they were written', (lines) => {
    const messages = [Buffer.from('{"a":1}'.repeat(lines)), Buffer.from('{"b":2}'.repeat(lines))]
    const platter = new Platter()
    platter.names.set('0000000001.segment', { bytes: segmentOf(messages) })
    platter.refresh()
    expect(platter.keyed().map(({ exchange }) => exchange.sealed?.toString())).toEqual(messages.map(String))
  })
})
