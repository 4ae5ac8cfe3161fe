import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Area } from '../../src/domain/area.ts'
import {
  createTransport,
  destinationOf,
  type Transport,
  TransportFault,
} from '../../src/transport/destinations.ts'
import { NetworkFault } from '../../src/transport/network.ts'
import { type Behaviour, createFakeNetwork } from './support.ts'

const GANSU = destinationOf('620102' as Area, '621002' as Area)
const HUNAN = destinationOf('430100' as Area, '620102' as Area)
const ANHUI = destinationOf('340100' as Area, '620102' as Area)
const ADDRESSES = { national: 'http://national.invalid', '620000': 'http://gansu.invalid' }
const BODY = Buffer.from('{}')
const YES = Buffer.from('yes')

describe('destinationOf()', () => {
  it.each<[string, string, string, string]>([
    ['620102', '620102', '620000', '620000'],
    ['620102', '620104', '620000', '620000'],
    ['620102', '621002', '620000', '620000'],
    ['621002', '620102', '620000', '620000'],
    ['430100', '620102', 'national/430000', 'national'],
    ['430902', '620102', 'national/430000', 'national'],
    ['620102', '430100', 'national/620000', 'national'],
    ['310115', '110101', 'national/310000', 'national'],
    ['110101', '110108', '110000', '110000'],
  ])('insured in %s, treated in %s: %s by way of %s', (insured, treatment, id, platform) => {
    expect(destinationOf(insured as Area, treatment as Area)).toEqual({ id, platform })
  })
})

