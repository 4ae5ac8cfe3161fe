/** Public clients of hospitals, rebuilt by the shape of what they send, each settle a visit and cancel it. */
// Source: public client code [F]; people and ids are invented.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { peopleOf } from '../../src/simulator/people.ts'
import { databaseFile, openDatabaseForReading } from '../../src/store/database.ts'
import {
  diagnosis,
  filedPerson,
  HOSPITAL,
  line,
  messageId,
  patient,
  type System,
  startSystem,
  timeNow,
} from './support.ts'

type Row = Record<string, unknown>

/** What a client makes of a message, and how it sends it. */
interface Client {
  readonly name: string
  readonly address?: (infno: string) => string
  readonly headers?: Record<string, string>
  /** Changes the envelope; the input is in it. */
  readonly shape?: (envelope: Row & { input: Row }, infno: string) => unknown
}

const person = filedPerson()
let system: System

beforeAll(async () => {
  // What is asked here is no question of time.
  system = await startSystem(patient())
})
afterAll(async () => {
  await system.stop()
})

/** The same message with every value of it changed, wherever it stands. */
function each(node: unknown, change: (value: unknown, name: string) => unknown, name = ''): unknown {
  if (Array.isArray(node)) return node.map((one) => each(one, change, name))
  if (typeof node !== 'object' || node === null) return change(node, name)
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, each(value, change, key)]))
}

const asText = (value: unknown) => (typeof value === 'number' ? String(value) : value)
const isTime = (value: unknown): value is string =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(value)
const times = (write: (time: string) => unknown) => (envelope: Row) =>
  each(envelope, (value) => (isTime(value) ? write(value) : value))
const epoch = (time: string) => Date.parse(`${time.replace(' ', 'T')}+08:00`)

const API = {
  _api_name: 'fsi',
  _api_version: '1.0.0',
  _api_timestamp: '1796003047000',
  _api_access_key: 'invented',
  _api_signature: 'invented',
}

const CLIENTS: readonly Client[] = [
  {
    name: 'Hubei self-service, C#: nulls, sums as text, extra nodes, med_type as a number in 2206 and 2207',
    shape: ({ input, ...head }, infno) => {
      const said = each(input, (value) => (value === '' ? null : asText(value))) as Row
      const data = said.data as Row
      if (infno === '2206' || infno === '2207') data.med_type = Number(data.med_type)
      return {
        ...head,
        sign_no: head.msgid,
        dev_no: null,
        cainfo: null,
        input: { ...said, agnterinfo: null },
      }
    },
  },
  {
    name: 'Jiangxi, C#: opter_type as a number, input as JSON text, fourteen digits of time',
    address: () => '/fsi/api/rsfComIfsService/callService',
    headers: API,
    shape: ({ input, ...head }) => ({
      ...head,
      opter_type: 1,
      inf_time: String(head.inf_time).replace(/\D/g, ''),
      input: JSON.stringify(input),
    }),
  },
  {
    name: 'QHSi, C#: everything as text, exp_content as an object',
    shape: ({ input, ...head }) => {
      const said = each(input, asText) as Row
      const nodes = Object.entries(said).map(([name, node]) => [
        name,
        Array.isArray(node) ? node : { ...(node as Row), exp_content: { pub_hosp_rfom_flag: '0' } },
      ])
      return { ...head, fixmedins_soft_fcty: '示例', input: Object.fromEntries(nodes) }
    },
  },
  {
    name: 'the Java example: text/plain',
    address: () => '/fsi/api/rsfComIfsService/callService',
    headers: { 'content-type': 'text/plain;charset=UTF-8' },
  },
  {
    name: 'HttpURLConnection and PHP: a form by default',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  },
  {
    name: 'Jiangsu, C#: /CSB, SM2, enc_type',
    address: () => '/CSB',
    headers: API,
    shape: (envelope) => ({ ...envelope, signtype: 'SM2', enc_type: '', fixmedins_soft_fcty: '示例' }),
  },
  {
    name: 'the Python SDK: null as a text',
    headers: { 'content-type': '' },
    shape: (envelope) => ({ ...envelope, dev_no: 'null', cainfo: 'null', sign_no: 'null', infver: '1.0.0' }),
  },
  { name: 'Powersi: a charset as content coding', headers: { 'content-encoding': 'UTF-8' } },
  {
    name: 'Guangzhou: names with a capital first letter, the transaction in the address',
    address: (infno) => `/ebus/account/poc-hsa-hgs-${infno}`,
    shape: (envelope) =>
      Object.fromEntries(
        Object.entries(envelope).map(([name, value]) => [name[0]!.toUpperCase() + name.slice(1), value]),
      ),
  },
  {
    name: 'Newtonsoft: times with seven decimals and an offset',
    shape: times((time) => `${time.replace(' ', 'T')}.1234567+08:00`),
  },
  { name: 'fastjson: milliseconds since 1970', shape: times(epoch) },
  { name: 'Jackson: times of Greenwich', shape: times((time) => new Date(epoch(time)).toISOString()) },
  { name: 'JDBC: times with a tenth of nothing', shape: times((time) => `${time}.0`) },
  {
    name: 'C# of a Chinese machine: slashes',
    shape: times((time) => time.replaceAll('-', '/').replaceAll('/0', '/').replace(' 0', ' ')),
  },
  {
    name: 'a database with padded columns: blanks behind every text, amounts as it prints them',
    shape: (envelope) =>
      each(envelope, (value) => {
        if (typeof value === 'number') return ` ${value.toFixed(10)}`.replace(/^ 0\./, ' .')
        return typeof value === 'string' ? `${value}   ` : value
      }),
  },
]

