/** The same message twice is carried out once, and the second is told the outcome of the first. */
// Whichever system of the hospital sends it, and whether or not the first has an outcome by now. Some HTTP clients send a
// POST again by themselves when a connection breaks (Java's HttpURLConnection, libcurl on a kept connection), so a "no" to
// the second would be a "no" to the only call that the counter has made.
import { describe, expect, it } from 'vitest'
import type { Caller } from '../../src/pipeline/callers.ts'
import type { OutboundReply, Patience } from '../../src/pipeline/context.ts'
import { handle } from './alone.ts'
import {
  type Asked,
  type Behaviour,
  type Bench,
  BILL,
  bench,
  EMPTY,
  envelope,
  HOSPITAL,
  SETTLEMENT,
  shown,
} from './recovery-support.ts'

const ANYONE: Caller = { id: 'local', institutions: 'any' }
const HIS: Caller = { id: 'his', institutions: new Set([HOSPITAL]) }
const PHARMACY: Caller = { id: 'pharmacy', institutions: new Set([HOSPITAL]) }
const STRANGER: Caller = { id: 'stranger', institutions: new Set(['H34020290001']) }

/** A platform that settles within the time, and reverses. */
const settling = (takesMs: number, says = (asked: Asked) => settles(asked)): Behaviour => ({
  says,
  takesMs: ({ infno }) => (infno === '2207' ? takesMs : 10),
})
function settles({ infno, msgid, data }: Asked) {
  if (infno !== '2207') return EMPTY.says({ infno, msgid, data })
  const { setlinfo, setldetail } = shown(msgid)
  const { psn_pay: psn_part_amt, cash_payamt: psn_cash_pay, ...rest } = setlinfo
  return { output: { setlinfo: { ...rest, psn_part_amt, psn_cash_pay }, setldetail } }
}

interface Sending {
  readonly caller?: Caller
  readonly message?: unknown
  readonly patience?: Patience
}

/** Sends the settlement, and notes when it was answered. */
function sender(made: Bench) {
  return (sending: Sending = {}) => {
    const { caller = ANYONE, message = envelope('2207', SETTLEMENT, BILL), patience = null } = sending
    const { dialect, formats } = made.services
    const body = Buffer.from(JSON.stringify(message))
    const arrival = { dialect, format: formats.get(dialect.id)!, caller, body, transaction: null, patience }
    const heard: { answer: OutboundReply | null; at: number } = { answer: null, at: Number.NaN }
    void handle(made.services, arrival).then((answer) => {
      heard.answer = answer
      heard.at = made.timeline.elapsed()
    })
    return heard
  }
}

const OTHER = envelope('2207', SETTLEMENT, { ...BILL, invono: 'another' })
const sent = (made: Bench) => made.left.filter(({ asked }) => asked.infno === '2207')
const text = ({ answer }: { answer: OutboundReply | null }) => answer?.body.toString() ?? ''
const state = ({ disk }: Bench) => disk.byMessage(HOSPITAL, SETTLEMENT, '2207')?.state

