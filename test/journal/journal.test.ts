/** A message begins and ends durably, once under its key, and no encounter has two movements of money open. */
import { describe, expect, it } from 'vitest'
import type { GatewayError } from '../../src/domain/problems.ts'
import type { ExchangeEntry, StoredExchange } from '../../src/journal/entry.ts'
import type { Event, State } from '../../src/journal/exchange-state.ts'
import type { Intent } from '../../src/journal/journal.ts'
import { createMemoryDisk, type MemoryDisk } from './memory-disk.ts'
import { AT, intent, journalOver, settled } from './support.ts'

const problem = (code: GatewayError['code']) => expect.objectContaining({ code, stage: 'journal' })
const REPLY = Buffer.from('{"infcode":0}')

function open(disk: MemoryDisk = createMemoryDisk()) {
  const journal = journalOver(disk)
  const begin = async (given: Intent): Promise<ExchangeEntry> => {
    const begun = await journal.begin(given)
    if (begun.is !== 'fresh') throw new Error('known already')
    return begun.exchange
  }
  const known = async (given: Intent): Promise<StoredExchange> => {
    const begun = await journal.begin(given)
    if (begun.is !== 'known') throw new Error('begun afresh')
    return begun.known
  }
  /** Begins, and takes the exchange as far as the events say. */
  const live = async (given: Intent, ...events: readonly Event[]): Promise<ExchangeEntry> => {
    const exchange = await begin(given)
    let state: State = 'open'
    for (const event of events) state = await journal.record(exchange, state, event, { reply: REPLY })
    return exchange
  }
  return { disk, journal, begin, known, live }
}

const cancellation = (changes: Partial<Intent> = {}) =>
  intent({ key: 'caller/2208/M2', message: 'M2', transaction: '2208', kind: 'cancellation', ...changes })

