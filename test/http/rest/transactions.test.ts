/** Every transaction of the catalogue is asked over REST, made of its row: one address, one way, one set of faults. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sampleOutput } from '../../../src/extension/catalogue-samples.ts'
import { addressed, restLaneOf } from '../../../src/http/rest/addresses.ts'
import { ROUTES } from '../../../src/http/roles.ts'
import { type Gateway, keyed, No, Silence } from '../rest-support.ts'
import {
  bodyOf,
  catalogue,
  dialect,
  HEAD,
  HOSPITAL,
  isAsked,
  PROVINCE,
  startHunan,
  valuesOf,
} from './transactions-support.ts'

let gateway: Gateway

beforeAll(async () => {
  gateway = await startHunan()
})
afterEach(() => {
  gateway.platform = () => null
})
afterAll(() => gateway.close())

const { lanes, addresses } = catalogue.rest()
const STOCK = '/v1/stock/sales'
const own = addressed(dialect)
const pathOf = (number: string) => addresses[number]!

describe('addresses', () => {
  it('are said for every transaction that an institution sends, and for none of the platform’s', () => {
    const numbers = [...catalogue.heads.values()]
    const sent = numbers.filter(({ from }) => from !== 'platform').map(({ number }) => number)
    expect(Object.keys(addresses).sort()).toEqual(sent.sort())
    expect(numbers.length - sent.length).toBe(4)
  })

  it('are one each, but where a route was written by hand, whose text names the transaction', async () => {
    const paths = own.map(({ path }) => path)
    expect(new Set(paths).size).toBe(paths.length)
    const others = Object.entries(addresses).filter(([, path]) => !paths.includes(path))
    expect(paths.length + others.length).toBe(Object.keys(addresses).length)
    const { paths: documented } = (await gateway.ask('/openapi.json')).json
    const written = ROUTES.map(([, path]) => path.replaceAll(/:(\w+)/g, '{$1}'))
    for (const [number, path] of others) {
      expect(written, number).toContain(path)
      expect(documented[path].post.description, path).toContain(number)
    }
  })

  it('are plain words below the lane that they are of, and every lane has a name', () => {
    for (const { path } of own) expect(path).toMatch(/^\/v1(?:\/[a-z][a-z0-9-]+)+$/)
    expect([...new Set(own.map(({ path }) => restLaneOf(path)))]).toEqual(Object.keys(lanes))
  })
})

describe('the document', () => {
  it('is sent once: who has it already is told so', async () => {
    const whole = { 'accept-encoding': 'identity' }
    const { status, headers } = await gateway.ask('/openapi.json', { headers: whole })
    const tag = headers.get('etag')!
    expect([status, tag.length]).toEqual([200, 45])
    const again = await gateway.ask('/openapi.json', { headers: { ...whole, 'if-none-match': tag } })
    expect([again.status, again.text]).toEqual([304, ''])
  })

  it('goes out packed to whoever takes it so, and is known again by its tag all the same', async () => {
    const headers = { 'accept-encoding': 'gzip' }
    for (const page of ['/openapi.json', '/docs/rapidoc-min.js'])
      expect((await gateway.ask(page, { headers })).headers.get('content-encoding'), page).toBe('gzip')
    const tag = (await gateway.ask('/openapi.json', { headers })).headers.get('etag')!
    const again = await gateway.ask('/openapi.json', { headers: { ...headers, 'if-none-match': tag } })
    expect(again.status).toBe(304)
  })
})

describe('every transaction', () => {
  it('goes to the platform as its sample says, and comes back with what the platform says', async () => {
    gateway.platform = ({ infno, msgid }) =>
      sampleOutput(catalogue, infno, {
        province: PROVINCE,
        values: { ...valuesOf(infno), medins_setl_id: msgid },
      })
    const wrong: string[] = []
    for (const { operation, path } of own) {
      const { transaction: number } = operation
      const body = bodyOf(number)
      const { status, json } = await gateway.post(
        path,
        body,
        isAsked(operation) ? {} : keyed(`all-${number}`),
      )
      const sent = gateway.received.at(-1)!
      const { institution: _, operator: __, ...nodes } = body
      const isSame = JSON.stringify(sent.input) === JSON.stringify(nodes)
      const met = `${number} ${status} ${isSame} ${JSON.stringify(json).slice(0, 300)}`
      if (status !== 200 || sent.infno !== number || !isSame || json.messageId !== sent.msgid) wrong.push(met)
      else if (json.output === null && catalogue.nodes(number, PROVINCE).output.length > 0) wrong.push(met)
    }
    expect(wrong).toEqual([])
    expect(gateway.received.at(-1)).toMatchObject({
      fixmedins_code: HOSPITAL,
      mdtrtarea_admvs: '430902',
      insuplc_admdvs: '430902',
      opter: '0007',
      opter_name: '窗口一',
    })
  })

  it('that changes something needs a key, and one that only asks does not', async () => {
    const before = gateway.received.length
    const { status, json } = await gateway.post(STOCK, bodyOf('3505A'))
    expect([status, json.type]).toEqual([400, '/problems/key-missing'])
    expect(gateway.received).toHaveLength(before)
    expect((await gateway.post(pathOf('3511'), bodyOf('3511'))).status).toBe(200)
  })
})

describe('a key', () => {
  it('has one effect: the same request again is the first answer, byte for byte', async () => {
    gateway.platform = () =>
      sampleOutput(catalogue, '3505A', { province: PROVINCE, values: valuesOf('3505A') })
    const first = await gateway.post(STOCK, bodyOf('3505A'), keyed('sale-1'))
    const before = gateway.received.length
    const second = await gateway.post(STOCK, bodyOf('3505A'), keyed('sale-1'))
    expect([second.status, second.text, second.headers.get('idempotent-replayed')]).toEqual([
      200,
      first.text,
      'true',
    ])
    const other = { ...bodyOf('3505A'), operator: { id: '8', name: '窗口二' } }
    const conflict = await gateway.post(STOCK, other, keyed('sale-1'))
    expect([conflict.status, conflict.json.type]).toEqual([422, '/problems/key-conflict'])
    expect(gateway.received).toHaveLength(before)
  })

  it('is of one transaction: the same one at another address is another request', async () => {
    await gateway.post(pathOf('3501A'), bodyOf('3501A'), keyed('both'))
    const { status, headers } = await gateway.post(pathOf('3502A'), bodyOf('3502A'), keyed('both'))
    expect([status, headers.get('idempotent-replayed')]).toEqual([200, null])
  })
})

/** A sale of a box that no other test sells: whatever is unknown of it holds that box. */
function saleOf(code: string) {
  const body = bodyOf('3505A')
  const rows = body.selinfoDetail as object[]
  return { ...body, selinfoDetail: rows.map((row) => ({ ...row, drugtracinfo: [{ drug_trac_codg: code }] })) }
}

