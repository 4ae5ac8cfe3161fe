/** Shared by the tests of the REST door: a whole gateway on a free port, and a platform that answers by a function. */

import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApp, type Outside } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import { identityCheck } from '../../src/domain/person.ts'
import { createLog } from '../../src/log.ts'
import { systemClock, systemRandom } from '../../src/ports.ts'
import { type Network, NetworkFault } from '../../src/transport/network.ts'

type Row = Record<string, unknown>

/** A message as the platform receives it. */
interface Received {
  readonly infno: string
  readonly msgid: string
  readonly input: Record<string, Row & Row[]>
  readonly [field: string]: unknown
}

/** What the platform does with a message: an output, a refusal, or silence. */
export type Platform = (message: Received) => Promise<unknown> | unknown

/** A clear no of the platform. */
export class No extends Error {}
/** No answer at all; `sent` says whether the message had left. */
export class Silence extends Error {
  readonly sent: boolean

  constructor(sent: boolean) {
    super('silence')
    this.sent = sent
  }
}

/** An identity number that nobody has. */
export const IDENTITY = `99000019900101001${identityCheck('99000019900101001')}`
export const HOSPITAL = 'H34010490001'
export const PERSON = 'P0001'
const SPLIT = { fulamt_ownpay_amt: '10.01', overlmt_amt: 0, preselfpay_amt: 5.99, inscp_scp_amt: '84.00' }
const MONEY = {
  medfee_sumamt: '200.00',
  fulamt_ownpay_amt: 20.02,
  overlmt_selfpay: '0',
  preselfpay_amt: '11.98',
  inscp_scp_amt: 168,
  fund_pay_sumamt: '117.61',
  psn_part_amt: '82.39',
  acct_pay: '19.99',
  psn_cash_pay: '62.40',
  hosp_part_amt: 0,
  act_pay_dedc: '50.00',
  balc: 880.01,
}

function negative(): Row {
  return Object.fromEntries(Object.entries(MONEY).map(([name, value]) => [name, -Number(value) + 0]))
}

const FUNDS = [
  { fund_pay_type: '310100', fund_payamt: '117.61' },
  { fund_pay_type: '310200', fund_payamt: '19.99' },
]

/** The platform when all is well. Encounters are numbered by the hospital's number of the visit. */
export const wellPlatform: Platform = ({ infno, input, msgid }) => {
  const data: Row = input.data ?? {}
  const setlinfo = { ...MONEY, setl_time: '2025-03-12 10:00:00', medins_setl_id: msgid, clr_optins: '621000' }
  switch (infno) {
    case '1101':
      return {
        baseinfo: {
          psn_no: PERSON,
          certno: IDENTITY,
          psn_cert_type: '01',
          psn_name: '测一',
          gend: '1',
          age: 35,
        },
        insuinfo: [{ insutype: '310', psn_insu_stas: '1', insuplc_admdvs: '621002', balc: 900 }],
      }
    case '2001':
      return { trtinfo: { trt_enjymnt_flag: '1', fund_pay_type: '310100', trt_chk_rslt: '可享受' } }
    case '2501':
      return { result: { trt_dcla_detl_sn: 'F001' } }
    case '2201':
      return { data: { mdtrt_id: `E-${data.ipt_otp_no}`, psn_no: PERSON } }
    case '2401':
      return { result: { mdtrt_id: `E-${input.mdtrtinfo!.ipt_no}` } }
    case '2204':
    case '2301':
      return {
        result: input.feedetail!.map(({ feedetl_sn }) => ({
          feedetl_sn,
          det_item_fee_sumamt: 100,
          ...SPLIT,
        })),
      }
    case '2206':
    case '2303':
      return { setlinfo, setldetail: FUNDS }
    case '2207':
    case '2304':
      return { setlinfo: { ...setlinfo, setl_id: `S-${data.mdtrt_id}` }, setldetail: FUNDS }
    case '2208':
    case '2305':
      return { setlinfo: { ...negative(), setl_id: `R-${data.setl_id}` }, setldetail: null }
    default:
      return null
  }
}

/** What a request was answered with. */
export interface Answered {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: what is answered is what the test looks at
  readonly json: any
}

/** A gateway under test. */
export interface Gateway {
  /** Where it listens: `http://127.0.0.1:41234`. */
  readonly address: string
  /** Its data directory. */
  readonly directory: string
  readonly url: string
  readonly received: Received[]
  /** Its routes, `GET /health`. */
  readonly routes: readonly string[]
  platform: Platform
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answered>
  ask(path: string, init?: RequestInit): Promise<Answered>
  close(): Promise<void>
}

async function answered(response: Response): Promise<Answered> {
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : null }
}

