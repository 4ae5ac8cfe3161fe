/** A whole system in one process: three platforms with books of their own, and the gateway at a real port. */

import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type App, createApp } from '../../src/app.ts'
import { sumOfSplits } from '../../src/client/bill.ts'
import { ENDPOINT, type Fields, nationalMessage } from '../../src/client/message.ts'
import { readConfig } from '../../src/config.ts'
import { parseArea } from '../../src/domain/area.ts'
import { filingFor } from '../../src/domain/filing.ts'
import type { Codebook } from '../../src/extension/codebook.ts'
import type { Registry } from '../../src/extension/registry.ts'
import { readJournalBook } from '../../src/ledger/journal-book.ts'
import { type PlatformBook, type Reconciliation, reconcile } from '../../src/ledger/reconciliation.ts'
import { createLog } from '../../src/log.ts'
import { systemClock, systemRandom } from '../../src/ports.ts'
import { type Person, peopleOf } from '../../src/simulator/people.ts'
import { type Platform, startPlatform } from '../../src/simulator/platform.ts'
import { databaseFile, openDatabaseForReading } from '../../src/store/database.ts'
import { createNetwork } from '../../src/transport/network.ts'
import { stretched } from '../support/stretched.ts'

/** Place of treatment of the tests: a hospital in Hefei that sends national diagnoses. */
export const HOSPITAL = 'H34010290001'
const TREATMENT = '340102'

/** One insured of Gansu who may be treated in Hefei. */
export function filedPerson(): Person {
  const found = peopleOf('620000').find((person) => {
    const [insurance] = person.insurance
    const verdict = filingFor(person.filings, parseArea(TREATMENT), systemDay())
    return insurance!.status === '1' && insurance!.insutype === '310' && verdict.valid
  })
  if (!found) throw new Error('No synthetic person of Gansu has filed for Hefei')
  return found
}

function systemDay() {
  return new Date(Date.now() + 8 * 3600 * 1000).toISOString().slice(0, 10) as never
}

/** What a message was answered with. */
export interface Said {
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the platform says
  readonly json: any
}

/** A running system. */
export interface System {
  readonly dataDir: string
  readonly national: Platform
  readonly insured: Platform
  readonly treating: Platform
  url(): string
  app(): App
  /** Posts an envelope; the id makes it the same message again. */
  send(infno: string, input: unknown, id?: string, more?: Record<string, unknown>): Promise<Said>
  faults(platform: Platform, faults: unknown): Promise<void>
  /** Ends the faults, and waits until every platform is sent to again. */
  clearFaults(): Promise<void>
  /** Resolves when no outcome is unknown any more. */
  settled(): Promise<void>
  agreement(): Promise<Reconciliation>
  /** Ends the gateway as it stands, without draining, and starts another on the same directory, with these settings changed. */
  restart(settings?: Record<string, string>): Promise<void>
  /** The segment of the journal that is being written. */
  segment(): Promise<number>
  /** Archives everything that has ended. @returns the last archived segment */
  archive(): Promise<number>
  /** Goes on with visits until everything that is in the journal now is archived. */
  archiveAll(): Promise<void>
  log(): string
  stop(): Promise<void>
}

/** Small segments: the day of a test goes over several. */
const SEGMENT_BYTES = 256 * 1024

let serial = 0

/** A message id of the hospital that nobody has used. */
export function messageId(): string {
  serial += 1
  return `${HOSPITAL}${Date.now()}${String(serial).padStart(5, '0')}`.slice(0, 30)
}

/** Deadlines for what is no question of time. */
export function patient(): Record<string, string> {
  const ms = String(stretched(10_000))
  return { ZHIJIE_DEADLINE_MS: ms, ZHIJIE_QUERY_DEADLINE_MS: ms }
}

/** What of a system is not as usual. */
export interface Unusual {
  readonly registry?: Registry
  /** The national tables that the platforms give away. */
  readonly codebooks?: readonly Codebook[]
  /** Stands before the platform of 340000. @returns its own address */
  front?(url: string): Promise<string>
}

