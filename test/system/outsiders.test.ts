/** What outsiders do to a gateway that is a process of its own: its descriptors, its disk, its doors. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { HEFEI, startWorkers, type Workers } from '../workers/support.ts'
import { about, yes } from './support.ts'

const DESCRIPTORS = 256
const IDLE = 400
const BOUNDED = ['prlimit', `--nofile=${DESCRIPTORS}:${DESCRIPTORS}`]
const canBound = spawnSync(BOUNDED[0]!, [BOUNDED[1]!, 'true']).status === 0
const NATIONAL = '/hss-call-service-interface'
const SECRET = 'his'

let outside: string
beforeAll(() => {
  outside = mkdtempSync(join(tmpdir(), 'zhijie-outsiders-'))
})
afterAll(() => rmSync(outside, { recursive: true, force: true }))

function filesIn(directory: string): string[] {
  const all = readdirSync(directory, { recursive: true, withFileTypes: true })
  return all.filter((one) => one.isFile()).map((one) => join(one.parentPath, one.name))
}

async function settle(system: Workers): Promise<void> {
  const visit = await system.visit(HEFEI)
  yes(await system.send(HEFEI, '2207', visit.settlement, undefined, about(visit.person)))
}

describe.skipIf(!canBound)(`a gateway that may have ${DESCRIPTORS} descriptors (needs prlimit)`, () => {
  let system: Workers
  const sockets: Socket[] = []
  const said = () => readFileSync(join(outside, 'bounded.log'), 'utf8')
  const descriptorsOf = (pid: number) => readdirSync(`/proc/${pid}/fd`).length

  beforeAll(async () => {
    system = await startWorkers(
      1,
      { ZHIJIE_SEGMENT_BYTES: String(64 * 1024), ZHIJIE_LOG: 'info' },
      { through: BOUNDED, said: join(outside, 'bounded.log') },
    )
  })
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.destroy()
  })
  afterAll(() => system.stop())

  it(`settles on, over several segments, while ${IDLE} connections say nothing`, async () => {
    const { hostname, port } = new URL(system.url())
    const idle = async () => {
      const socket = connect(Number(port), hostname)
      socket.on('error', () => {})
      sockets.push(socket)
      await once(socket, 'connect')
    }
    const segments = () => readdirSync(join(system.dataDir, 'journal')).length
    await settle(system)
    const before = segments()
    for (let count = 0; count < IDLE; count += 1) await idle()
    for (let count = 0; count < 40 && segments() < before + 3; count += 1) {
      await settle(system)
      // They come again, as fast as they are closed.
      for (let more = 0; more < 20; more += 1) await idle()
    }
    expect(segments()).toBeGreaterThanOrEqual(before + 3)
    expect(descriptorsOf(system.process().pid!)).toBeLessThan(DESCRIPTORS)
    expect((await system.page('/health')).status).toBe(200)
    expect((await system.page('/ready')).status).toBe(200)
    expect((await system.page('/v1/tally')).json).toMatchObject({ open: 0 })
    expect(said()).not.toMatch(/EMFILE|journal-down|fault/)
  })
})

describe('a gateway whose callers are set', () => {
  let system: Workers
  const log = () => join(outside, 'flood.log')
  const FLOOD = 10_000
  const CONNECTIONS = 32

  beforeAll(async () => {
    const file = join(outside, 'callers.json')
    const keySha256 = createHash('sha256').update(SECRET).digest('hex')
    writeFileSync(file, JSON.stringify([{ id: 'his', keySha256, institutions: [HEFEI.code] }]))
    system = await startWorkers(1, { ZHIJIE_CALLERS: file, ZHIJIE_LOG: 'info' }, { said: log() })
  })
  afterAll(() => system.stop())

  it(`grows by nothing on the disk for ${FLOOD} requests with unknown keys, and says so once a minute`, async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
    const { hostname, port } = new URL(system.url())
    const strange = async (index: number) => {
      const path = index % 2 === 0 ? NATIONAL : '/v1/eligibility'
      const headers = { 'content-type': 'application/json', 'x-api-key': `key-${index}` }
      const asked = request({ agent, host: hostname, port, method: 'POST', path, headers })
      asked.end('{"infno":"2207"}')
      const [answer] = await once(asked, 'response')
      let text = ''
      for await (const piece of answer) text += piece
      return text.includes('unknown-caller')
    }
    const flood = async (from: number, to: number) => {
      let next = from
      let refused = 0
      const one = async () => {
        while (next < to) {
          next += 1
          if (await strange(next)) refused += 1
        }
      }
      await Promise.all(Array.from({ length: CONNECTIONS }, one))
      return refused
    }
    const bytes = () => filesIn(system.dataDir).reduce((sum, file) => sum + statSync(file).size, 0)
    // Segments are made ahead with zeros: what is written into one does not make it longer.
    const written = () =>
      filesIn(join(system.dataDir, 'journal')).map((file) => `${file} ${statSync(file).mtimeMs}`)
    expect(await flood(0, 100)).toBe(100)
    // The spare segment is made ahead with zeros, a piece at a time: it is as long as the first one when it is ready.
    const segments = () =>
      filesIn(system.dataDir)
        .filter((file) => file.endsWith('.segment'))
        .map((file) => statSync(file).size)
    await expect.poll(() => segments().length > 1 && new Set(segments()).size === 1).toBe(true)
    const begun = performance.now()
    const [before, files, logBefore] = [bytes(), written(), statSync(log()).size]
    expect(await flood(100, FLOOD + 100)).toBe(FLOOD)
    expect(bytes()).toBe(before)
    expect(written()).toEqual(files)
    const minutes = Math.ceil((performance.now() - begun) / 60_000)
    expect(statSync(log()).size - logBefore).toBeLessThan(1000 * minutes)
    agent.destroy()
  })
})
