/** The simulated nation starts and stops as one, and a platform keeps its book over a restart. */
import { createServer } from 'node:net'
import { afterAll, describe, expect, it } from 'vitest'
import { startPlatform } from '../../src/simulator/platform.ts'
import { PROVINCES, startSimulator } from '../../src/simulator/supervise.ts'
import { stretched } from '../support/stretched.ts'
import {
  booked,
  filedEmployee,
  folder,
  messageId,
  mustDo,
  outpatient,
  send,
  setFaults,
  startNation,
} from './support.ts'

const room = folder()
afterAll(room.remove)

const person = filedEmployee()

describe('a restart', () => {
  it('keeps the book, the answers and the unknown ones', async () => {
    const first = await startNation(room.path, { nationalDeadlineMs: stretched(150) })
    const { request } = await outpatient(first.national, person)
    const id = messageId()
    const answered = await send(first.national, '2207', request, { id })
    const lost = messageId()
    const other = await outpatient(first.national, person)
    await setFaults(first.gansu, { kind: 'drop-after', transaction: '2207' })
    await send(first.national, '2207', other.request, { id: lost })
    const before = await booked(first.gansu, id)
    await first.close()

    const second = await startNation(room.path)
    expect(await booked(second.gansu, id)).toEqual(before)
    expect((await send(second.national, '2207', request, { id })).text).toBe(answered.text)
    expect((await booked(second.national, lost))[0]!.state).toBe('unknown')
    await mustDo(second.national, '2207', other.request, { id: lost })
    expect((await booked(second.national, lost))[0]!.state).toBe('settled')
    const third = await outpatient(second.national, person)
    expect([...new Set([third.id, other.id])]).toHaveLength(2)
    await second.close()
  })
})

describe('startSimulator()', () => {
  it('starts six processes that talk to each other, and stops them', async () => {
    const own = folder()
    const simulator = await startSimulator({ dataDir: own.path, port: 0 })
    expect(Object.keys(simulator.provinces).sort()).toEqual([...PROVINCES].sort())
    const pids = [simulator.national, ...Object.values(simulator.provinces)].map(({ pid }) => pid)
    expect(new Set(pids).size).toBe(6)
    const national = { url: simulator.national.url } as Awaited<ReturnType<typeof startPlatform>>
    const { request } = await outpatient(national, person)
    await mustDo(national, '2207', request)
    await simulator.stop()
    await expect(fetch(`${simulator.national.url}/health`)).rejects.toThrow()
    own.remove()
  })

  it('says plainly that a port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const { port } = taken.address() as { port: number }
    await expect(startPlatform({ platform: '620000', dataDir: ':memory:', port })).rejects.toThrow(
      /is in use/,
    )
    taken.close()
  })
})