/** Starts a system with short deadlines: every hop shorter than its caller's. */
export async function startSystem(
  settings: Record<string, string> = {},
  { registry, codebooks, front }: Unusual = {},
): Promise<System> {
  const dataDir = mkdtempSync(join(tmpdir(), 'zhijie-'))
  const fast = { engineDelay: { fromMs: 0, toMs: 0 }, dataDir, port: 0, ...(codebooks && { codebooks }) }
  const insured = await startPlatform({ ...fast, platform: '620000' })
  const treating = await startPlatform({ ...fast, platform: '340000' })
  const provinces = { '620000': insured.url, '340000': treating.url }
  const national = await startPlatform({
    ...fast,
    platform: 'national',
    provinces,
    nationalDeadlineMs: stretched(300),
  })
  const fronted = front ? { '340000': await front(treating.url) } : {}
  const addresses = { national: national.url, ...provinces, ...fronted }
  const environment = {
    ZHIJIE_DATA: dataDir,
    ZHIJIE_DEADLINE_MS: String(stretched(600)),
    ZHIJIE_QUERY_DEADLINE_MS: String(stretched(500)),
    ZHIJIE_RECOVERY_PAUSE_MS: '20',
    ZHIJIE_SEGMENT_BYTES: String(SEGMENT_BYTES),
    ZHIJIE_LOG: 'debug',
    ...settings,
  }
  let logged = ''
  let app: App
  let server: Server

  async function open(): Promise<void> {
    app = await createApp({
      config: readConfig(environment),
      clock: systemClock,
      random: systemRandom,
      network: createNetwork(),
      addresses,
      ...(registry && { registry }),
      log: createLog('debug', { write: (line: string) => (logged += line) }),
    })
    server = createServer((request, response) => void app.listener(request, response)).listen(0, '127.0.0.1')
    await once(server, 'listening')
  }

  async function shut(): Promise<void> {
    server.close()
    server.closeAllConnections()
    await app.close()
  }

  const url = () => `http://127.0.0.1:${(server.address() as { port: number }).port}`
  await open()
  const system: System = {
    dataDir,
    national,
    insured,
    treating,
    url,
    app: () => app,
    async send(infno, input, id = messageId(), more = {}) {
      const envelope = envelopeOf(infno, input, id, more)
      const answer = await fetch(url() + ENDPOINT, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(envelope),
      })
      const text = await answer.text()
      return { text, json: JSON.parse(text) }
    },
    async faults(platform, faults) {
      const answer = await fetch(`${platform.url}/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(faults),
      })
      if (!answer.ok) throw new Error(await answer.text())
    },
    async clearFaults() {
      for (const platform of [national, insured, treating]) {
        await fetch(`${platform.url}/faults`, { method: 'DELETE' })
      }
      // Answers lost one after the other open the breaker; our own question closes it.
      const destinations = async () => (await fetch(`${url()}/v1/destinations`)).text()
      await expect.poll(destinations).not.toContain('"breaker":"open"')
    },
    async settled() {
      await expect.poll(() => app.recovery.cases()).toEqual([])
    },
    async agreement() {
      await app.indexed()
      const database = openDatabaseForReading(databaseFile(dataDir))
      const books = await Promise.all(
        [national, insured, treating].map(async (platform) => {
          const page = await fetch(`${platform.url}/book`)
          return (await page.json()) as PlatformBook
        }),
      )
      const compared = reconcile(readJournalBook(database), books)
      database.$client.close()
      return compared
    },
    async restart(changed = {}) {
      await shut()
      Object.assign(environment, changed)
      await open()
    },
    async segment() {
      await app.indexed()
      const database = openDatabaseForReading(databaseFile(dataDir)).$client
      const last = database.prepare('select max(segment) from outcome').pluck().get() as number
      database.close()
      return last
    },
    async archive() {
      // Over HTTP nothing younger than a month is archived.
      return (await app.archiver.run(0)).archivedUpTo
    },
    async archiveAll() {
      const wanted = await system.segment()
      for (let round = 0; round < 400; round += 1) {
        if ((await system.archive()) >= wanted) return
        await openVisit(system)
      }
      throw new Error(`not archived up to segment ${wanted}`)
    },
    log: () => logged,
    async stop() {
      await shut()
      await Promise.all([national.close(), insured.close(), treating.close()])
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
  return system
}

/** A message as the hospital of these tests writes it. */
export function envelopeOf(infno: string, input: unknown, msgid: string, more: Fields) {
  const place = { name: '示例医院（虚构）', treatmentArea: TREATMENT, insuredArea: '621000' }
  const head = { id: msgid, at: '2026-11-22 08:00:00' }
  return nationalMessage({ institution: HOSPITAL, ...place }, infno, input, head, more)
}

/** An outpatient visit of a person up to the point of settlement. */
export interface Visit {
  readonly encounter: string
  /** Input of 2207. */
  readonly settlement: { readonly data: Record<string, unknown> }
  readonly person: Person
}

/** A time of now, as hospitals write it. */
export function timeNow(): string {
  return new Date(Date.now() + 8 * 3600 * 1000).toISOString().slice(0, 19).replace('T', ' ')
}

/** A diagnosis row. */
export function diagnosis(code = 'I10.x00x002', name = '高血压'): Record<string, unknown> {
  const doctor = { diag_dept: '内科', dise_dor_no: 'D340102000001', dise_dor_name: '医师甲' }
  return {
    diag_type: '1',
    diag_srt_no: 1,
    diag_code: code,
    diag_name: name,
    ...doctor,
    diag_time: timeNow(),
    vali_flag: '1',
  }
}

/** A fee line in the hospital's own codes. */
export function line(
  serialNumber: string,
  encounter: string,
  person: Person,
  more: Record<string, unknown> = {},
) {
  return {
    feedetl_sn: serialNumber,
    mdtrt_id: encounter,
    psn_no: person.number,
    chrg_bchno: 'B1',
    rx_circ_flag: '0',
    fee_ocur_time: timeNow(),
    med_list_codg: '',
    medins_list_codg: 'Z0001',
    det_item_fee_sumamt: 60,
    cnt: 2,
    pric: '30.00',
    bilg_dept_codg: '0101',
    bilg_dept_name: '内科',
    bilg_dr_codg: 'D340102000001',
    bilg_dr_name: '医师甲',
    hosp_appr_flag: '0',
    ...more,
  }
}

/** The answer's output, which must be a yes. */
export function yes(said: Said) {
  if (said.json.infcode !== 0) throw new Error(`refused: ${said.json.err_msg}`)
  return said.json.output
}

/** Registers, describes and uploads lines. */
export async function openVisit(system: System, person = filedPerson()): Promise<Visit> {
  const area = { insuplc_admdvs: person.insurance[0]!.area }
  const common = { psn_no: person.number, mdtrt_cert_type: '02', mdtrt_cert_no: person.document }
  const registered = await system.send(
    '2201',
    {
      data: {
        ...common,
        insutype: person.insurance[0]!.insutype,
        begntime: timeNow(),
        ipt_otp_no: messageId().slice(12),
        atddr_no: 'D340102000001',
        dr_name: '医师甲',
        dept_code: '0101',
        dept_name: '内科',
        caty: 'A03',
      },
    },
    undefined,
    area,
  )
  const encounter = yes(registered).data.mdtrt_id as string
  const described = { mdtrt_id: encounter, psn_no: person.number, med_type: '11', begntime: timeNow() }
  yes(await system.send('2203', { mdtrtinfo: described, diseinfo: [diagnosis()] }, undefined, area))
  const feedetail = [
    line('F1', encounter, person),
    line('F2', encounter, person, { cnt: 1, det_item_fee_sumamt: 30 }),
  ]
  const { result } = yes(await system.send('2204', { feedetail }, undefined, area))
  return {
    encounter,
    person,
    settlement: {
      data: {
        ...common,
        med_type: '11',
        ...sumOfSplits(result),
        psn_setlway: '01',
        mdtrt_id: encounter,
        chrg_bchno: 'B1',
        insutype: person.insurance[0]!.insutype,
        acct_used_flag: '1',
      },
    },
  }
}

/** The header that a message about a person carries. */
export function about(person: Person): Record<string, unknown> {
  return { insuplc_admdvs: person.insurance[0]!.area }
}
