/** A catalogue file goes through the gateway byte by byte, and a refusal in its stead is a refusal. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import national from '../../adapters/000000-national/index.ts'
import { ENDPOINT } from '../../src/client/message.ts'
import { openArchive } from '../../src/codes/read/archive.ts'
import { loadCodebooks } from '../../src/extension/registry.ts'
import { envelopeOf, HOSPITAL, messageId, type System, startSystem } from './support.ts'

const HERE = { insuplc_admdvs: '340102' }
let system: System

beforeAll(async () => {
  const { codebooks } = await loadCodebooks()
  system = await startSystem({}, { codebooks })
})
afterAll(() => system.stop())

function post(infno: string, input: unknown): Promise<Response> {
  const body = JSON.stringify(envelopeOf(infno, input, messageId(), HERE))
  return fetch(system.url() + ENDPOINT, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  })
}

it('9102 gives the ZIP that 1307 has named, with its own type and a receipt', async () => {
  const asked = await system.send('1307', { data: { ver: 'v0000' } }, messageId(), HERE)
  expect(asked.json).toMatchObject({ infcode: 0, output: { data_cnt: expect.any(Number) } })
  const { file_qury_no, filename, data_cnt } = asked.json.output
  const answer = await post('9102', { fsDownloadIn: { file_qury_no, filename, fixmedins_code: 'plc' } })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('application/zip')
  expect(answer.headers.get('server-timing')).toContain('dur=')
  expect(answer.headers.get('zhijie-problem')).toBeNull()
  const folder = mkdtempSync(join(tmpdir(), 'zhijie-file-'))
  const path = join(folder, 'a.zip')
  writeFileSync(path, Buffer.from(await answer.arrayBuffer()))
  const archive = await openArchive(path)
  let lines = 0
  for await (const chunk of await archive.open([...archive.entries.keys()][0]!))
    lines += String(chunk).split('\n').length - 1
  archive.close()
  rmSync(folder, { recursive: true })
  expect(lines).toBe(data_cnt)
  expect(data_cnt).toBeGreaterThan(100)
})

it('9102 is refused in words where there is no such file', async () => {
  const input = { fsDownloadIn: { file_qury_no: 'F0', filename: 'plc', fixmedins_code: HOSPITAL } }
  const answer = await post('9102', input)
  expect(answer.headers.get('content-type')).toContain('application/json')
  expect(answer.headers.get('zhijie-problem')).toBe('fund-refused')
  expect(await answer.json()).toMatchObject({
    infcode: -1,
    err_msg: expect.stringContaining('未查询到该文件'),
  })
})

it('a file is an answer to 9102 alone, and no yes under a status that says no', () => {
  const zip = Buffer.from('PK\u0003\u0004')
  const read = (infno: string, status: number) => {
    const input = { fsDownloadIn: { file_qury_no: 'F1', filename: 'plc', fixmedins_code: HOSPITAL } }
    const body = Buffer.from(JSON.stringify(envelopeOf(infno, input, messageId(), HERE)))
    const envelope = national.open(body, null)
    const { operations } = national
    const message = { ...national.read(envelope, {}), operation: operations[infno]! }
    return national.decode(message, zip, { status, repeated: false })
  }
  const reply = read('9102', 200)
  expect(reply).toMatchObject({ verdict: 'yes', fileType: 'application/zip' })
  // For who asked in another dialect, which has no files.
  if (reply.verdict === 'yes') expect(reply.output()).toEqual({ filename: 'plc', in: zip.toString('base64') })
  expect(() => read('9102', 404)).toThrow(RangeError)
  const message = { ...national.read(national.open(body1307(), null), {}) }
  expect(() => national.decode(message, zip, { status: 200, repeated: false })).toThrow(RangeError)
})

function body1307(): Buffer {
  return Buffer.from(JSON.stringify(envelopeOf('1307', { data: { ver: 'v0000' } }, messageId(), HERE)))
}