describe('a lost answer', () => {
  it('is unknown, may not be sent again under another key, and is asked for where the answer says', async () => {
    gateway.platform = () => {
      throw new Silence(true)
    }
    const { status, json, headers } = await gateway.post(
      STOCK,
      saleOf('89999999999999999999'),
      keyed('lost-1'),
    )
    expect([status, json.type, json.retry]).toEqual([504, '/problems/outcome-unknown', 'inquire-first'])
    expect(json.detail).toContain('Idempotency-Key')
    expect(headers.get('link')).toBe('</v1/status?key=lost-1>; rel="status"')
    const [, path] = /<(.+)>/.exec(headers.get('link')!)!
    const { requests } = (await gateway.ask(path!)).json
    expect(requests).toMatchObject([{ operation: 'sale-list', transaction: '3505A', state: 'unknown' }])
  })

  it('of a question is no doubt: it may be asked again', async () => {
    gateway.platform = () => {
      throw new Silence(true)
    }
    const { json, headers } = await gateway.post(pathOf('3511'), bodyOf('3511'))
    expect([json.retry, headers.get('link')]).toEqual(['same-key', null])
  })
})

describe('what the platform says', () => {
  it('on its second level is told: rows by their place, a whole list as a refusal', async () => {
    const row = (retRslt: string, msgRslt: string) => ({ retRslt, msgRslt })
    const [first] = bodyOf('3505A').selinfoDetail as object[]
    const body = { ...bodyOf('3505A'), selinfoDetail: [first, { ...first, fixmedins_bchno: 'B2' }] }
    gateway.platform = () => ({ selinfoDetail: [row('1', ''), row('0', '追溯码已售出')] })
    const half = await gateway.post(STOCK, body, keyed('half'))
    expect([half.status, half.json.refusedRows]).toEqual([
      200,
      { sent: 2, rows: [{ row: 2, text: '追溯码已售出' }] },
    ])
    const known = (await gateway.ask('/v1/status?key=half')).json.requests[0]
    expect(known.refusedRows).toEqual({ sent: 2, rows: [2] })
    gateway.platform = () => ({ selinfoDetail: [row('0', '库存不足'), row('0', '库存不足')] })
    const none = await gateway.post(STOCK, body, keyed('none'))
    expect([none.status, none.json.type]).toEqual([422, '/problems/fund-refused'])
    expect(none.json.detail).toContain('库存不足')
  })

  it('as its no is a refusal in its own words', async () => {
    gateway.platform = () => {
      throw new No('该商品未备案')
    }
    const { status, json } = await gateway.post(STOCK, bodyOf('3505A'), keyed('no-1'))
    expect([status, json.type, json.retry]).toEqual([422, '/problems/fund-refused', 'never'])
    expect(json.detail).toContain('该商品未备案')
  })

  it('has numbers where the catalogue has numbers, and texts where a number would lose digits', async () => {
    const data = { feeSumamt: '12.50', payOrdId: '0042', fundPay: 3, psnAcctPay: '1234567890123.4567' }
    gateway.platform = () => ({ data })
    const { json } = await gateway.post(pathOf('6301'), bodyOf('6301'))
    expect(json.output).toEqual({ data: { ...data, feeSumamt: 12.5 } })
  })
})

