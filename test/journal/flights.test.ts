/** What is in flight is found by key and by message, and whoever waits for it goes on when it lands. */
import { describe, expect, it } from 'vitest'
import { createFlights } from '../../src/journal/embedded/flights.ts'
import type { Intent } from '../../src/journal/journal.ts'

const intent = (more: Partial<Intent> = {}) =>
  ({
    ...{ key: 'rest|H1|settle|k', institution: 'H1', transaction: '2207', message: 'M1', bodyHash: 'B' },
    ...more,
  }) as Intent
const NAME = 'H1|2207|M1'

/** Whether a promise has resolved by now. */
const settled = async (promise: Promise<void>) =>
  Promise.race([promise.then(() => true), Promise.resolve().then(() => false)])

describe('createFlights()', () => {
  it('knows what is in flight by its key and by the name of its message', () => {
    const flights = createFlights()
    flights.takeOff(intent())
    for (const key of [intent().key!, NAME]) expect(flights.get(key)).toMatchObject({ bodyHash: 'B' })
    flights.land(intent())
    for (const key of [intent().key!, NAME]) expect(flights.get(key)).toBeUndefined()
  })

  it('lets who waits go on when it lands, and who waits after a wake wait anew', async () => {
    const flights = createFlights()
    flights.takeOff(intent())
    const first = flights.get(NAME)!.landed
    expect(await settled(first)).toBe(false)
    flights.wake(NAME)
    await first
    const second = flights.get(NAME)!.landed
    expect(await settled(second)).toBe(false)
    flights.land(intent())
    await second
    expect(flights.get(NAME)).toBeUndefined()
  })

  it('takes nothing of another flight along that has the same name by now', () => {
    const flights = createFlights()
    flights.takeOff(intent())
    flights.takeOff(intent({ key: NAME, bodyHash: 'C' }))
    flights.land(intent())
    expect(flights.get(NAME)).toMatchObject({ bodyHash: 'C' })
    expect(flights.get(intent().key!)).toBeUndefined()
  })
})
