/** Heavy questions run on few threads with a bounded queue, and end when their caller goes away. */
import { describe, expect, it } from 'vitest'
import { GatewayError } from '../../src/domain/problems.ts'
import { THREAD_LANES } from '../../src/offload/lanes.ts'
import type { Offloaded } from '../../src/offload/offload.ts'
import type { QuestionOf } from '../../src/offload/tasks.ts'
import { fakeOffload } from './support.ts'

const NO_STAYS = { admission: [], discharge: [], settlement: [], cancellation: [] }
const QUESTION: QuestionOf<'settlement-rate'> = { questions: [], single: false, stays: NO_STAYS }
const { threads: AT_ONCE, waiting: WAITING } = THREAD_LANES.report
const text = async (answer: Promise<Offloaded>) => new Response((await answer).body).text()

describe('createOffload()', () => {
  const make = (...given: Parameters<typeof fakeOffload>) => {
    const fake = fakeOffload(...given)
    const ask = (gone?: AbortSignal) => fake.offload.answer('settlement-rate', QUESTION, gone)
    return { ...fake, ask }
  }

  it('starts no thread before there is work, and one thread answers question after question', async () => {
    const { ask, threads } = make()
    expect(threads).toHaveLength(0)
    const [first, second] = [ask(), ask()]
    expect(threads).toHaveLength(1)
    expect(threads[0]!.heard).toMatchObject([{ ask: 'settlement-rate', question: QUESTION }])
    threads[0]!.piece('one')
    expect(await text(first)).toBe('one')
    expect(threads[0]!.heard).toHaveLength(2)
    threads[0]!.piece('two')
    expect(await text(second)).toBe('two')
    expect(threads).toHaveLength(1)
  })

  it('turns away with report-busy what is more than may wait, and takes the next when one has been answered', async () => {
    const { ask, threads } = make()
    const taken = Array.from({ length: AT_ONCE + WAITING }, () => ask())
    await expect(ask()).rejects.toMatchObject({ code: 'report-busy', row: { status: 503 } })
    threads[0]!.piece('one')
    await taken[0]
    const late = ask()
    for (let round = 0; round < taken.length; round += 1) threads[0]!.piece(`${round}`)
    expect(await text(late)).toBe(`${taken.length - 1}`)
    await Promise.all(taken)
  })

  it('throws what the task has thrown: ours with its code, any other with its words', async () => {
    const { ask, threads } = make()
    const ours = ask()
    threads[0]!.fault(new GatewayError('invalid-report', 'report', '区划不存在', { fields: [1] }))
    await expect(ours).rejects.toMatchObject({
      ...{ name: 'GatewayError', code: 'invalid-report', stage: 'report', message: '区划不存在' },
      extra: { fields: [1] },
    })
    const other = ask()
    threads[0]!.fault(new TypeError('no such column'))
    await expect(other).rejects.toMatchObject({ name: 'TypeError', message: 'no such column' })
  })

  it('ends the thread of a question whose caller has gone, and starts another only when it has ended', async () => {
    const { ask, threads } = make()
    const gone = new AbortController()
    const left = ask(gone.signal)
    const next = ask()
    gone.abort()
    await expect(left).rejects.toThrow('请求方已断开')
    expect(threads).toHaveLength(1)
    expect(threads[0]!.ending).toBe(true)
    threads[0]!.exit()
    expect(threads).toHaveLength(2)
    threads[1]!.piece('two')
    expect(await text(next)).toBe('two')
  })

  it('takes a waiting question whose caller has gone out of the queue', async () => {
    const { ask, threads } = make()
    const first = ask()
    const gone = new AbortController()
    const left = ask(gone.signal)
    gone.abort()
    await expect(left).rejects.toThrow('请求方已断开')
    threads[0]!.piece('one')
    await first
    expect(threads[0]!.heard).toHaveLength(1)
    await expect(ask(gone.signal)).rejects.toThrow('请求方已断开')
    expect(threads[0]!.heard).toHaveLength(1)
  })

  it('gives the next question to a new thread where one has broken down, and says so of too much memory', async () => {
    const { ask, threads } = make()
    const [first, second] = [ask(), ask()]
    threads[0]!.exit(Object.assign(new Error('heap'), { code: 'ERR_WORKER_OUT_OF_MEMORY' }))
    await expect(first).rejects.toMatchObject({ code: 'invalid-report' })
    threads[1]!.exit(new Error('broken'))
    await expect(second).rejects.toThrow('broken')
  })

  it('asks for the next piece when the one before it was taken, and not earlier', async () => {
    const { ask, threads } = make()
    const asked = ask()
    const [thread] = threads
    thread!.piece('one, ', false)
    const reader = ((await asked).body as ReadableStream<Uint8Array>).getReader()
    await Promise.resolve()
    expect(thread!.heard).toHaveLength(1)
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('one, ')
    expect(thread!.heard).toEqual([expect.anything(), { more: true }])
    thread!.piece('two')
    expect(new TextDecoder().decode((await reader.read()).value)).toBe('two')
    expect(await reader.read()).toMatchObject({ done: true })
    expect(thread!.ending).toBe(false)
  })

  it('ends the thread of a reader that stalls or goes away in the middle', async () => {
    for (const leave of ['stall', 'cancel'] as const) {
      const { ask, threads, ring } = make()
      const asked = ask()
      threads[0]!.piece('one', false)
      const { body } = await asked
      if (leave === 'stall') ring()
      else await (body as ReadableStream).cancel()
      expect(threads[0]!.ending).toBe(true)
      if (leave === 'stall') await expect(text(asked)).rejects.toThrow('stalled')
    }
  })

  it('gives what comes with a question piece by piece, each when its thread asks for it', async () => {
    const { offload, threads } = make()
    let read = 0
    async function* file() {
      for (const text of ['one', 'two']) {
        read += 1
        yield Buffer.from(text)
      }
    }
    const answer = offload.answer('settlement-rate', QUESTION, undefined, file())
    const [thread] = threads
    await Promise.resolve()
    expect(read).toBe(0)
    for (const [at, given] of [
      new Uint8Array(Buffer.from('one')),
      new Uint8Array(Buffer.from('two')),
      null,
    ].entries()) {
      thread!.want()
      await expect.poll(() => thread!.heard.at(-1)).toEqual({ given })
      expect(read).toBe(Math.min(at + 1, 2))
    }
    thread!.piece('done')
    expect(await text(answer)).toBe('done')
  })

  it('leaves what comes with a question where the answer does not need it, and where nobody waits any more', async () => {
    for (const end of ['answer', 'leave'] as const) {
      const { offload, threads } = make()
      let left = false
      async function* file() {
        try {
          for (;;) yield Buffer.from('x')
        } finally {
          left = true
        }
      }
      const gone = new AbortController()
      const answer = offload.answer('settlement-rate', QUESTION, gone.signal, file())
      threads[0]!.want()
      await expect.poll(() => threads[0]!.heard.length).toBe(2)
      if (end === 'answer') threads[0]!.piece('enough')
      else gone.abort()
      await answer.catch(() => {})
      await expect.poll(() => left).toBe(true)
    }
  })

  it('ends the thread where what comes breaks off or nothing comes for long, and says so', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('x')
      throw new GatewayError('unreadable-body', 'report', '文件中途断开')
    }
    const one = make()
    const off = one.offload.answer('settlement-rate', QUESTION, undefined, broken())
    one.threads[0]!.want()
    await expect.poll(() => one.threads[0]!.heard.length).toBe(2)
    one.threads[0]!.want()
    await expect(off).rejects.toThrow('文件中途断开')
    expect(one.threads[0]!.ending).toBe(true)

    const other = make()
    async function* silent(): AsyncGenerator<Uint8Array> {
      await new Promise(() => {})
    }
    const late = other.offload.answer('settlement-rate', QUESTION, undefined, silent())
    other.threads[0]!.want()
    other.ring()
    await expect(late).rejects.toMatchObject({ code: 'unreadable-body' })
    expect(other.threads[0]!.ending).toBe(true)
  })

  it('ends an idle thread after a while, and a new one answers what comes then', async () => {
    const { ask, threads, ring } = make()
    const first = ask()
    threads[0]!.piece('one')
    await first
    ring()
    expect(threads[0]!.ending).toBe(true)
    const second = ask()
    expect(threads).toHaveLength(1)
    threads[0]!.exit()
    threads[1]!.piece('two')
    expect(await text(second)).toBe('two')
  })

  it('fails with not-ready what is under way, waits and comes when it is closed, and waits for its threads', async () => {
    const { ask, threads, offload } = make()
    const [first, second] = [ask(), ask()]
    let closed = false
    const closing = offload.close().then(() => {
      closed = true
    })
    await expect(second).rejects.toMatchObject({ code: 'not-ready' })
    expect(closed).toBe(false)
    threads[0]!.exit()
    await expect(first).rejects.toMatchObject({ code: 'not-ready' })
    await closing
    await expect(ask()).rejects.toMatchObject({ code: 'not-ready' })
  })
})
