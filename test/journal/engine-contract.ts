/** What every engine of the journal has to hold, whether it is in one process or shared: one suite, run over each. */
import { describe, expect, it } from 'vitest'
import { type Claim, type Claimed, type JournalEngine, LeaseLost } from '../../src/journal/engine.ts'
import type { ExchangeEntry, Intent, OutcomeEntry } from '../../src/journal/entry.ts'
import { undoingName } from '../../src/journal/entry.ts'
import type { State } from '../../src/journal/exchange-state.ts'
import { AT, intent, settled } from './support.ts'

/** An engine with a hand on what is under it. */
export interface EngineRig {
  /** Two gateways over it; one and the same where the engine is of one gateway. */
  readonly one: JournalEngine
  readonly other: JournalEngine
  /** What is written becomes durable no more until it is let go. */
  hold(): void
  release(): void
  /** The power goes; started again over what is left. Every gateway that was there is gone for good. */
  cut(): Promise<EngineRig>
  /** Both clocks go on. */
  pass(ms: number): void
  /** A gateway goes, without a word. */
  leave(gateway: JournalEngine): void
}

/** Longer than a gateway is taken to be at work on what it has begun. */
export const LONG_MS = 60_000

type Begun = Extract<Claimed<unknown>, { is: 'claimed' }>
type Keyed = Claim<unknown>['intent']

const claimOf = (of: Intent, more: Partial<Claim<never>> = {}): Claim<never> => ({
  intent: of as Keyed,
  ...{ undoing: null, after: null, judge: null, outcome: null },
  isSame: ({ exchange }) => exchange.bodyHash === of.bodyHash,
  ...more,
})

async function begin(
  engine: JournalEngine,
  of = intent(),
  more: Partial<Claim<never>> = {},
): Promise<ExchangeEntry> {
  const claimed = await engine.claim(claimOf(of, more))
  expect(claimed.is).toBe('claimed')
  return (claimed as Begun).exchange
}

const outcome = (exchange: ExchangeEntry, state: State, more: Partial<OutcomeEntry> = {}): OutcomeEntry => ({
  ...{ exchange: exchange.id, state, at: AT },
  ...more,
})

const step = (engine: JournalEngine, exchange: ExchangeEntry, from: State, to: State, more = {}) =>
  engine.record({ exchange, from, outcome: outcome(exchange, to, more) })

const cancellation = (more: Partial<Intent> = {}) =>
  intent({ key: 'k2', message: 'M2', transaction: '2208', kind: 'cancellation', ...more })
const reversal = (more: Partial<Intent> = {}) =>
  intent({
    key: 'k3',
    message: 'M3',
    transaction: '2601',
    kind: 'reversal',
    original: 'M1',
    encounter: null,
    ...more,
  })
const NAME = 'H62010200001|2207|M1'
const UNDOING = undoingName('H62010200001', 'M1')
const REFUSED = { state: 'rejected', at: AT, problem: 'bad-codes', reply: Buffer.from('no') } as const

/** What is told within this turn; `waits` where nothing is. */
const soon = <Told>(told: Told | Promise<Told>): Promise<Told | 'waits'> =>
  Promise.race([
    Promise.resolve(told),
    settled()
      .then(settled)
      .then(() => 'waits' as const),
  ])

