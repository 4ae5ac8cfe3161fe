/** Stays that came by file or as self-paid bills: a store that has lost them takes them from the journal (rule 11). */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { verifyJournal } from '../../src/journal/verify/verify.ts'
import { importStays } from '../../src/reports/import.ts'
import { databaseFile, openDatabaseBeside } from '../../src/store/database.ts'
import { bodies, type Gateway, keyed, startGateway } from '../http/rest-support.ts'
import { csvOf, EXAMPLE, HEADER, importContext } from './support.ts'

const root = mkdtempSync(join(tmpdir(), 'zhijie-kept-'))
afterAll(() => rmSync(root, { recursive: true }))
let gateway: Gateway
beforeEach(async () => {
  gateway = await startGateway()
})

/** Puts rows into the store as the command does, beside the gateway. */
async function take(text: string, directory = gateway.directory): Promise<void> {
  const store = openDatabaseBeside(databaseFile(directory))
  await importStays(store, Readable.from([Buffer.from(text)]), importContext)
  store.$client.close()
}

function rows(directory: string, columns = '*'): unknown[] {
  const { $client } = openDatabaseBeside(databaseFile(directory))
  const found = $client.prepare(`select ${columns} from stay_record order by id`).all()
  $client.close()
  return found
}

const noteOf = (directory: string) => join(directory, 'journal', 'stays')
const upTo = (directory: string) =>
  existsSync(noteOf(directory)) ? JSON.parse(readFileSync(noteOf(directory), 'utf8')).upTo : 0
const kept = (count: number, directory = gateway.directory) => expect.poll(() => upTo(directory)).toBe(count)

/** The data directory as a kill would leave it, in another place. */
async function killed(): Promise<string> {
  const directory = mkdtempSync(join(root, 'data-'))
  cpSync(gateway.directory, directory, { recursive: true })
  // Else it is refused as a copy.
  rmSync(join(directory, 'directory.id'), { force: true })
  await gateway.close()
  return directory
}

function lose(directory: string): void {
  for (const end of ['', '-wal', '-shm']) rmSync(`${databaseFile(directory)}${end}`, { force: true })
}

const selfPay = { admitted: '2025-03-01', discharged: '2025-03-10', totalFen: 20_000 }

describe('a store that was lost', () => {
  it('gets imported stays and self-paid bills back from the journal, row by row as they were', async () => {
    const given = bodies({ code: 'J18.900', name: '支气管肺炎' }, 'XA10BAE909A001010199003')
    const { encounter } = (await gateway.post('/v1/encounters', given.inpatient('N1'), keyed('N1'))).json
    const told = await gateway.post(`/v1/encounters/${encounter}/self-pay`, selfPay, keyed('U1'))
    expect(told.status).toBe(201)
    await take(csvOf(EXAMPLE))
    await kept(25)
    const before = rows(gateway.directory)
    expect(before).toHaveLength(25)
    const directory = await killed()
    const whole = { directory, archive: join(directory, 'archive'), running: false }
    expect(await verifyJournal(whole)).toMatchObject({ first: null })
    expect(readFileSync(join(directory, 'journal', '0000000001.segment')).includes('S01')).toBe(false)
    lose(directory)
    const second = await startGateway(undefined, {}, directory)
    expect(rows(directory)).toEqual(before)
    await second.close()
  })

  it('is not filled again where it knows the last row, and goes on from there', async () => {
    await take(csvOf(EXAMPLE))
    await kept(24)
    const directory = await killed()
    const before = rows(directory)
    const second = await startGateway(undefined, {}, directory)
    expect(rows(directory)).toEqual(before)
    await take(`${HEADER}\nS90,P9,621025,310101,H1,2025-01-02,2025-01-10,U,2025-01-10\n`, directory)
    await kept(25, directory)
    await second.close()
  })
})
