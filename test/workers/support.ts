/** A whole system with the gateway as processes of its own: platforms in this process, the gateway as it is started. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect } from 'vitest'
import { GATEWAY_FLAGS } from '../../load-tests/bench/systems.ts'
import { nationalMessage } from '../../src/client/message.ts'
import { readJournalBook } from '../../src/ledger/journal-book.ts'
import { type PlatformBook, type Reconciliation, reconcile } from '../../src/ledger/reconciliation.ts'
import { type Person, peopleOf } from '../../src/simulator/people.ts'
import { startPlatform } from '../../src/simulator/platform.ts'
import { openDatabaseForReading } from '../../src/store/database.ts'
import { partsIn } from '../../src/workers/layout.ts'
import { openStores } from '../../src/workers/stores.ts'
import { stretched } from '../support/stretched.ts'
import { filedPerson, messageId, openVisit, type Said, type System, type Visit } from '../system/support.ts'

/** A hospital of these tests, and someone who may be treated there. */
export interface Hospital {
  readonly code: string
  readonly area: string
  readonly person: Person
}

function localPerson(area: string): Person {
  const found = peopleOf('620000').find(
    ({ insurance: [first] }) => first!.area.slice(0, 4) === area.slice(0, 4) && first!.status === '1',
  )
  if (!found) throw new Error(`No synthetic person of ${area}`)
  return found
}

/** At home in worker 1 of 2. */
export const HEFEI: Hospital = { code: 'H34010290001', area: '340102', person: filedPerson() }
/** At home in worker 2 of 2. */
export const LANZHOU: Hospital = { code: 'H62010290002', area: '620102', person: localPerson('620102') }

const MAIN = join(import.meta.dirname, '..', '..', 'src', 'zhijie.mjs')

/** A running system. */
export interface Workers {
  readonly dataDir: string
  url(): string
  /** Addresses of the provinces. */
  readonly provinces: readonly string[]
  /** The process that was started. */
  process(): ChildProcess
  /** Posts an envelope of a hospital. */
  send(
    hospital: Hospital,
    infno: string,
    input: unknown,
    id?: string,
    more?: Record<string, unknown>,
  ): Promise<Said>
  visit(hospital: Hospital): Promise<Visit>
  /** A page of JSON, with its status. */
  // biome-ignore lint/suspicious/noExplicitAny: a page is whatever the gateway says
  page(path: string, init?: RequestInit): Promise<{ readonly status: number; readonly json: any }>
  faults(faults: unknown): Promise<void>
  /** Process ids of the workers, in the order in which they were started. */
  pids(): readonly number[]
  /** Resolves when nothing is unknown any more. */
  settled(): Promise<void>
  agreement(): Promise<Reconciliation>
  /** The institutions of which there is anything in each part of the directory. */
  institutions(): readonly (readonly string[])[]
  /** Starts the gateway again on the same directory. */
  start(): Promise<void>
  /** Ends the gateway as a supervisor would. @returns its exit code */
  end(): Promise<number | null>
  stop(): Promise<void>
}

/** How the process is started, where not as usual. */
export interface Surroundings {
  /** A command that starts it, with its own words: `prlimit`. */
  readonly through?: readonly string[]
  /** File for what it says. */
  readonly said?: string
}

/**
 * Starts the platforms and a gateway of so many workers.
 *
 * @param settings read at each start
 */
