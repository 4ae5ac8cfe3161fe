/** After a refusal so much of a body is read away, and a connection on which more is to come ends with its answer. */
import { EventEmitter } from 'node:events'
import { PassThrough } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { HttpBindings } from '@hono/node-server'
import { describe, expect, it } from 'vitest'
import { endUnread, PASS_OVER_BYTES_MAX, passOver } from '../../src/http/body.ts'

type Incoming = HttpBindings['incoming']

/** Whether something has come to its end a turn of the event loop later. */
const isOver = (ended: Promise<unknown>) =>
  Promise.race([ended.then(() => true), nextTurn().then(() => false)])

describe('passOver()', () => {
  function body(announced?: number) {
    const headers = announced === undefined ? {} : { 'content-length': String(announced) }
    return Object.assign(new PassThrough(), { headers })
  }

  it('reads to the end', async () => {
    const stream = body()
    const passed = passOver(stream as unknown as Incoming)
    stream.write('half')
    expect(await isOver(passed)).toBe(false)
    stream.end('whole')
    expect(await isOver(passed)).toBe(true)
  })

  it('reads nothing of what announces more than the bound, and no more than the bound of anything', async () => {
    expect(await isOver(passOver(body(PASS_OVER_BYTES_MAX + 1) as unknown as Incoming))).toBe(true)
    const stream = body()
    const passed = passOver(stream as unknown as Incoming)
    stream.write(Buffer.alloc(PASS_OVER_BYTES_MAX))
    expect(await isOver(passed)).toBe(false)
    stream.write('.')
    expect(await isOver(passed)).toBe(true)
    expect(stream.isPaused()).toBe(true)
  })
})

describe('endUnread()', () => {
  function connection(complete: boolean) {
    const said: string[] = []
    const outgoing = Object.assign(new EventEmitter(), { writableFinished: false })
    const incoming = { complete, destroyed: false, socket: { destroySoon: () => said.push('ended') } }
    return { said, outgoing, end: () => endUnread(incoming as never, outgoing as never) }
  }

  it('ends a connection whose request is not whole, once its answer is out', () => {
    const { said, outgoing, end } = connection(false)
    end()
    expect(said).toEqual([])
    outgoing.emit('finish')
    expect(said).toEqual(['ended'])
  })

  it('ends it at once where the answer is out already', () => {
    const { said, outgoing, end } = connection(false)
    outgoing.writableFinished = true
    end()
    expect(said).toEqual(['ended'])
  })

  it('keeps a connection whose request was read', () => {
    const { said, outgoing, end } = connection(true)
    end()
    outgoing.emit('finish')
    expect(said).toEqual([])
  })
})