describe('begin()', () => {
  it('resolves only once the intent is durable', async () => {
    const { disk, begin } = open()
    disk.hold()
    let begun = false
    const begins = begin(intent()).then(() => {
      begun = true
    })
    await settled()
    expect([begun, disk.batches.length]).toEqual([false, 0])
    disk.release()
    await begins
    expect(disk.byKey('caller/2207/M1')).toMatchObject({
      state: 'open',
      exchange: { id: 1, bodyHash: 'hash-1' },
    })
  })

  it('numbers on from what the disk holds', async () => {
    const { disk, live } = open()
    await live(intent(), 'yes')
    const again = open(createMemoryDisk(disk.batches))
    expect((await again.begin(intent({ key: 'k2', encounter: 'E2' }))).id).toBe(2)
  })

  it.each<[State, readonly Event[]]>([
    ['accepted', ['yes']],
    ['refused', ['no']],
    ['unknown', ['no-answer']],
    ['reversed', ['no-answer', 'undone']],
  ])(
    'finds what is %s under its key with the stored answer, byte for byte, also after a restart',
    async (state, events) => {
      const { disk, known, live } = open()
      await live(intent(), ...events)
      expect(await known(intent())).toMatchObject({ state, reply: REPLY })
      expect(await open(createMemoryDisk(disk.batches)).known(intent())).toMatchObject({
        state,
        reply: REPLY,
      })
    },
  )

  it('is a conflict with another body: in flight, unknown, unsent and answered', async () => {
    const other = intent({ bodyHash: 'hash-2' })
    const { journal, begin } = open()
    const exchange = await begin(intent())
    await expect(journal.begin(other)).rejects.toEqual(problem('key-conflict'))
    await journal.record(exchange, 'open', 'no-answer', {})
    await expect(journal.begin(other)).rejects.toEqual(problem('key-conflict'))
    await journal.record(exchange, 'unknown', 'found', {})
    await expect(journal.begin(other)).rejects.toEqual(problem('key-conflict'))
    const unsent = open()
    await unsent.live(intent(), 'not-sent')
    await expect(unsent.journal.begin(other)).rejects.toEqual(problem('key-conflict'))
  })

  it('says that the same key is in flight, from before the intent is durable until an outcome is', async () => {
    const { disk, journal, begin } = open()
    disk.hold()
    const begins = begin(intent())
    await expect(journal.begin(intent())).rejects.toEqual(problem('key-in-flight'))
    disk.release()
    const exchange = await begins
    await expect(journal.begin(intent())).rejects.toEqual(problem('key-in-flight'))
    disk.hold()
    const records = journal.record(exchange, 'open', 'yes', {})
    await settled()
    await expect(journal.begin(intent())).rejects.toEqual(problem('key-in-flight'))
    disk.release()
    await records
    expect(await journal.begin(intent())).toMatchObject({ is: 'known', known: { state: 'accepted' } })
  })

  it('is waited for by its key, by its body, and by the name of its message, until its outcome is durable', async () => {
    const { disk, journal, begin } = open()
    const name = 'H62010200001|2207|M1'
    const flights = () => Promise.all(['caller/2207/M1', name].map((each) => journal.inFlight(each)))
    expect(await flights()).toEqual([null, null])
    const exchange = await begin(intent())
    const begun = await flights()
    expect(begun).toMatchObject(Array(2).fill({ key: 'caller/2207/M1', bodyHash: 'hash-1' }))
    expect(await journal.messageOf('caller/2207/M1')).toBe('M1')
    let landed = 0
    for (const flight of begun) void flight!.landed.then(() => (landed += 1))
    disk.hold()
    const records = journal.record(exchange, 'open', 'yes', {})
    await settled()
    expect(landed).toBe(0)
    disk.release()
    await records
    await settled()
    expect([landed, await journal.inFlight(name)]).toEqual([2, null])
  })

  it('is of an institution: the message of another system, or of another door, under its name is the same one', async () => {
    const { journal, live } = open()
    const name = { key: 'H62010200001|2207|M1' }
    await live(intent({ key: 'rest|H62010200001|settle|Idempotency-Key|k' }), 'yes')
    await expect(journal.begin(intent({ ...name, bodyHash: 'hash-2' }))).rejects.toEqual(
      problem('key-conflict'),
    )
    expect(await journal.begin(intent({ ...name, caller: 'other' }))).toMatchObject({
      is: 'known',
      known: { exchange: { caller: 'his-1' } },
    })
    const other = intent({
      ...name,
      key: 'H62010200002|2207|M1',
      institution: 'H62010200002',
      encounter: 'E2',
    })
    expect(await journal.begin(other)).toMatchObject({ is: 'fresh' })
  })

  it('resumes what could not leave, under the same number', async () => {
    const { disk, begin, live } = open()
    const first = await live(intent(), 'not-sent')
    const resumed = await begin(intent())
    expect(resumed.id).toBe(first.id)
    expect(disk.byKey('caller/2207/M1')!.state).toBe('open')
    const restarted = open(createMemoryDisk(disk.batches.slice(0, -1)))
    expect((await restarted.begin(intent())).id).toBe(first.id)
  })

  it('never resumes what is unknown', async () => {
    const { disk, known, live } = open()
    await live(intent(), 'no-answer')
    const before = disk.batches.length
    expect((await known(intent())).state).toBe('unknown')
    expect(disk.batches).toHaveLength(before)
  })
})