function networkOf(gateway: Pick<Gateway, 'received' | 'platform'>): Network {
  return {
    async post(_url, body) {
      const message = JSON.parse(body.toString('utf8')) as Received
      gateway.received.push(message)
      try {
        const output = await gateway.platform(message)
        return Buffer.from(JSON.stringify({ infcode: 0, err_msg: '', output }))
      } catch (cause) {
        if (cause instanceof Silence) throw new NetworkFault(cause.sent, cause)
        if (!(cause instanceof No)) throw cause
        return Buffer.from(JSON.stringify({ infcode: -1, err_msg: cause.message, output: null }))
      }
    },
    close: async () => {},
  }
}

/**
 * Starts a gateway.
 *
 * @param callers rows of the file of callers; none lets anyone speak for any institution
 * @param more what comes from outside and is not as in other tests
 * @param directory its data directory, gone when it closes
 */
export async function startGateway(
  callers?: readonly Row[],
  more: Partial<Outside> = {},
  directory = mkdtempSync(join(tmpdir(), 'zhijie-rest-')),
): Promise<Gateway> {
  const file = join(directory, 'callers.json')
  if (callers) writeFileSync(file, JSON.stringify(callers))
  const config = readConfig({
    ZHIJIE_DATA: directory,
    ZHIJIE_RECOVERY_PAUSE_MS: '600000',
    ...(callers ? { ZHIJIE_CALLERS: file } : {}),
  })
  const gateway = { directory, received: [] as Received[], platform: wellPlatform }
  const app = await createApp({
    config,
    clock: systemClock,
    random: systemRandom,
    network: networkOf(gateway),
    addresses: { national: 'http://national.test/', '340000': 'http://province.test/' },
    log: createLog('silent', { write: () => {} }),
    ...more,
  })
  const server = createServer((request, response) => void app.listener(request, response)).listen(
    0,
    '127.0.0.1',
  )
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return Object.assign(gateway, {
    address: url,
    routes: app.routes,
    url,
    post: async (path: string, body: unknown, headers: Record<string, string> = {}) =>
      answered(
        await fetch(url + path, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body: typeof body === 'string' ? body : JSON.stringify(body),
        }),
      ),
    ask: async (path: string, init?: RequestInit) => answered(await fetch(url + path, init)),
    async close() {
      server.close()
      server.closeAllConnections()
      await app.close()
      rmSync(directory, { recursive: true })
    },
  })
}

/** Header with a key. */
export const keyed = (key: string) => ({ 'idempotency-key': key })

const doctor = { code: 'D340104000001', name: '测医生' }
const department = { code: '0301', name: '心内科' }
const visit = {
  institution: HOSPITAL,
  insuredArea: '621002',
  person: PERSON,
  insuranceType: '310',
  credential: { type: '02', number: IDENTITY },
  begins: '2025-03-12 08:00:42',
  doctor,
  department,
}
const diagnoses = [{ code: 'A01', name: '', department: '心内科', doctor, at: '2025-03-12 08:10:00' }]

/** Bodies, with a diagnosis that the hospital's code system knows. */
export function bodies(diagnosis: { code: string; name: string }, item: string) {
  const given = diagnoses.map((row) => ({ ...row, ...diagnosis }))
  const line = (serial: string) => ({
    serial,
    code: item,
    at: '2025-03-12 09:00:00',
    priceYuan: '50.00',
    quantity: '2',
    totalFen: 10000,
    department,
    doctor,
  })
  return {
    eligibility: {
      institution: HOSPITAL,
      insuredArea: '621002',
      credential: { type: '02', number: IDENTITY },
      medicalCategory: '21',
    },
    filing: {
      institution: HOSPITAL,
      insuredArea: '621002',
      person: PERSON,
      diagnosis,
      toInstitution: { code: HOSPITAL, name: '合肥市蜀山医学院附属医院' },
      destinationArea: '340100',
      type: '21',
      referredOn: '2025-03-11',
      reason: '病情需要',
      opinion: '同意',
    },
    outpatient: (visitNumber: string) => ({
      kind: 'outpatient',
      ...visit,
      visitNumber,
      specialty: 'A03.04',
      medicalCategory: '11',
      diagnoses: given,
    }),
    inpatient: (visitNumber: string) => ({
      kind: 'inpatient',
      ...visit,
      visitNumber,
      bed: '12',
      admissionDiagnosis: '高血压',
      diagnoses: given,
    }),
    lines: { batch: 'B1', lines: [line('F1'), line('F2')] },
    discharge: { ends: '2025-03-20 10:00:00', department, way: '1', diagnoses: given },
    bill: {
      totalFen: 20000,
      selfPaidFen: 2002,
      overLimitFen: 0,
      firstSelfPayFen: 1198,
      inScopeFen: 16800,
      batch: 'B1',
      useAccount: true,
    },
  }
}