describe('the same message while the first is on its way', () => {
  it('waits for its outcome and gets the very bytes of the stored answer, however many wait', async () => {
    const made = bench({ behaviour: settling(3_000) })
    const send = sender(made)
    const first = send()
    await made.pass(100)
    const others = Array.from({ length: 20 }, () => send())
    await made.pass(2_000)
    expect(others.every(({ answer }) => answer === null)).toBe(true)
    await made.pass(2_000)
    expect(first.answer).toMatchObject({ problem: null, replayed: false })
    for (const { answer, at } of others) {
      expect(answer).toMatchObject({ problem: null, replayed: true })
      expect(answer!.body.equals(first.answer!.body)).toBe(true)
      expect(at - first.at).toBeLessThan(5)
    }
    expect(sent(made)).toHaveLength(1)
  })

  it('waits from the moment in which the intent is not durable yet, also with other words for the same call', async () => {
    const made = bench({ behaviour: settling(500) })
    const send = sender(made)
    const [first, second] = [send(), send({ caller: PHARMACY })]
    await made.pass(1_000)
    expect(second.answer).toMatchObject({ problem: null, replayed: true })
    expect(second.answer!.body.equals(first.answer!.body)).toBe(true)
  })

  it('with another body is a conflict at once, which changes nothing of the first', async () => {
    const made = bench({ behaviour: settling(3_000) })
    const send = sender(made)
    const first = send()
    await made.pass(100)
    const other = send({ message: OTHER })
    await made.pass(10)
    expect(other.answer).toMatchObject({ problem: 'key-conflict' })
    expect(text(other)).toMatch(/本次未发出，原报文的结果不变/)
    await made.pass(5_000)
    expect(first.answer?.problem).toBeNull()
    expect(state(made)).toBe('accepted')
    expect(sent(made)).toHaveLength(1)
  })

  it('whose own limit is over is told that the first may have settled, and no timer is left', async () => {
    const made = bench({ behaviour: settling(6_000) })
    const send = sender(made)
    const first = send()
    await made.pass(1_000)
    const second = send({ patience: { since: 1_000, waitMs: 2_000 } })
    await made.pass(1_899)
    expect(second.answer).toBeNull()
    await made.pass(2)
    expect(second.answer).toMatchObject({ problem: 'key-in-flight' })
    expect(text(second)).toMatch(/仍在办理，平台可能已办理。请勿重复收费，也不要改收现金/)
    const none = send({ patience: { since: made.timeline.elapsed(), waitMs: 0 } })
    await made.pass(1)
    expect(none.answer?.problem).toBe('key-in-flight')
    await made.pass(5_000)
    expect(first.answer?.problem).toBeNull()
    const late = send()
    await made.pass(1)
    expect(late.answer!.body.equals(first.answer!.body)).toBe(true)
  })

  it('is told that the outcome is unknown where the first ends so', async () => {
    const made = bench({ behaviour: { ...EMPTY, says: () => 'silence' } })
    const send = sender(made)
    const first = send()
    await made.pass(1_000)
    const second = send()
    await made.until(() => first.answer !== null)
    await made.pass(5)
    expect(first.answer?.problem).toBe('outcome-unknown')
    expect(second.answer).toMatchObject({ problem: 'outcome-unknown' })
    expect(sent(made)).toHaveLength(1)
  })

  it('is the next try where the first could not leave: one of all that wait, and the others hear that one', async () => {
    let tries = 0
    const made = bench({
      behaviour: settling(1_000, (asked) => {
        if (asked.infno === '2207') tries += 1
        return tries === 1 ? { no: 'E702 参保地已停机，请稍后重试' } : settles(asked)
      }),
    })
    const send = sender(made)
    const first = send()
    await made.pass(100)
    const others = Array.from({ length: 5 }, () => send())
    await made.pass(5_000)
    expect(first.answer?.problem).toBe('destination-down')
    expect(others.map(({ answer }) => answer?.problem)).toEqual([null, null, null, null, null])
    expect(others.filter(({ answer }) => !answer!.replayed)).toHaveLength(1)
    expect(sent(made)).toHaveLength(2)
    expect(state(made)).toBe('accepted')
  })

  it('hears what became of the first even where it is refused by now', async () => {
    const made = bench({ behaviour: settling(3_000) })
    const send = sender(made)
    const first = send()
    await made.pass(100)
    const { services } = made
    // The institution is suspended while the message is on its way.
    const suspended = { ...services, register: { ...services.directory, institution: () => null } }
    const second = sender({ ...made, services: suspended })()
    await made.pass(100)
    expect(second.answer).toBeNull()
    await made.pass(5_000)
    expect(second.answer).toMatchObject({ problem: null, replayed: true })
    expect(second.answer!.body.equals(first.answer!.body)).toBe(true)
  })

  it('hears "unknown" and not "refused" of what is unknown, even where it is refused by now', async () => {
    const made = bench({ behaviour: { ...EMPTY, says: () => 'silence' }, paused: true })
    await made.settle()
    const { services } = made
    const suspended = { ...services, register: { ...services.directory, institution: () => null } }
    const second = sender({ ...made, services: suspended })({
      message: envelope('2207', SETTLEMENT, BILL),
    })
    await made.pass(100)
    expect(second.answer?.problem).toBe('outcome-unknown')
  })
})

