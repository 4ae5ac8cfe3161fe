/** Codes of a local system through a map: asked in the process, by FHIR one code a call, and by REST in batches. */
import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { type Codes, createCodes } from '../../src/codes/codes.ts'
import { packCodeMap } from '../../src/codes/pack.ts'
import { codesRoutes } from '../../src/http/codes/routes.ts'
import { fhirRoutes } from '../../src/http/fhir/routes.ts'
import { createSystemNames } from '../../src/http/fhir/systems.ts'
import { median } from '../statistics.ts'
import { CONSUMABLE, codeOf, IN_USE, TODAY } from './rows.ts'
import { openPacked } from './stores.ts'

const ROUNDS = 7
const CALLS = 1000
const BATCH = 200
const SYSTEM = 'bench'

/** A hospital's own numbers, each for one row of the table. */
function mapped(rows: number) {
  const step = Math.max(1, Math.floor(rows / IN_USE))
  return packCodeMap({
    system: SYSTEM,
    standard: CONSUMABLE.id,
    editions: [
      {
        version: '1',
        from: TODAY,
        source: { grade: 'A', text: 'Invented for a measurement' },
        rows: Array.from({ length: Math.min(IN_USE, rows) }, (_, index) => ({
          code: localCode(index),
          name: '',
          targets: [codeOf(index * step)],
          relation: 'equivalent',
        })),
      },
    ],
  })
}

const localCode = (index: number) => `Y${String(index).padStart(6, '0')}`

/** Both doors, without the rest of the gateway. */
async function opened(codes: Codes) {
  const asked = { codes: { current: () => codes }, today: () => TODAY }
  const app = codesRoutes(asked)
  app.route(
    '/',
    fhirRoutes({
      ...asked,
      callers: { identify: () => ({ id: 'bench', institutions: 'any' }) },
      ready: () => true,
      names: createSystemNames({ standards: {}, systems: {} }),
      offload: { answer: () => Promise.reject(new Error('Nothing is written out here')) },
      importer: { take: () => Promise.reject(new Error('Nothing is imported here')) },
      fault: (cause) => process.stderr.write(`${cause}\n`),
    }),
  )
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}

/** Microseconds a code. */
async function timed(codes: number, work: () => Promise<void> | void): Promise<number> {
  const from = performance.now()
  await work()
  return ((performance.now() - from) * 1000) / codes
}

/** Runs it. */
export async function overHttp(packed: string, crc32: number, rows: number) {
  const book = openPacked(packed, crc32)
  const codes = createCodes({
    codebooks: [CONSUMABLE],
    maps: [],
    imported: [{ book, live: [0] }, mapped(rows)],
  })
  const { server, port } = await opened(codes)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })

  async function call(path: string, body?: string): Promise<string> {
    const headers = { 'content-type': 'application/json' }
    const sent = request({ port, host: '127.0.0.1', path, agent, method: body ? 'POST' : 'GET', headers })
    sent.end(body)
    const [answer] = (await once(sent, 'response')) as [IncomingMessage]
    const chunks = await answer.toArray()
    if (answer.statusCode !== 200) throw new Error(`${path} was answered with ${answer.statusCode}`)
    return Buffer.concat(chunks as Buffer[]).toString('utf8')
  }

  const spent = { inProcess: [] as number[], fhir: [] as number[], batch: [] as number[] }
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const local = Array.from({ length: CALLS }, (_, index) =>
        localCode((index * 37 + round) % Math.min(IN_USE, rows)),
      )
      const inProcess = await timed(CALLS, () => {
        for (const code of local) {
          const { targets } = codes.translate(SYSTEM, CONSUMABLE.id, code, TODAY)
          if (targets.length !== 1) throw new Error(`${code} has no target`)
        }
      })
      const fhir = await timed(CALLS, async () => {
        for (const code of local) {
          const path = `/fhir/r4/ConceptMap/$translate?system=urn:zhijie:system:${SYSTEM}&code=${code}`
          if (!(await call(path)).includes('"valueBoolean":true')) throw new Error(`${code} has no target`)
        }
      })
      const batch = await timed(CALLS, async () => {
        for (let at = 0; at < CALLS; at += BATCH) {
          const asked = { standard: CONSUMABLE.id, system: SYSTEM, codes: local.slice(at, at + BATCH) }
          await call('/v1/codes/translate', JSON.stringify(asked))
        }
      })
      spent.inProcess.push(inProcess)
      spent.fhir.push(fhir)
      spent.batch.push(batch)
    }
  } finally {
    agent.destroy()
    server.close()
  }
  return {
    inProcessMicros: median(spent.inProcess),
    fhirMicros: median(spent.fhir),
    batchMicros: median(spent.batch),
  }
}