export async function startWorkers(
  workers: number,
  settings: Record<string, string> = {},
  { through = [], said }: Surroundings = {},
): Promise<Workers> {
  const dataDir = mkdtempSync(join(tmpdir(), 'zhijie-workers-'))
  const fast = { engineDelay: { fromMs: 0, toMs: 0 }, dataDir, port: 0 }
  const gansu = await startPlatform({ ...fast, platform: '620000' })
  const anhui = await startPlatform({ ...fast, platform: '340000' })
  const provinces = { '620000': gansu.url, '340000': anhui.url }
  const national = await startPlatform({
    ...fast,
    platform: 'national',
    provinces,
    nationalDeadlineMs: stretched(2_000),
  })
  const platforms = [national, gansu, anhui]
  const upstream = Object.entries({ national: national.url, ...provinces })
  let gateway: ChildProcess
  let port = 0

  async function start(): Promise<void> {
    const line = [process.execPath, ...GATEWAY_FLAGS, MAIN, 'serve', '--workers', String(workers)]
    const [file, ...words] = [...through, ...line]
    const output = said === undefined ? null : openSync(said, 'a')
    gateway = spawn(file!, words, {
      env: {
        ...process.env,
        ZHIJIE_DATA: dataDir,
        ZHIJIE_PORT: '0',
        ZHIJIE_LOG: 'silent',
        ZHIJIE_DEADLINE_MS: String(stretched(4_000)),
        ZHIJIE_QUERY_DEADLINE_MS: String(stretched(3_000)),
        ZHIJIE_RECOVERY_PAUSE_MS: '20',
        ZHIJIE_UPSTREAM: upstream.map(([name, url]) => `${name}=${url}`).join(','),
        ...settings,
      },
      stdio: ['ignore', output ?? 'ignore', output ?? 'inherit', 'ipc'],
    })
    if (output !== null) closeSync(output)
    const [message] = await Promise.race([
      once(gateway, 'message'),
      once(gateway, 'exit').then(() => {
        throw new Error('The gateway did not start')
      }),
    ])
    port = (message as { port: number }).port
  }

  await start()
  const url = () => `http://127.0.0.1:${port}`
  const page = async (path: string, init?: RequestInit) => {
    const answer = await fetch(url() + path, init)
    // biome-ignore lint/suspicious/noExplicitAny: a page is whatever the gateway says
    return { status: answer.status, json: (await answer.json()) as any }
  }
  const system: Workers = {
    dataDir,
    url,
    provinces: [gansu.url, anhui.url],
    process: () => gateway,
    page,
    async send(hospital, infno, input, id = messageId(), more = {}) {
      const answer = await fetch(`${url()}/hss-call-service-interface`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(envelopeOf(hospital, infno, input, id, more)),
      })
      const text = await answer.text()
      return { text, json: JSON.parse(text) }
    },
    visit(hospital) {
      const send: System['send'] = (infno, input, id, more) => system.send(hospital, infno, input, id, more)
      return openVisit({ send } as System, hospital.person)
    },
    async faults(faults) {
      for (const { url: platform } of platforms)
        await fetch(`${platform}/faults`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(faults),
        })
    },
    pids: () => childrenOf(gateway.pid!),
    async settled() {
      await expect.poll(async () => (await page('/v1/open-cases')).json.total).toBe(0)
    },
    async agreement() {
      await page('/v1/tally')
      const { database, close } = openStores(dataDir, openDatabaseForReading)
      const books = await Promise.all(
        platforms.map(
          async (platform) => (await (await fetch(`${platform.url}/book`)).json()) as PlatformBook,
        ),
      )
      const compared = reconcile(readJournalBook(database), books)
      close()
      return compared
    },
    institutions: () =>
      partsIn(dataDir, '').map((part) => {
        const store = new Sqlite(join(part.dataDir, 'zhijie.sqlite'), { readonly: true })
        const found = store
          .prepare<[], string>(
            'select institution from exchange where institution is not null union select institution from stay_record',
          )
          .pluck()
          .all()
        store.close()
        return found
      }),
    start,
    async end() {
      if (gateway.exitCode !== null || gateway.signalCode !== null) return gateway.exitCode
      const ended = once(gateway, 'exit')
      gateway.kill('SIGTERM')
      const [code] = await ended
      return code
    },
    async stop() {
      await system.end()
      await Promise.all(platforms.map((platform) => platform.close()))
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
  return system
}

/** A message of a hospital. */
export function envelopeOf(
  { code, area }: Hospital,
  infno: string,
  input: unknown,
  msgid: string,
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  const place = { name: '示例医院（虚构）', treatmentArea: area, insuredArea: '621000' }
  const head = { id: msgid, at: '2026-11-22 08:00:00' }
  return nationalMessage({ institution: code, ...place }, infno, input, head, more)
}

/** Children of a process, by the system's own list. */
function childrenOf(parent: number): number[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return all.map(Number).filter((pid) => parentOf(pid) === parent)
}

function parentOf(pid: number): number | null {
  try {
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[1])
  } catch {
    return null
  }
}
