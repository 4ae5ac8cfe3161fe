/** The reports about codes over a running gateway show what was sent, and rehearse a coming edition on it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openEditions } from '../../src/codes/editions/editions.ts'
import { addDays, dayOf } from '../../src/domain/day.ts'
import { loadRegistry } from '../../src/extension/registry.ts'
import { journalFolder } from '../../src/journal/open-disk.ts'
import { nodeFiles } from '../../src/journal/segment/files.ts'
import { createSeal, readKey } from '../../src/journal/segment/seal.ts'
import { messageReader } from '../../src/journal/segment/sent-messages.ts'
import { systemClock } from '../../src/ports.ts'
import { databaseFile, openDatabaseForReading } from '../../src/store/database.ts'
import {
  about,
  filedPerson,
  HOSPITAL,
  line,
  openVisit,
  type System,
  startSystem,
  type Visit,
} from './support.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const person = filedPerson()
const tomorrow = addDays(dayOf(systemClock.now()), 1)
let system: System
let visit: Visit

beforeAll(async () => {
  system = await startSystem()
  visit = await openVisit(system)
})
afterAll(() => system.stop())

const upload = (...rows: Record<string, unknown>[]) =>
  system.send(
    '2204',
    { feedetail: rows.map((row, index) => line(`K${index}`, visit.encounter, person, row)) },
    undefined,
    about(person),
  )

const ask = async (path: string, headers: Record<string, string> = {}) => {
  const answer = await fetch(system.url() + path, { headers })
  return { status: answer.status, headers: answer.headers, body: await answer.text() }
}

/** The national code that the journal says a local one became. */
function nationalOf(local: string): string {
  const database = openDatabaseForReading(databaseFile(system.dataDir))
  const ids = database.$client.prepare('select id from exchange where evidence is not null').pluck().all()
  const files = nodeFiles(journalFolder(system.dataDir))
  const seal = createSeal(readKey({ key: null, keyFile: null, dataDir: system.dataDir }))
  const read = messageReader(database, files, seal)
  const mapped = ids.flatMap((id) => JSON.parse(read(id as number)?.mapped ?? '[]') as string[][])
  database.$client.close()
  files.close()
  return mapped.find(([code]) => code === local)![1]!
}