describe('the manual', () => {
  it.each(['hospital-developer.md', 'hospital-developer.zh-CN.md'])(
    'has a sale in %s that is taken',
    async (page) => {
      const text = readFileSync(join(import.meta.dirname, '../../../docs', page), 'utf8')
      const [, sale] =
        /`POST \/v1\/stock\/sales`[^`]*`Idempotency-Key: sale-[^`]*`[：:]\s+```json\n([^`]+)```/.exec(text)!
      gateway.platform = () => ({ selinfoDetail: [{ retRslt: '1' }] })
      const { status, json } = await gateway.post(STOCK, sale, keyed(`manual-${page}`))
      expect([status, json.output]).toEqual([200, { selinfoDetail: [{ retRslt: '1' }] }])
      expect(text).toContain(String(own.length))
      expect(text).toContain(String(Object.keys(lanes).length))
    },
  )
})

describe('the head', () => {
  it('is checked as that of every request of the door', async () => {
    const { institution: _, ...body } = bodyOf('3511')
    const missing = await gateway.post(pathOf('3511'), body)
    expect([missing.status, missing.json.fields]).toEqual([422, [{ field: 'institution', text: '不能为空' }]])
    const area = await gateway.post(pathOf('3511'), { ...bodyOf('3511'), insuredArea: '999999' })
    expect(area.json.fields).toMatchObject([{ field: 'insuredArea' }])
    const nowhere = await gateway.post(pathOf('3511'), { ...bodyOf('3511'), institution: 'H99999999999' })
    expect([nowhere.status, nowhere.json.type]).toEqual([422, '/problems/institution-closed'])
    const list = await gateway.post(pathOf('3511'), [])
    expect(list.json.fields).toMatchObject([{ field: '请求' }])
  })

  it('gives place to a field of the input that has the same national name', async () => {
    const body = { ...bodyOf('2161'), fixmedins_code: '' }
    const { json } = await gateway.post(pathOf('2161'), body)
    expect(json.fields).toMatchObject([{ field: 'fixmedins_code' }])
    const { json: other } = await gateway.post(pathOf('3511'), { ...HEAD, operator: { id: '1', name: '' } })
    expect(other.fields).toMatchObject([{ field: 'operator.name' }])
  })

  it('names no other institution than its sender where the row does not say so', async () => {
    const body = { ...bodyOf('2163'), fixmedins_code: 'H34010290001' }
    const { json } = await gateway.post(pathOf('2163'), body, keyed('foreign'))
    expect(json.type).toBe('/problems/foreign-institution')
  })
})