describe('a reversal of what is on its way', () => {
  const REVERSAL = envelope('2601', `${SETTLEMENT.slice(0, -1)}9`, {
    psn_no: BILL.psn_no,
    omsgid: SETTLEMENT,
    oinfno: '2207',
  })

  it('waits for the outcome of its original and then leaves; the original is reversed', async () => {
    const made = bench({ behaviour: settling(3_000) })
    const send = sender(made)
    const first = send()
    await made.pass(100)
    const reversal = send({ message: REVERSAL, caller: PHARMACY })
    await made.pass(1_000)
    expect(made.left.map(({ asked }) => asked.infno)).toEqual(['2207'])
    await made.pass(3_000)
    expect(first.answer?.problem).toBeNull()
    expect(reversal.answer?.problem).toBeNull()
    expect(state(made)).toBe('reversed')
    const again = send()
    await made.pass(10)
    expect(again.answer).toMatchObject({ problem: 'reversed', replayed: true })
  })

  it('that waits too long is told so, and has not left', async () => {
    const made = bench({ behaviour: settling(6_000) })
    const send = sender(made)
    send()
    await made.pass(100)
    const reversal = send({ message: REVERSAL, patience: { since: 100, waitMs: 1_000 } })
    await made.pass(1_000)
    expect(reversal.answer?.problem).toBe('key-in-flight')
    expect(text(reversal)).toContain('本次冲正未发出')
    expect(made.left).toHaveLength(1)
  })
})

describe('the same message of another system', () => {
  it('is answered with what is stored: callers may be set, renamed and added on a live directory', async () => {
    const made = bench({ behaviour: settling(10) })
    const first = sender(made)()
    await made.pass(100)
    const again = bench({ earlier: made.disk.batches, behaviour: settling(10) })
    for (const caller of [ANYONE, HIS, PHARMACY]) {
      const heard = sender(again)({ caller })
      await again.pass(10)
      expect(heard.answer).toMatchObject({ problem: null, replayed: true })
      expect(heard.answer!.body.equals(first.answer!.body)).toBe(true)
    }
    expect(again.left).toEqual([])
  })

  it('with another body is a conflict, and changes nothing of what the first is told, or of what a reversal finds', async () => {
    const made = bench({ behaviour: settling(10) })
    const send = sender(made)
    const first = send({ caller: HIS })
    await made.pass(100)
    const conflict = send({ caller: PHARMACY, message: OTHER })
    await made.pass(100)
    expect(conflict.answer?.problem).toBe('key-conflict')
    const again = send({ caller: HIS })
    await made.pass(10)
    expect(again.answer!.body.equals(first.answer!.body)).toBe(true)
    expect(made.journal.byMessage(HOSPITAL, SETTLEMENT, '2207')).toMatchObject({
      state: 'accepted',
      exchange: { caller: 'his' },
    })
    expect(sent(made)).toHaveLength(1)
  })

  it('that may not speak for the institution hears nothing of it and takes up none of its keys', async () => {
    const made = bench({ behaviour: settling(10) })
    const send = sender(made)
    const before = send({ caller: STRANGER })
    await made.pass(10)
    expect(before.answer?.problem).toBe('foreign-institution')
    const first = send({ caller: HIS })
    await made.pass(100)
    expect(first.answer?.problem).toBeNull()
    const after = send({ caller: STRANGER })
    await made.pass(10)
    expect(after.answer).toMatchObject({ problem: 'foreign-institution', replayed: false })
    expect(text(after)).not.toContain('S1')
  })

  it('is found by its institution and id where an earlier build has written the key with the caller’s name', async () => {
    const made = bench({ behaviour: settling(10) })
    sender(made)()
    await made.pass(100)
    const earlier = made.disk.batches.map((batch) =>
      batch.map((entry) =>
        entry.exchange?.key
          ? { ...entry, exchange: { ...entry.exchange, key: `local|${entry.exchange.key}` } }
          : entry,
      ),
    )
    const again = bench({ earlier, behaviour: settling(10) })
    const heard = sender(again)({ caller: HIS })
    await again.pass(100)
    expect(heard.answer).toMatchObject({ problem: null, replayed: true })
    expect(again.left).toEqual([])
  })
})
