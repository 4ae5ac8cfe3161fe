/** Both engines, the embedded one and one that two gateways share, hold the one contract of the journal's port. */
import { describe, expect, it } from 'vitest'
import type { Instant } from '../../src/domain/day.ts'
import { createEmbeddedEngine } from '../../src/journal/embedded/embedded-engine.ts'
import type { JournalEngine } from '../../src/journal/engine.ts'
import type { Clock } from '../../src/ports.ts'
import { type EngineRig, engineContract, LONG_MS } from './engine-contract.ts'
import { createMemoryDisk } from './memory-disk.ts'
import { createSharedEngine, type SharedEngine } from './shared/shared-engine.ts'
import { SharedStore } from './shared/shared-store.ts'
import { AT, intent } from './support.ts'

function handClock() {
  const hand = { ms: 0 }
  const clock: Clock = {
    now: () => (AT + hand.ms) as Instant,
    elapsed: () => hand.ms,
    after: () => () => {},
  }
  return { hand, clock }
}

async function embedded(disk = createMemoryDisk(), { hand, clock } = handClock()): Promise<EngineRig> {
  const engine = createEmbeddedEngine({ disk, clock })
  return {
    one: engine,
    other: engine,
    hold: () => disk.hold(),
    release: () => disk.release(),
    cut: () => embedded(createMemoryDisk([...disk.batches]), { hand, clock }),
    pass(ms) {
      hand.ms += ms
    },
    leave: () => {},
  }
}

let lives = 0

async function shared(store = new SharedStore(), { hand, clock } = handClock()): Promise<EngineRig> {
  let held = false
  const { write } = store
  store.write = (written) => {
    const upTo = write.call(store, written)
    if (!held) store.sync()
    return upTo
  }
  const connect = (): SharedEngine => {
    lives += 1
    return createSharedEngine({ store, clock, gateway: `gateway-${lives}`, flightMs: LONG_MS })
  }
  return {
    one: connect(),
    other: connect(),
    hold() {
      held = true
    },
    release() {
      held = false
      store.sync()
    },
    async cut() {
      store.cut()
      store.write = write
      return shared(store, { hand, clock })
    },
    pass(ms) {
      hand.ms += ms
    },
    leave: (gateway) => (gateway as SharedEngine).disconnect(),
  }
}

describe('the embedded engine', () => engineContract(() => embedded()))

describe('an engine that two gateways share', () => {
  engineContract(() => shared())

  const claim = (engine: JournalEngine) =>
    engine.claim({
      intent: intent() as ReturnType<typeof intent> & { key: string },
      ...{ undoing: null, after: null, judge: null, outcome: null, isSame: () => true },
    })

  it('leaves what a living gateway has begun to it, and gives what one that is gone has begun to another', async () => {
    const rig = await shared()
    expect(await claim(rig.one)).toMatchObject({ is: 'claimed' })
    expect(await rig.other.recover()).toEqual([])
    rig.leave(rig.one)
    rig.pass(LONG_MS - 1)
    expect(await rig.other.recover()).toEqual([])
    rig.pass(1)
    expect(await rig.other.recover()).toMatchObject([{ state: 'unknown' }])
    expect(await rig.other.byKey(intent().key!)).toMatchObject({ state: 'unknown' })
  })

  it('frees what a gateway was claiming when it goes', async () => {
    const rig = await shared()
    const judge = () => new Promise<null>(() => {})
    void rig.one.claim({
      intent: intent() as ReturnType<typeof intent> & { key: string },
      ...{ undoing: null, after: null, outcome: null, isSame: () => true, judge },
    })
    const found = await claim(rig.other)
    expect(found).toMatchObject({ is: 'in-flight', of: 'first' })
    rig.leave(rig.one)
    if (found.is === 'in-flight') await found.flight.landed
    expect(await claim(rig.other)).toMatchObject({ is: 'claimed' })
  })
})
