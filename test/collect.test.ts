/** A body is collected up to its limit, and refused as soon as it announces or shows that it is longer. */
import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { collect } from '../src/collect.ts'

const LIMIT = 10

/** What a sender announces, and a stream to send it by. */
function incoming(announced?: number) {
  const stream = new PassThrough()
  const headers = announced === undefined ? {} : { 'content-length': String(announced) }
  return { stream, message: Object.assign(stream, { headers }) as unknown as IncomingMessage }
}

/** How it stands a turn of the event loop later. */
function soon(collected: Promise<Buffer>): Promise<string> {
  const ended = collected.then(String, ({ why }: { why: string }) => why)
  return Promise.race([ended, nextTurn().then(() => 'still read')])
}

describe('a body', () => {
  it('that announces more than the limit is refused before anything of it is read', async () => {
    expect(await soon(collect(incoming(LIMIT + 1).message, LIMIT, null))).toBe('too-large')
  })

  it('that announces less than it sends is refused at the limit', async () => {
    const { stream, message } = incoming()
    const collected = collect(message, LIMIT, null)
    stream.write('12345')
    stream.write('678901')
    expect(await soon(collected)).toBe('too-large')
  })

  it('of exactly the limit is taken whole', async () => {
    const { stream, message } = incoming(LIMIT)
    const collected = collect(message, LIMIT, null)
    stream.write('12345')
    stream.end('67890')
    expect((await collected).toString()).toBe('1234567890')
  })

  it('that breaks off is told as such', async () => {
    const { stream, message } = incoming(LIMIT)
    const collected = collect(message, LIMIT, null)
    stream.write('12345')
    stream.emit('aborted')
    expect(await soon(collected)).toBe('broken')
  })
})