/** Sends as a client does. @throws where the answer is a no */
async function say({ address, headers, shape }: Client, infno: string, input: Row) {
  const envelope = {
    infno,
    msgid: messageId(),
    mdtrtarea_admvs: '340102',
    insuplc_admdvs: person.insurance[0]!.area,
    recer_sys_code: 'MBS_LOCAL',
    infver: 'V1.0',
    opter_type: '1',
    opter: '0001',
    opter_name: '收费员甲',
    inf_time: timeNow(),
    fixmedins_code: HOSPITAL,
    fixmedins_name: '示例医院（虚构）',
    sign_no: '',
    input,
  }
  const answer = await fetch(system.url() + (address?.(infno) ?? '/hss-call-service-interface'), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: Buffer.from(JSON.stringify(shape ? shape(envelope, infno) : envelope)),
  })
  const { infcode, err_msg, output } = (await answer.json()) as {
    infcode: number
    err_msg: string
    output: Row
  }
  if (infcode !== 0) throw new Error(`${infno}: ${err_msg}`)
  return output
}

/** A visit from its registration to its settlement; the sums are those of two lines of 60 and 30 yuan. */
async function settles(client: Client) {
  const shown = { psn_no: person.number, mdtrt_cert_type: '02', mdtrt_cert_no: person.document }
  const insutype = person.insurance[0]!.insutype
  await say(client, '1101', { data: { mdtrt_cert_type: '02', mdtrt_cert_no: person.document } })
  const registration = {
    ...{ ...shown, insutype, begntime: timeNow(), ipt_otp_no: messageId().slice(12) },
    ...{ atddr_no: 'D340102000001', dr_name: '医师甲', dept_code: '0101', dept_name: '内科', caty: 'A03' },
  }
  const registered = await say(client, '2201', { data: registration })
  const mdtrt_id = String((registered.data as Row).mdtrt_id)
  const mdtrtinfo = { mdtrt_id, psn_no: person.number, med_type: '11', begntime: timeNow() }
  const withdrawn = { ...diagnosis('NOTACODE', '误录'), diag_srt_no: 2, vali_flag: '0' }
  await say(client, '2203', { mdtrtinfo, diseinfo: [diagnosis(), withdrawn] })
  const feedetail = [
    line('F1', mdtrt_id, person),
    line('F2', mdtrt_id, person, { cnt: 1, det_item_fee_sumamt: 30 }),
  ]
  const { result } = (await say(client, '2204', { feedetail })) as unknown as {
    result: Record<string, number>[]
  }
  const sum = (field: string) => Number(result.reduce((sum, row) => sum + (row[field] ?? 0), 0).toFixed(2))
  const bill = {
    ...{ ...shown, med_type: '11', medfee_sumamt: 90, psn_setlway: '01', mdtrt_id, chrg_bchno: 'B1' },
    ...{ insutype, acct_used_flag: '1' },
  }
  const sums = {
    fulamt_ownpay_amt: sum('fulamt_ownpay_amt'),
    overlmt_selfpay: sum('overlmt_amt'),
    preselfpay_amt: sum('preselfpay_amt'),
    inscp_scp_amt: sum('inscp_scp_amt'),
  }
  await say(client, '2206', { data: bill })
  const { setlinfo } = (await say(client, '2207', { data: { ...bill, ...sums } })) as { setlinfo: Row }
  return { setl_id: String(setlinfo.setl_id), mdtrt_id, psn_no: person.number }
}

async function tally() {
  const answer = await fetch(`${system.url()}/v1/tally`)
  return (await answer.json()) as Record<string, number>
}

describe('a public client', () => {
  it.each(CLIENTS)('settles and cancels: $name', async (client) => {
    const before = await tally()
    const data = await settles(client)
    await say(client, '2208', { data })
    const after = await tally()
    expect(after.begun! - before.begun!).toBe(2)
    expect(after.open).toBe(0)
  })

  it('that leaves out what the text asks for is told what', async () => {
    const missing: Client = {
      name: 'Jiangxi, the other one',
      shape: ({ mdtrtarea_admvs: _, fixmedins_name: __, ...envelope }) => envelope,
    }
    await expect(say(missing, '9001', { signIn: { opter_no: '1', ip: '127.0.0.1' } })).rejects.toThrow(
      /mdtrtarea_admvs 就医地医保区划不能为空；fixmedins_name 定点医药机构名称不能为空/,
    )
  })

  it('that sends no node is told so', async () => {
    const flat: Client = {
      name: 'the Python SDK, flat',
      shape: ({ input, ...head }) => ({ ...head, input: input.data }),
    }
    await expect(say(flat, '1101', { data: { mdtrt_cert_type: '02', mdtrt_cert_no: '1' } })).rejects.toThrow(
      /data 不能为空/,
    )
  })

  it('may write the last letter of an identity number small', async () => {
    const found = peopleOf('620000').find(({ document }) => document.endsWith('X'))!
    const input = { data: { mdtrt_cert_type: '02', mdtrt_cert_no: found.document.toLowerCase() } }
    const output = (await say({ name: 'small x' }, '1101', input)) as { baseinfo: Row }
    expect(output.baseinfo.psn_no).toBe(found.number)
  })
})

describe('behind the door', () => {
  it('books, journal and platforms agree, and no id has a blank at its end', async () => {
    await system.app().indexed()
    const database = openDatabaseForReading(databaseFile(system.dataDir))
    const padded = database.$client
      .prepare(
        `select count(*) from exchange where encounter <> trim(encounter) or settlement <> trim(settlement)
         or message <> trim(message) or institution <> trim(institution)`,
      )
      .pluck()
      .get()
    database.$client.close()
    expect(padded).toBe(0)
    expect(await system.agreement()).toMatchObject({ differences: [] })
  })
})
