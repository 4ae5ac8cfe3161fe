/** Catalogue downloads from the gateway's own tables read as a platform's, page by page, and no platform is asked. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nationalMessage } from '../../src/client/message.ts'
import { readConfig } from '../../src/config.ts'
import { loadCodebooks } from '../../src/extension/registry.ts'
import { type Platform, startPlatform } from '../../src/simulator/platform.ts'
import { unzipped } from '../../src/simulator/zip.ts'
import { databaseFile } from '../../src/store/database.ts'
import { type Gateway, startGateway } from './rest-support.ts'

const HOSPITAL = 'H34010290001'
const ADDRESS = '/mbs/fmi/fsi/api/callFsiService/callService'
let gateway: Gateway
let platform: Platform
let serial = 0

beforeAll(async () => {
  const directory = mkdtempSync(join(tmpdir(), 'zhijie-shelf-'))
  const config = readConfig({ ZHIJIE_DATA: directory, ZHIJIE_CATALOGUES: 'shelf' })
  gateway = await startGateway(undefined, { config }, directory)
  const { codebooks } = await loadCodebooks()
  const engineDelay = { fromMs: 0, toMs: 0 }
  platform = await startPlatform({ platform: '340000', dataDir: ':memory:', engineDelay, codebooks })
})
afterAll(async () => {
  await gateway.close()
  await platform.close()
})

async function post(url: string, infno: string, input: unknown): Promise<Response> {
  serial += 1
  const sender = {
    institution: HOSPITAL,
    name: '示例医院（虚构）',
    treatmentArea: '340100',
    insuredArea: '340100',
  }
  const id = `${HOSPITAL}20260615080000${String(serial).padStart(4, '0')}`
  const message = nationalMessage(sender, infno, input, { id, at: '2026-06-15 08:00:00' })
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(message),
  })
}

/** The answer to a download, and the text of its file. */
async function downloaded(url: string, infno: string, ver: string) {
  const envelope = (await (await post(url, infno, { data: { ver } })).json()) as {
    infcode: number
    output: { file_qury_no: string; filename: string; data_cnt: number }
  }
  const { file_qury_no, filename } = envelope.output
  const input = { fsDownloadIn: { file_qury_no, filename, fixmedins_code: HOSPITAL } }
  const answer = await post(url, '9102', input)
  const text = unzipped(Buffer.from(await answer.arrayBuffer()))
  return { envelope, text, type: answer.headers.get('content-type') }
}

const ours = () => `${gateway.address}${ADDRESS}`

describe('a download', () => {
  it.each(['1307', '1305', '1309', '1314'])('%s has the rows of a platform, to the byte', async (infno) => {
    const [one, other] = [
      await downloaded(ours(), infno, 'v0000'),
      await downloaded(platform.url, infno, 'v0000'),
    ]
    expect(one.type).toBe(other.type)
    expect(one.text.length).toBeGreaterThan(0)
    // The gateway keeps its tables by code; a platform gives them in the order of its list.
    expect(one.text.split('\n').sort()).toEqual(other.text.split('\n').sort())
    expect(Object.keys(one.envelope.output).sort()).toEqual(Object.keys(other.envelope.output).sort())
    for (const field of ['filename', 'data_cnt'] as const)
      expect(one.envelope.output[field]).toBe(other.envelope.output[field])
    expect(Object.keys(one.envelope)).toEqual(expect.arrayContaining(['infcode', 'inf_refmsgid', 'output']))
    expect(gateway.received).toEqual([])
  })

  it('goes on by version, and ends with no rows', async () => {
    let ver = 'v0000'
    let rows = 0
    for (let page = 0; page < 50; page += 1) {
      const { envelope, text } = await downloaded(ours(), '1307', ver)
      const { filename, data_cnt } = envelope.output
      rows += data_cnt
      expect(text.split('\n').length - 1).toBe(data_cnt)
      if (data_cnt === 0) break
      ver = filename.slice('1307_'.length).replace('.txt.zip', '')
    }
    expect(rows).toBeGreaterThan(0)
    expect((await downloaded(ours(), '1307', ver)).text).toBe('')
  })

  it('over REST comes as plain JSON, its file as Base64', async () => {
    const path = '/v1/catalogues/service-items'
    const { status, json } = await gateway.post(path, { institution: HOSPITAL, data: { ver: 'v0000' } })
    expect([status, json.output.file_qury_no]).toEqual([200, 'ZJ1305v0000'])
    const { file_qury_no, filename } = json.output
    const file = await gateway.post('/v1/files/download', {
      institution: HOSPITAL,
      fsDownloadIn: { file_qury_no, filename, fixmedins_code: HOSPITAL },
    })
    const bytes = Buffer.from(file.json.output.in, 'base64')
    expect(unzipped(bytes).split('\n').length - 1).toBe(json.output.data_cnt)
  })
})

describe('a platform', () => {
  it('is asked for what the gateway holds no rows of, and for files that are its own', async () => {
    gateway.platform = () => ({ file_qury_no: 'F1', filename: 'x.zip' })
    await post(ours(), '1322', { data: { ver: 'v0000' } })
    const input = {
      fsDownloadIn: { file_qury_no: 'F340000000000000001', filename: 'x.zip', fixmedins_code: HOSPITAL },
    }
    await post(ours(), '9102', input)
    expect(gateway.received.map(({ infno }) => infno)).toEqual(['1322', '9102'])
  })

  it('is not counted for what the shelf answers, and the journal names the shelf', async () => {
    const counted = async () =>
      (await gateway.ask('/metrics')).text.split('\n').filter((line) => /_count\{.*query/.test(line))
    const before = await counted()
    await downloaded(ours(), '1309', 'v0000')
    expect(await counted()).toEqual(before)
    expect(before.length).toBeGreaterThan(0)
    const store = new Database(databaseFile(gateway.directory), { readonly: true })
    const hops = store.prepare(
      `SELECT o.hop FROM exchange e JOIN outcome o ON o.exchange = e.id WHERE e."transaction" = '1309' ORDER BY e.id DESC`,
    )
    await expect.poll(() => hops.pluck().get()).toBe('shelf')
    store.close()
  })
})