/** A command beside the running gateway. */
async function command(...args: string[]) {
  const child = spawn(process.execPath, ['src/zhijie.mjs', 'codes', ...args], {
    cwd: ROOT,
    env: { ...process.env, ZHIJIE_DATA: system.dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [out, err, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ])
  return { status, out, err }
}

describe('GET /v1/reports/mapping-quality', () => {
  it('counts a refused line with its money, and offers candidates for a national code', async () => {
    const before = JSON.parse((await ask(`/v1/reports/mapping-quality?institution=${HOSPITAL}`)).body)
    const refused = await upload({ med_list_codg: '', medins_list_codg: 'UNMAPPED-1' }, {})
    expect(refused.json.infcode).toBe(-1)
    const { status, body } = await ask(`/v1/reports/mapping-quality?institution=${HOSPITAL}`)
    expect(status).toBe(200)
    const [one] = JSON.parse(body).institutions
    const [then] = before.institutions
    expect(one.lines.judged).toBe(then.lines.judged + 2)
    expect(one.lines.refused).toBe(then.lines.refused + 1)
    const item = one.worklist.find(({ code }: { code: string }) => code === 'UNMAPPED-1')
    expect(item).toMatchObject({ standard: 'item', system: HOSPITAL, reason: 'not-mapped', times: 1 })
    expect(item.fen).toBeGreaterThan(0)
    expect(body).not.toContain(person.name)
  })

  it('keeps nothing of the person beside the codes', () => {
    const database = openDatabaseForReading(databaseFile(system.dataDir))
    const { $client: client } = database
    const rows = client.prepare('select evidence from exchange where evidence is not null').all()
    client.close()
    const told = JSON.stringify(rows)
    expect(told).toContain('UNMAPPED-1')
    for (const secret of [person.name, person.number, visit.encounter]) expect(told).not.toContain(secret)
  })

  it('answers by its former path and by its former command alike', async () => {
    const [now, before] = await Promise.all(
      ['mapping-quality', 'conformance'].map((name) => ask(`/v1/reports/${name}?institution=${HOSPITAL}`)),
    )
    expect(now!.status).toBe(200)
    expect(before!.body).toBe(now!.body)
    const { paths } = JSON.parse((await ask('/openapi.json')).body)
    expect(paths['/v1/reports/mapping-quality'].get.deprecated).toBe(false)
    expect(paths['/v1/reports/conformance'].get.deprecated).toBe(true)
    const [told, former] = await Promise.all(
      ['mapping-quality', 'conformance'].map((name) => command(name, '--institution', HOSPITAL)),
    )
    expect(former).toEqual(told)
  })

  it('is a worklist as CSV, and refuses a wrong question', async () => {
    const csv = await ask('/v1/reports/mapping-quality?format=csv')
    expect(csv.headers.get('content-type')).toContain('text/csv')
    expect(csv.body).toContain(`${HOSPITAL},item,${HOSPITAL},UNMAPPED-1,,未对码,1,1,`)
    expect((await ask('/v1/reports/mapping-quality?from=yesterday')).status).toBe(400)
    expect((await ask('/v1/reports/mapping-quality?format=xml')).status).toBe(400)
  })
})

describe('GET /v1/codes/{standard}/changes', () => {
  it('gives the difference with an ETag, and nothing where it is known', async () => {
    const { body: document } = await ask('/openapi.json')
    expect(document).toContain('/v1/codes/{standard}/changes')
    const versions = (await ask('/v1/codes/diagnosis/changes?from=nothing')).body
      .match(/现有：(\S+?)"/)![1]!
      .split('、')
    const path = `/v1/codes/diagnosis/changes?from=${versions[0]}&limit=5`
    const answer = await ask(path)
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.body)).toMatchObject({ standard: 'diagnosis', from: { version: versions[0] } })
    const tag = answer.headers.get('etag')!
    const again = await ask(path, { 'if-none-match': tag })
    expect([again.status, again.body]).toEqual([304, ''])
    expect((await ask(path, { 'if-none-match': '"another"' })).status).toBe(200)
  })

  it('says what is not there', async () => {
    expect((await ask('/v1/codes/nonsense/changes?from=1')).status).toBe(404)
    expect((await ask('/v1/codes/diagnosis/changes?from=nothing')).status).toBe(404)
    expect((await ask('/v1/codes/diagnosis/changes')).status).toBe(400)
    expect((await ask('/v1/codes/diagnosis/changes?from=1&limit=0')).status).toBe(400)
  })
})

describe('codes rehearse', () => {
  it('opens what was sent and tells what a coming edition refuses, and writes nothing', async () => {
    const sent = await upload({})
    expect(sent.json.infcode).toBe(0)
    const national = nationalOf('Z0001')
    const shelf = openEditions(system.dataDir)
    const { codebooks } = await loadRegistry()
    const book = codebooks.find(({ id }) => id === 'service')!
    const build = shelf.beginTable(book.id, {
      ...{ version: 'coming', from: tomorrow, state: 'publicised', maker: '张三' },
      source: { grade: 'A', text: 'Invented for a test' },
    })
    for (const entry of book.editions.at(-1)!.entries) if (entry.code !== national) build.add(entry)
    build.commit()
    const before = JSON.stringify(shelf.read())
    const { status, out, err } = await command(
      'rehearse',
      '--standard',
      book.id,
      '--edition',
      'coming',
      '--json',
    )
    expect([status, err.replace(/npm.*\n/g, '')]).toEqual([0, ''])
    const found = JSON.parse(out)
    expect(found).toMatchObject({ version: 'coming', state: 'publicised', unread: 0 })
    const difference = found.differences.find((one: { code: string }) => one.code === 'Z0001')
    expect(difference).toMatchObject({ effect: 'refused', before: national, after: null })
    expect(difference.fen).toBeGreaterThan(0)
    expect(JSON.stringify(shelf.read())).toBe(before)
    expect((await command('rehearse', '--standard', book.id, '--edition', 'other')).status).toBe(2)
  })
})