/** Runs the suite. */
export function engineContract(open: () => Promise<EngineRig>): void {
  describe('claim()', () => {
    it('resolves only once the intent would survive a power cut', async () => {
      const rig = await open()
      rig.hold()
      const begins = begin(rig.one)
      expect(await soon(begins)).toBe('waits')
      rig.release()
      const { id } = await begins
      const after = await rig.cut()
      expect(await after.one.byId(id)).toMatchObject({ state: 'open', exchange: { key: intent().key } })
    })

    it('of one key begins one, whichever gateway it comes to; the other finds it in flight', async () => {
      const { one, other } = await open()
      const both = await Promise.all([one.claim(claimOf(intent())), other.claim(claimOf(intent()))])
      expect(both.map(({ is }) => is).sort()).toEqual(['claimed', 'in-flight'])
      expect(both.find(({ is }) => is === 'in-flight')).toMatchObject({
        of: 'first',
        flight: { key: intent().key, bodyHash: 'hash-1', message: 'M1' },
      })
    })

    it('finds in flight what has the same name under another key', async () => {
      const { one, other } = await open()
      await begin(one, intent({ key: 'rest|own' }))
      expect(await other.claim(claimOf(intent({ key: NAME })))).toMatchObject({
        is: 'in-flight',
        of: 'first',
      })
      expect(await other.inFlight(NAME)).toMatchObject({ key: 'rest|own' })
      expect(await other.inFlight('rest|own')).toMatchObject({ message: 'M1' })
    })

    it('finds what stands under its key, and under the name of its message', async () => {
      const { one, other } = await open()
      const exchange = await begin(one, intent({ key: 'rest|own' }))
      await step(one, exchange, 'open', 'accepted')
      const known = { is: 'standing', known: { state: 'accepted', exchange: { id: exchange.id } } }
      expect(await other.claim(claimOf(intent({ key: 'rest|own' })))).toMatchObject(known)
      expect(await other.claim(claimOf(intent({ key: NAME, bodyHash: 'hash-2' })))).toMatchObject(known)
    })

    it('tries what was not sent again under its number, where the body is the same', async () => {
      const { one, other } = await open()
      const exchange = await begin(one)
      await step(one, exchange, 'open', 'unsent')
      expect(await other.claim(claimOf(intent({ bodyHash: 'hash-2' })))).toMatchObject({ is: 'standing' })
      expect((await begin(other)).id).toBe(exchange.id)
      expect(await one.byId(exchange.id)).toMatchObject({ state: 'open' })
    })

    it('waits for what it undoes', async () => {
      const { one, other } = await open()
      const original = await begin(one)
      const claim = claimOf(reversal(), { undoing: UNDOING, after: NAME })
      expect(await other.claim(claim)).toMatchObject({ is: 'in-flight', of: 'original' })
      await step(one, original, 'open', 'accepted')
      expect(await other.claim(claim)).toMatchObject({ is: 'claimed' })
    })

    it('of one undoing begins one, whatever the messages are', async () => {
      const { one, other } = await open()
      const both = await Promise.all([
        one.claim(claimOf(cancellation(), { undoing: UNDOING })),
        other.claim(claimOf(reversal(), { undoing: UNDOING })),
      ])
      expect(both.map(({ is }) => is).sort()).toEqual(['claimed', 'in-flight'])
      expect(both.find(({ is }) => is === 'in-flight')).toMatchObject({ of: 'other' })
    })

    it.each<[State, boolean]>([
      ['open', true],
      ['unknown', true],
      ['undoing', true],
      ['accepted', false],
      ['refused', false],
      ['unsent', false],
      ['reversed', false],
    ])('in an encounter whose settlement is %s is busy: %s', async (state, busy) => {
      const { one, other } = await open()
      const first = await begin(one)
      if (state !== 'open') await step(one, first, 'open', state)
      const { is } = await other.claim(claimOf(cancellation()))
      expect(is).toBe(busy ? 'busy' : 'claimed')
    })

    it('of two in one encounter at once begins one', async () => {
      const { one, other } = await open()
      const both = await Promise.all([one.claim(claimOf(intent())), other.claim(claimOf(cancellation()))])
      expect(both.map(({ is }) => is).sort()).toEqual(['busy', 'claimed'])
    })

    it('holds its names while it is judged, and nobody else undoes the same', async () => {
      const { one, other } = await open()
      const judging = Promise.withResolvers<null>()
      const claiming = one.claim(claimOf(cancellation(), { undoing: UNDOING, judge: () => judging.promise }))
      await settled()
      const found = await other.claim(claimOf(reversal(), { undoing: UNDOING }))
      expect(found).toMatchObject({ is: 'in-flight', of: 'other', flight: { key: 'k2' } })
      expect(await other.claim(claimOf(cancellation()))).toMatchObject({ is: 'in-flight', of: 'first' })
      judging.resolve(null)
      expect(await claiming).toMatchObject({ is: 'claimed' })
    })

    it.each(['a verdict', 'a fault'])('that ends by %s of its judge is as if it had not been', async (by) => {
      const { one, other } = await open()
      const judge = async () => {
        if (by === 'a fault') throw new Error('refused')
        return 'withheld'
      }
      const claiming = one.claim({ ...claimOf(cancellation(), { undoing: UNDOING }), judge })
      if (by === 'a fault') await expect(claiming).rejects.toThrow('refused')
      else expect(await claiming).toEqual({ is: 'judged', verdict: 'withheld' })
      expect(await other.byKey('k2')).toBeNull()
      expect(await begin(other, reversal(), { undoing: UNDOING })).toMatchObject({ key: 'k3' })
    })

    it('with an outcome ends where it starts, in one write', async () => {
      const rig = await open()
      const done = { state: 'accepted', at: AT, settlement: 'S1' } as const
      const { id } = await begin(rig.one, intent(), { outcome: done })
      expect(await rig.other.inFlight(NAME)).toBeNull()
      expect(await (await rig.cut()).one.byId(id)).toMatchObject({ state: 'accepted', settlement: 'S1' })
    })
  })

  describe('a flight', () => {
    it('lands when its outcome is written, for who waits at another gateway too', async () => {
      const { one, other } = await open()
      const exchange = await begin(one)
      const { landed } = (await other.inFlight(NAME))!
      expect(await soon(landed.then(() => 'landed'))).toBe('waits')
      await step(one, exchange, 'open', 'accepted')
      await landed
      expect(await other.inFlight(NAME)).toBeNull()
    })
  })

  describe('end()', () => {
    const ending = (of: Intent, state: 'rejected' | 'unsent' = 'rejected') => ({
      intent: of,
      outcome: { ...REFUSED, state },
      isSame: claimOf(of).isSame,
    })

    it('of one key writes one under it, and tells of it who comes again', async () => {
      const { one, other } = await open()
      const ended = await Promise.all([one.end(ending(intent())), other.end(ending(intent()))])
      expect(ended.map(({ is }) => is)).toContain('written')
      expect(await other.end(ending(intent()))).toMatchObject({
        is: 'standing',
        known: { state: 'rejected' },
      })
      expect(await one.claim(claimOf(intent()))).toMatchObject({
        is: 'standing',
        known: { state: 'rejected' },
      })
    })

    it('writes without a key where another body stands under it, or one is in flight', async () => {
      const { one, other } = await open()
      const exchange = await begin(one)
      expect(await other.end(ending(intent()))).toEqual({ is: 'written' })
      await step(one, exchange, 'open', 'accepted')
      expect(await other.end(ending(intent({ bodyHash: 'hash-2' })))).toEqual({ is: 'written' })
      expect(await one.byKey(intent().key!)).toMatchObject({
        state: 'accepted',
        exchange: { id: exchange.id },
      })
    })

    it('that was not sent waits for the same message where another gateway has begun it', async () => {
      const { one, other } = await open()
      await begin(one)
      expect(await other.end(ending(intent(), 'unsent'))).toMatchObject({
        is: 'in-flight',
        flight: { key: intent().key, bodyHash: 'hash-1' },
      })
      expect(await other.byId(2)).toBeNull()
    })

    it('that was not sent is none in a busy encounter', async () => {
      const { one, other } = await open()
      await begin(one)
      expect(await other.end(ending(cancellation(), 'unsent'))).toEqual({ is: 'busy', by: 'visit' })
      expect(await one.byKey('k2')).toBeNull()
    })
  })

  describe('record()', () => {
    it('of two steps from one state takes one; the other is told where it stands, and writes nothing', async () => {
      const { one, other } = await open()
      const exchange = await begin(one)
      const told = await Promise.all([
        step(one, exchange, 'open', 'accepted'),
        step(other, exchange, 'open', 'unknown'),
      ])
      expect(told.filter((state) => state === null)).toHaveLength(1)
      const { state } = (await one.byId(exchange.id))!
      expect(told.find((each) => each !== null)).toBe(state)
    })

    it('resolves only once the outcome would survive a power cut', async () => {
      const rig = await open()
      const exchange = await begin(rig.one)
      rig.hold()
      const records = step(rig.one, exchange, 'open', 'accepted')
      expect(await soon(records)).toBe('waits')
      rig.release()
      expect(await records).toBeNull()
      expect(await (await rig.cut()).one.byId(exchange.id)).toMatchObject({ state: 'accepted' })
    })
  })

  describe('a power cut', () => {
    it('takes back nothing that was told: who asks meanwhile waits, or hears of it only when it is durable', async () => {
      const rig = await open()
      const exchange = await begin(rig.one)
      rig.hold()
      const records = step(rig.one, exchange, 'open', 'accepted', { settlement: 'S1' })
      void records.catch(() => {})
      await settled()
      const asked = [
        soon(rig.other.byKey(intent().key!)).then((told) => (told === 'waits' ? told : told?.state)),
        soon(rig.other.settlers('S1')).then((told) => (told === 'waits' ? told : told.length)),
        soon(rig.other.claim(claimOf(intent()))).then((told) => (told === 'waits' ? told : told.is)),
      ]
      for (const told of await Promise.all(asked)) expect(['waits', 'open', 0, 'in-flight']).toContain(told)
      const after = await rig.cut()
      expect(await after.one.byKey(intent().key!)).toMatchObject({ state: 'open' })
    })

    it('leaves numbers that go on', async () => {
      const rig = await open()
      const { id } = await begin(rig.one)
      const after = await rig.cut()
      expect(
        (await begin(after.one, intent({ key: 'k9', encounter: 'E9', message: 'M9' }))).id,
      ).toBeGreaterThan(id)
    })
  })

  describe('recover()', () => {
    it('takes what a gateway has left open as unknown when it is taken to be gone, and nothing else', async () => {
      const rig = await open()
      const left = await begin(rig.one)
      const done = await begin(rig.one, intent({ key: 'k8', encounter: 'E8', message: 'M8' }))
      await step(rig.one, done, 'open', 'refused')
      const after = await rig.cut()
      after.pass(LONG_MS)
      expect(await after.one.recover()).toMatchObject([{ exchange: { id: left.id }, state: 'unknown' }])
      expect(await after.one.byId(done.id)).toMatchObject({ state: 'refused' })
      const second = await after.cut()
      expect(await second.one.byId(left.id)).toMatchObject({ state: 'unknown' })
    })

    it('keeps a reversal that was left without an outcome in the way of others', async () => {
      const rig = await open()
      await begin(rig.one, reversal(), { undoing: UNDOING })
      const after = await rig.cut()
      after.pass(LONG_MS)
      await after.one.recover()
      expect([await after.one.isReversing(UNDOING), await after.one.isReversing('undo|other|M1')]).toEqual([
        true,
        false,
      ])
    })
  })

  describe('leases', () => {
    it('of one exchange are with one at a time, until they are given back or lapse', async () => {
      const rig = await open()
      const { one, other } = rig
      const first = (await one.leases.take(1, 'a', 1_000))!
      expect(await other.leases.take(1, 'b', 1_000)).toBeNull()
      expect(await other.leases.holder(1)).toMatchObject({ owner: 'a' })
      await first.release()
      expect(await other.leases.take(1, 'b', 1_000)).not.toBeNull()
      expect(await one.leases.take(1, 'a', 1_000)).toBeNull()
      rig.pass(1_000)
      expect(await one.leases.take(1, 'a', 1_000)).not.toBeNull()
    })

    it('that have lapsed neither last longer nor let anything be written', async () => {
      const rig = await open()
      const exchange = await begin(rig.one)
      await step(rig.one, exchange, 'open', 'unknown')
      const lease = (await rig.one.leases.take(exchange.id, 'a', 1_000))!
      rig.pass(999)
      await lease.renew()
      rig.pass(999)
      const searched = { exchange, from: 'unknown', outcome: outcome(exchange, 'unknown'), lease } as const
      expect(await rig.one.record(searched)).toBeNull()
      rig.pass(1)
      await expect(rig.one.record(searched)).rejects.toThrow(LeaseLost)
      await expect((async () => lease.renew())()).rejects.toThrow(LeaseLost)
    })
  })

  describe('questions', () => {
    it('are answered by what was written, at every gateway', async () => {
      const { one, other } = await open()
      const opening = await begin(
        one,
        intent({ key: 'k-opening', message: 'M0', transaction: '2201', kind: 'write', encounter: null }),
      )
      await step(one, opening, 'open', 'accepted', { encounter: 'E1' })
      const settlement = await begin(one)
      await step(one, settlement, 'open', 'accepted', { settlement: 'S1' })
      const undo = await begin(one, cancellation({ settlement: 'S1' }))
      const whose = { institution: 'H62010200001', insuredArea: '440106' }
      expect(await other.openers('E1')).toMatchObject([{ exchange: opening.id, ...whose }])
      expect(await other.ownOpener('E1', whose.institution, '449999')).toMatchObject({ exchange: opening.id })
      expect(await other.ownOpener('E1', whose.institution, '510106')).toBeNull()
      expect(await other.settlers('S1')).toMatchObject([
        { exchange: { id: settlement.id }, state: 'accepted' },
      ])
      expect(await other.cancellations('E1')).toMatchObject([{ exchange: { id: undo.id }, state: 'open' }])
      expect(await other.messages('M1')).toMatchObject([{ id: settlement.id }])
      expect(await other.byMessage(whose.institution, 'M1', '2207')).toMatchObject({ settlement: 'S1' })
      expect(await other.byMessage(whose.institution, 'M1', '2208')).toBeNull()
      expect(await other.unresolved()).toMatchObject([{ exchange: { id: undo.id }, state: 'open' }])
    })

    it('find by the end of a key', async () => {
      const { one, other } = await open()
      const { id } = await begin(one, intent({ key: 'rest|H1|settle|Idempotency-Key|a-key' }))
      expect(await other.byKeyEnd('|Idempotency-Key|a-key')).toMatchObject([{ exchange: { id } }])
      expect(await other.byKeyEnd('|Idempotency-Key|b-key')).toEqual([])
    })

    it('find nothing that has no key, but by its number', async () => {
      const { one, other } = await open()
      await one.append(intent(), { state: 'accepted', at: AT, settlement: 'S1' })
      expect(await other.byKey(intent().key!)).toBeNull()
      expect(await other.settlers('S1')).toEqual([])
      expect(await other.byMessage('H62010200001', 'M1', '2207')).toBeNull()
      expect(await other.byId(1)).toMatchObject({ exchange: { key: null }, state: 'accepted' })
      expect(await other.claim(claimOf(intent()))).toMatchObject({ is: 'claimed' })
    })
  })
}