describe('an encounter', () => {
  it.each<[string, readonly Event[], boolean]>([
    ['in flight', [], true],
    ['unknown', ['no-answer'], true],
    ['still unknown', ['no-answer', 'no-answer'], true],
    ['accepted', ['yes'], false],
    ['refused', ['no'], false],
    ['unsent', ['not-sent'], false],
    ['found', ['no-answer', 'found'], false],
    ['undone', ['no-answer', 'undone'], false],
  ])('whose settlement is %s: busy for another is %s', async (_what, events, busy) => {
    const { disk, journal, begin, live } = open()
    await live(intent(), ...events)
    const before = disk.batches.length
    if (busy) {
      await expect(journal.begin(cancellation())).rejects.toEqual(problem('encounter-busy'))
      expect(disk.batches).toHaveLength(before)
      await expect(journal.begin(cancellation())).rejects.toEqual(problem('encounter-busy'))
    } else {
      await begin(cancellation())
    }
  })

  it('is busy for a cancellation as for a settlement, and not for another encounter', async () => {
    const { journal, begin } = open()
    await begin(cancellation())
    await expect(journal.begin(intent())).rejects.toEqual(problem('encounter-busy'))
    await begin(intent({ key: 'k3', encounter: 'E2' }))
  })

  it('is not held by what moves no money, nor barred from it', async () => {
    const { begin } = open()
    await begin(intent())
    await begin(intent({ key: 'k-lines', transaction: '2204', kind: 'write' }))
    await begin(intent({ key: 'k-reversal', transaction: '2601', kind: 'reversal' }))
    const other = open()
    await other.begin(intent({ key: 'k-lines', transaction: '2204', kind: 'write' }))
    await other.begin(intent())
  })

  it('is claimed before the intent is durable: two at once, one begins', async () => {
    const { journal } = open()
    const both = await Promise.allSettled([journal.begin(intent()), journal.begin(cancellation())])
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
  })

  it('bars what could not leave from trying again while another is open', async () => {
    const { journal, begin, live } = open()
    await live(intent(), 'not-sent')
    await begin(cancellation())
    await expect(journal.begin(intent())).rejects.toEqual(problem('encounter-busy'))
  })

  it('is told by the exchange that opened it', async () => {
    const { journal, begin } = open()
    const opened = await begin(intent({ key: 'k-open', transaction: '2201', kind: 'write', encounter: null }))
    expect(journal.openers('E9')).toEqual([])
    await journal.record(opened, 'open', 'yes', { encounter: 'E9' })
    expect(journal.openers('E9')).toMatchObject([{ exchange: opened.id, institution: 'H62010200001' }])
    const settlement = await begin(intent({ encounter: 'E9' }))
    await journal.record(settlement, 'open', 'yes', { settlement: 'S9' })
    expect(journal.settlers('S9')).toMatchObject([{ exchange: { lane: 'outpatient' }, state: 'accepted' }])
    expect(journal.settlers('S8')).toEqual([])
    expect(journal.byMessage('H62010200001', 'M1', '2207')).toMatchObject({ settlement: 'S9' })
    expect(journal.byMessage('H62010200002', 'M1', '2207')).toBeNull()
  })
})

const NO = { problem: 'bad-codes', reason: 'E501', told: '编码不可用', reply: REPLY, at: AT }

describe('reject()', () => {
  it('stores the refusal once and gives it again for the same body', async () => {
    const { disk, journal, known } = open()
    expect(await journal.reject(intent(), NO)).toBeNull()
    expect(await journal.reject(intent(), NO)).toMatchObject({
      state: 'rejected',
      reply: REPLY,
      reason: 'E501',
    })
    expect(disk.batches).toHaveLength(1)
    expect(await known(intent())).toMatchObject({ state: 'rejected', reply: REPLY })
    await expect(journal.begin(intent({ bodyHash: 'hash-2' }))).rejects.toEqual(problem('key-conflict'))
  })

  it('writes without a key where the key is another body’s', async () => {
    const { disk, journal, live } = open()
    await live(intent(), 'yes')
    expect(await journal.reject(intent({ bodyHash: 'hash-2' }), NO)).toBeNull()
    expect(disk.byKey('caller/2207/M1')).toMatchObject({ state: 'accepted' })
    expect(disk.byId(2)).toMatchObject({ state: 'rejected', exchange: { key: null } })
  })

  it('writes without a key where nothing could be read', async () => {
    const { disk, journal } = open()
    await journal.reject(intent({ key: null }), NO)
    await journal.reject(intent({ key: null }), NO)
    expect(disk.lastId()).toBe(2)
    expect(journal.writable()).toBe(true)
  })

  it.each([2, 5, 20])('%d at once under one key do not collide, one keeps the key', async (count) => {
    const { disk, journal } = open()
    await Promise.all(Array.from({ length: count }, () => journal.reject(intent(), NO)))
    expect(disk.lastId()).toBe(count)
    expect(disk.keys.size).toBe(1)
    expect(journal.writable()).toBe(true)
    expect(await journal.begin(intent())).toMatchObject({ is: 'known', known: { state: 'rejected' } })
  })

  it('leaves alone what is in flight under the key', async () => {
    const { disk, journal, begin } = open()
    disk.hold()
    const begins = begin(intent())
    const rejects = journal.reject(intent(), NO)
    disk.release()
    const exchange = await begins
    expect(await rejects).toBeNull()
    expect(await journal.record(exchange, 'open', 'yes', {})).toBe('accepted')
    expect(disk.byKey('caller/2207/M1')).toMatchObject({ state: 'accepted', exchange: { id: exchange.id } })
  })

  it('bars a beginning under the key while it is being written', async () => {
    const { disk, journal } = open()
    disk.hold()
    const rejects = journal.reject(intent(), NO)
    await expect(journal.begin(intent())).rejects.toEqual(problem('key-in-flight'))
    disk.release()
    await rejects
    expect(journal.writable()).toBe(true)
  })
})