describe('createTransport()', () => {
  const opened: Transport[] = []
  afterEach(async () => {
    vi.useRealTimers()
    for (const transport of opened.splice(0)) await transport.close()
  })

  function open(behaviour: Behaviour, addresses: Readonly<Record<string, string>> = ADDRESSES) {
    const fake = createFakeNetwork(behaviour)
    const transport = createTransport(fake.network, addresses)
    opened.push(transport)
    const send = (destination = HUNAN, read = (answer: Buffer) => answer.toString()) =>
      transport.send(destination, BODY, 100, read)
    /** Sends so many times, one after the other; says what each brought. */
    const sendTimes = async (times: number, ...rest: Parameters<typeof send>) => {
      const told: unknown[] = []
      for (let turn = 0; turn < times; turn += 1) {
        told.push(await send(...rest).catch((fault: TransportFault) => fault.sent))
      }
      return told
    }
    return { ...fake, transport, send, sendTimes }
  }

  const silent: Behaviour = async () => {
    throw new NetworkFault(true, new Error('deadline'))
  }

  it('posts to the address of the platform and gives what was read', async () => {
    const { send, posts } = open(async () => YES)
    expect(await send()).toBe('yes')
    expect(await send(GANSU)).toBe('yes')
    expect(posts).toEqual([
      { url: ADDRESSES.national, body: '{}', deadlineMs: 100 },
      { url: ADDRESSES['620000'], body: '{}', deadlineMs: 100 },
    ])
  })

  it.each<[string, Behaviour, boolean]>([
    ['did not leave', () => Promise.reject(new NetworkFault(false, new Error('refused'))), false],
    ['brought no answer', silent, true],
    ['failed in a way that nobody foresaw', () => Promise.reject(new Error('?')), true],
    [
      'failed with a code of its own',
      () => Promise.reject(Object.assign(new Error(), { code: 'ECONNREFUSED' })),
      true,
    ],
  ])('a call that %s is a fault: sent is %s', async (_what, behaviour, sent) => {
    await expect(open(behaviour).send()).rejects.toEqual(
      expect.objectContaining({ name: 'TransportFault', sent }),
    )
  })

  it('an answer that cannot be read was sent all the same, and keeps its cause', async () => {
    const cause = new RangeError('answer is not a JSON object')
    const read = () => {
      throw cause
    }
    const fault = await open(async () => YES)
      .send(HUNAN, read)
      .catch((thrown) => thrown)
    expect(fault).toBeInstanceOf(TransportFault)
    expect(fault).toMatchObject({ sent: true, cause })
  })

  it('sends nothing where no address is set', async () => {
    const { send, posts } = open(async () => YES, {})
    await expect(send()).rejects.toMatchObject({ sent: false })
    expect(posts).toEqual([])
  })

  it('opens the breaker after ten faults and then sends nothing', async () => {
    const { transport, sendTimes, posts } = open(silent)
    expect(await sendTimes(9)).toEqual(Array(9).fill(true))
    expect(transport.states()).toEqual({ [HUNAN.id]: 'closed' })
    expect(await sendTimes(1)).toEqual([true])
    expect(transport.states()).toEqual({ [HUNAN.id]: 'open' })
    expect(await sendTimes(5)).toEqual(Array(5).fill(false))
    expect(posts).toHaveLength(10)
  })

  it('opens the breaker on answers that cannot be read', async () => {
    const { transport, sendTimes } = open(async () => YES)
    const read = () => {
      throw new RangeError('garbage')
    }
    expect(await sendTimes(11, HUNAN, read)).toEqual([...Array(10).fill(true), false])
    expect(transport.states()).toEqual({ [HUNAN.id]: 'open' })
  })

  it.each<[number, string]>([
    [10, 'closed'],
    [11, 'open'],
  ])('%d faults of 20 calls leave the breaker %s: more than half opens it', async (faults, state) => {
    let calls = 0
    const { transport, sendTimes } = open(async () => {
      calls += 1
      if (calls > 20 - faults) throw new NetworkFault(true, null)
      return YES
    })
    await sendTimes(20)
    expect(transport.states()).toEqual({ [HUNAN.id]: state })
  })

  it('leaves the other provinces behind the same platform alone', async () => {
    let hung = true
    const { transport, sendTimes } = open(async () => {
      if (hung) throw new NetworkFault(true, null)
      return YES
    })
    await sendTimes(10)
    hung = false
    expect(await sendTimes(1)).toEqual([false])
    expect(await sendTimes(3, ANHUI)).toEqual(['yes', 'yes', 'yes'])
    expect(await sendTimes(1, GANSU)).toEqual(['yes'])
    expect(transport.states()).toEqual({ [HUNAN.id]: 'open', [ANHUI.id]: 'closed', [GANSU.id]: 'closed' })
  })

  it('lets one call try after five seconds, and closes when it is answered', async () => {
    vi.useFakeTimers()
    let hung = true
    const { transport, sendTimes } = open(async () => {
      if (hung) throw new NetworkFault(true, null)
      return YES
    })
    await sendTimes(10)
    await vi.advanceTimersByTimeAsync(4_999)
    expect(transport.states()).toEqual({ [HUNAN.id]: 'open' })
    await vi.advanceTimersByTimeAsync(1)
    expect(transport.states()).toEqual({ [HUNAN.id]: 'half-open' })
    expect(await sendTimes(2)).toEqual([true, false])
    await vi.advanceTimersByTimeAsync(5_000)
    hung = false
    expect(await sendTimes(2)).toEqual(['yes', 'yes'])
    expect(transport.states()).toEqual({ [HUNAN.id]: 'closed' })
  })

  it('takes 64 calls at once to one destination and turns the 65th away unsent', async () => {
    let answer = () => {}
    const answered = new Promise<Buffer>((resolve) => {
      answer = () => resolve(YES)
    })
    const { send, posts } = open(() => answered)
    const within = Array.from({ length: 64 }, () => send())
    await expect(send()).rejects.toMatchObject({ sent: false })
    expect(posts).toHaveLength(64)
    const other = send(ANHUI)
    expect(posts).toHaveLength(65)
    answer()
    expect(await Promise.all([...within, other])).toEqual(Array(65).fill('yes'))
    expect(await send()).toBe('yes')
  })

  // opossum counts a call that the bulkhead turned away as a failure of the party that was never asked.
  it('does not open the breaker by what the bulkhead turned away', async () => {
    let answer = () => {}
    const answered = new Promise<Buffer>((resolve) => {
      answer = () => resolve(YES)
    })
    const { transport, send } = open(() => answered)
    const within = Array.from({ length: 64 }, () => send())
    const away = await Promise.allSettled(Array.from({ length: 70 }, () => send()))
    answer()
    await Promise.all(within)
    expect(away.every(({ status }) => status === 'rejected')).toBe(true)
    expect(transport.states()).toEqual({ [HUNAN.id]: 'closed' })
  })

  it('closes the network with itself', async () => {
    const { transport, isClosed } = open(async () => YES)
    await transport.close()
    expect(isClosed()).toBe(true)
  })
})