describe('record()', () => {
  it('resolves only once the outcome is durable', async () => {
    const { disk, journal, begin } = open()
    const exchange = await begin(intent())
    disk.hold()
    let recorded = false
    const records = journal.record(exchange, 'open', 'yes', { total: 100 }).then(() => {
      recorded = true
    })
    await settled()
    expect([recorded, disk.byId(1)!.state]).toEqual([false, 'open'])
    disk.release()
    await records
    expect(disk.byId(1)!.state).toBe('accepted')
  })

  it('refuses a step that the life of an exchange does not have, and writes nothing', async () => {
    const { disk, journal, live } = open()
    const exchange = await live(intent(), 'no')
    await expect(journal.record(exchange, 'refused', 'yes', {})).rejects.toThrow('cannot take "yes"')
    expect(disk.byId(1)!.state).toBe('refused')
    expect(disk.batches).toHaveLength(2)
  })
})

describe('recover()', () => {
  it('takes what was left open as unknown, and leaves every other state', async () => {
    const former = open()
    await former.begin(intent())
    await former.live(intent({ key: 'k2', message: 'M2', encounter: 'E2' }), 'no-answer')
    await former.live(intent({ key: 'k3', message: 'M3', encounter: 'E3' }), 'not-sent')
    await former.live(intent({ key: 'k4', message: 'M4', encounter: 'E4' }), 'yes')
    await former.begin(intent({ key: 'k5', encounter: null, transaction: '2201', kind: 'write' }))
    former.journal.note(intent({ kind: 'query' }), { state: 'accepted', at: AT })
    await settled()

    const { disk, journal } = open(createMemoryDisk(former.disk.batches))
    const left = await journal.recover()
    expect(left.map(({ exchange, state }) => [exchange.id, state])).toEqual([
      [1, 'unknown'],
      [2, 'unknown'],
      [5, 'unknown'],
    ])
    expect([3, 4, 6].map((id) => disk.byId(id)!.state)).toEqual(['unsent', 'accepted', 'accepted'])
    expect(journal.unresolved()).toEqual(left)
  })

  it('holds the encounters of what is unknown, until evidence lets them go', async () => {
    const former = open()
    await former.begin(intent())
    const { journal, begin, known } = open(createMemoryDisk(former.disk.batches))
    await journal.recover()
    await expect(journal.begin(cancellation())).rejects.toEqual(problem('encounter-busy'))
    const left = await known(intent())
    expect(left.state).toBe('unknown')
    await journal.record(left.exchange, 'unknown', 'found', {})
    await begin(cancellation())
  })

  it('writes nothing where nothing was left', async () => {
    const { disk, journal } = open()
    expect(await journal.recover()).toEqual([])
    expect(disk.batches).toEqual([])
  })
})

describe('a journal that cannot be written', () => {
  it('says so at the intent, and begins nothing after', async () => {
    const { disk, journal } = open()
    disk.fail(new Error('disk full'))
    expect(journal.writable()).toBe(true)
    await expect(journal.begin(intent())).rejects.toEqual(problem('journal-down'))
    expect(journal.writable()).toBe(false)
    await expect(journal.begin(intent({ key: 'k2', encounter: 'E2' }))).rejects.toEqual(
      problem('journal-down'),
    )
    await expect(journal.begin(intent())).rejects.toEqual(problem('journal-down'))
    await expect(journal.reject(intent({ key: 'k3' }), NO)).rejects.toEqual(problem('journal-down'))
    expect(disk.batches).toEqual([])
  })

  it('never calls an outcome recorded that is not, and keeps its encounter and key', async () => {
    const { disk, journal, begin } = open()
    const exchange = await begin(intent())
    disk.fail(new Error('disk full'))
    await expect(journal.record(exchange, 'open', 'yes', {})).rejects.toThrow('disk full')
    expect(journal.writable()).toBe(false)
    // It has left: nobody may hear that it was not sent.
    await expect(journal.begin(intent())).rejects.toEqual(problem('key-in-flight'))
    const restarted = open(createMemoryDisk(disk.batches))
    expect(await restarted.journal.recover()).toMatchObject([{ state: 'unknown' }])
  })

  it('wakes who waits for what can get no outcome any more', async () => {
    const { disk, journal, begin } = open()
    const exchange = await begin(intent())
    const { landed } = (await journal.inFlight(exchange.key!))!
    disk.fail(new Error('disk full'))
    await expect(journal.record(exchange, 'open', 'yes', {})).rejects.toThrow('disk full')
    await landed
    expect(await journal.inFlight(exchange.key!)).not.toBeNull()
  })

  it('still tells what stands under a key, and begins nothing that could not leave', async () => {
    const { disk, journal, live } = open()
    await live(intent(), 'no-answer')
    await live(intent({ key: 'k2', message: 'M2', encounter: 'E2' }), 'not-sent')
    disk.fail(new Error('disk full'))
    await expect(journal.begin(intent({ key: 'k3', message: 'M3', encounter: 'E3' }))).rejects.toThrow()
    expect(await journal.begin(intent())).toMatchObject({ is: 'known', known: { state: 'unknown' } })
    await expect(journal.begin(intent({ key: 'k2', message: 'M2', encounter: 'E2' }))).rejects.toEqual(
      problem('journal-down'),
    )
  })

  it('still answers questions', async () => {
    const { disk, journal, live } = open()
    await live(intent(), 'yes')
    disk.fail(new Error('disk full'))
    journal.note(intent({ kind: 'query' }), { state: 'accepted', at: AT })
    await settled()
    expect(journal.writable()).toBe(false)
    expect(journal.byKey('caller/2207/M1')).toMatchObject({ state: 'accepted', reply: REPLY })
  })

  it('tells the cause to the log and not to the caller', async () => {
    const { disk, journal } = open()
    const cause = new Error('/data/zhijie.sqlite is full')
    disk.fail(cause)
    const error = await journal.begin(intent()).catch((thrown: GatewayError) => thrown)
    expect(error).toMatchObject({ cause })
    expect((error as GatewayError).message).not.toContain('sqlite')
  })
})

describe('an archived message', () => {
  it.each<[State, readonly Event[]]>([
    ['accepted', ['yes']],
    ['refused', ['no']],
    ['reversed', ['yes', 'undone']],
    ['unsent', ['not-sent']],
  ])('that ended %s keeps its key for ever: it is known, and never begun again', async (state, events) => {
    const { disk, journal, live, known } = open()
    await live(intent(), ...events)
    disk.archive()
    const before = disk.batches.length
    expect(await known(intent())).toMatchObject({ state, archived: true, reply: null })
    await expect(journal.begin(intent({ bodyHash: 'another' }))).rejects.toEqual(problem('key-conflict'))
    expect(disk.batches.length).toBe(before)
  })

  it('that is rejected now is still the one that stands under its key', async () => {
    const { disk, journal, live } = open()
    await live(intent(), 'yes')
    disk.archive()
    const before = disk.batches.length
    expect(await journal.reject(intent(), { at: AT, reply: REPLY })).toMatchObject({ archived: true })
    expect(disk.batches.length).toBe(before)
  })

  it('can be undone, and is answered with that from then on', async () => {
    const { disk, journal, live, known } = open()
    await live(intent(), 'yes')
    disk.archive()
    const found = (await journal.byMessage('H62010200001', 'M1', '2207'))!
    expect(await journal.record(found.exchange, found.state, 'undone', { reply: REPLY })).toBe('reversed')
    expect(await known(intent())).toMatchObject({ state: 'reversed', reply: REPLY })
  })
})
