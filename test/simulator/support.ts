/** Shared by the simulator tests: platforms in this process, a hospital that talks to them. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { nationalMessage } from '../../src/client/message.ts'
import { parseArea } from '../../src/domain/area.ts'
import { parseDay } from '../../src/domain/day.ts'
import { filingFor } from '../../src/domain/filing.ts'
import type { BookPage, BookRow } from '../../src/simulator/admin.ts'
import { type Person, peopleOf } from '../../src/simulator/people.ts'
import { type Platform, type PlatformOptions, startPlatform } from '../../src/simulator/platform.ts'
import { stretched } from '../support/stretched.ts'

/** A hospital of level three in Guangzhou. */
const HOSPITAL = 'H44010000001'
const TREATMENT = '440100'
export const DAY = parseDay('2026-06-15')

/** An answer, loose on purpose. */
// biome-ignore lint/suspicious/noExplicitAny: answers are looked into field by field
type Answer = { infcode: number; err_msg: string; output: any; inf_refmsgid: string }

/** A folder that is removed by `remove`. */
export function folder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'zhijie-simulator-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** Gansu and the national platform, on ephemeral ports. */
export async function startNation(dataDir: string, options: Partial<PlatformOptions> = {}) {
  const shared = { dataDir, engineDelay: { fromMs: 0, toMs: 0 }, ...options }
  const gansu = await startPlatform({ ...shared, platform: '620000' })
  const national = await startPlatform({
    ...shared,
    platform: 'national',
    provinces: { '620000': gansu.url },
  })
  return {
    gansu,
    national,
    close: async () => {
      await national.close()
      await gansu.close()
    },
  }
}

let serial = 0

/** A new message id. */
export function messageId(): string {
  serial += 1
  return `${HOSPITAL}20260615080000${String(serial).padStart(4, '0')}`
}

/** How a message differs from the usual one. */
export interface Difference {
  id?: string
  insured?: string
  treatment?: string
  institution?: string
  timeoutMs?: number
}

/** Sends one message; the bytes and the answer. */
export async function send(platform: Platform, infno: string, input: unknown, difference: Difference = {}) {
  const { id = messageId(), timeoutMs = stretched(30_000), insured: insuredArea = '621000' } = difference
  const { institution = HOSPITAL, treatment: treatmentArea = TREATMENT } = difference
  const sender = { institution, name: '示例医院（虚构）', treatmentArea, insuredArea }
  const response = await fetch(`${platform.url}/any/path`, {
    method: 'POST',
    body: JSON.stringify(nationalMessage(sender, infno, input, { id, at: '2026-06-15 08:00:00' })),
    signal: AbortSignal.timeout(timeoutMs),
  })
  const text = await response.text()
  const read = JSON.parse(text)
  // 4261 to 4263 answer without an envelope.
  const isBare = read.infcode === undefined && read.code !== undefined
  const answer = isBare ? { infcode: Number(read.code), err_msg: read.message, output: read } : read
  return { text, answer: answer as Answer }
}

/** The answer alone. */
export async function ask(platform: Platform, infno: string, input: unknown, difference: Difference = {}) {
  return (await send(platform, infno, input, difference)).answer
}

/** The output of an answer that must be a yes. */
export async function mustDo(platform: Platform, infno: string, input: unknown, difference: Difference = {}) {
  const answer = await ask(platform, infno, input, difference)
  if (answer.infcode !== 0) throw new Error(`${infno}: ${answer.err_msg}`)
  return answer.output
}

/** Sets faults. */
export async function setFaults(platform: Platform, faults: unknown): Promise<void> {
  const response = await fetch(`${platform.url}/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(faults),
  })
  if (response.status !== 200) throw new Error(await response.text())
}

/** Takes all faults away. */
export async function clearFaults(platform: Platform): Promise<void> {
  await fetch(`${platform.url}/faults`, { method: 'DELETE' })
}

/** The rows of a message in a book. */
export async function booked(platform: Platform, id: string): Promise<BookRow[]> {
  const book = (await (await fetch(`${platform.url}/book`)).json()) as BookPage
  return book.settlements.filter((row) => row.msgid === id)
}

/** What a filing says about Guangzhou on the day. */
export function filingReason(person: Person): string {
  const verdict = filingFor(person.filings, parseArea(TREATMENT), DAY)
  return verdict.valid ? verdict.filing.kind : verdict.reason
}

/** The first insured person of Gansu's Qingyang that fits. */
export function personWhere(fits: (person: Person) => boolean): Person {
  const found = peopleOf('620000').find(
    (person) =>
      person.insurance[0]!.area.startsWith('6210') && person.insurance[0]!.status === '1' && fits(person),
  )
  if (!found) throw new Error('No such person among the synthetic ones')
  return found
}

/** An employee with a long-term filing to Guangzhou. */
export function filedEmployee(): Person {
  return personWhere(
    (person) => person.insurance[0]!.insutype === '310' && filingReason(person).startsWith('1'),
  )
}

/** A fee line of an in-scope service. */
export function line(
  serialNumber: string,
  visit: string,
  person: Person,
  more: Record<string, unknown> = {},
) {
  return {
    feedetl_sn: serialNumber,
    mdtrt_id: visit,
    psn_no: person.number,
    chrg_bchno: 'B1',
    fee_ocur_time: '2026-06-15 09:00:00',
    med_list_codg: '002503000010000-250301001',
    medins_list_codg: 'L1',
    det_item_fee_sumamt: 600,
    cnt: 2,
    pric: 300,
    ...more,
  }
}

/** A settlement request for lines that were split. */
export function settlement(
  person: Person,
  visit: string,
  sums: Record<string, number>,
  more: Record<string, unknown> = {},
) {
  return {
    data: {
      psn_no: person.number,
      mdtrt_cert_type: '02',
      mdtrt_cert_no: person.document,
      med_type: '11',
      psn_setlway: '01',
      mdtrt_id: visit,
      chrg_bchno: 'B1',
      insutype: person.insurance[0]!.insutype,
      acct_used_flag: '1',
      mid_setl_flag: '0',
      ...sums,
      ...more,
    },
  }
}

/** The five sums of split lines. */
function sumsOf(rows: readonly Record<string, number>[]): Record<string, number> {
  const sum = (field: string) => Number(rows.reduce((total, row) => total + (row[field] ?? 0), 0).toFixed(2))
  return {
    medfee_sumamt: sum('det_item_fee_sumamt'),
    fulamt_ownpay_amt: sum('fulamt_ownpay_amt'),
    overlmt_selfpay: sum('overlmt_amt'),
    preselfpay_amt: sum('preselfpay_amt'),
    inscp_scp_amt: sum('inscp_scp_amt'),
  }
}

/** Registers an outpatient and uploads lines; answers what a settlement needs. */
export async function outpatient(
  platform: Platform,
  person: Person,
  more: Record<string, unknown> = {},
  at: Difference = {},
) {
  const visit = await mustDo(
    platform,
    '2201',
    {
      data: {
        psn_no: person.number,
        insutype: person.insurance[0]!.insutype,
        begntime: '2026-06-15 08:00:00',
        mdtrt_cert_type: '02',
        mdtrt_cert_no: person.document,
        ipt_otp_no: `MZ${messageId()}`,
      },
    },
    at,
  )
  const id = visit.data.mdtrt_id as string
  const described = {
    mdtrt_id: id,
    psn_no: person.number,
    med_type: '11',
    begntime: '2026-06-15 08:00:00',
    ...more,
  }
  await mustDo(platform, '2203', { mdtrtinfo: described, diseinfo: [] }, at)
  const { result } = await mustDo(
    platform,
    '2204',
    {
      feedetail: [
        line('F1', id, person),
        line('F2', id, person, {
          med_list_codg: 'XA02AXX095A001010103358',
          det_item_fee_sumamt: 33.35,
          cnt: 1,
          pric: 33.345,
        }),
        line('F3', id, person, {
          med_list_codg: 'XA02AXX095A001010103359',
          det_item_fee_sumamt: 15.8,
          cnt: 1,
          pric: 15.8,
        }),
      ],
    },
    at,
  )
  return { id, sums: sumsOf(result), request: settlement(person, id, sumsOf(result), more) }
}

/** Admits, uploads lines and discharges; answers what a settlement needs. */
export async function stay(platform: Platform, person: Person, more: Record<string, unknown> = {}) {
  const insutype = person.insurance[0]!.insutype
  const admission = {
    psn_no: person.number,
    insutype,
    begntime: '2026-06-10 08:00:00',
    med_type: '21',
    ipt_no: 'ZY1',
  }
  const { result } = await mustDo(platform, '2401', { mdtrtinfo: { ...admission, ...more }, diseinfo: [] })
  const id = result.mdtrt_id as string
  const uploaded = await mustDo(platform, '2301', {
    feedetail: [
      line('F1', id, person, { det_item_fee_sumamt: 9000, cnt: 30 }),
      line('F2', id, person, {
        med_list_codg: 'C0201010520000000001',
        det_item_fee_sumamt: 1000,
        cnt: 1,
        pric: 1000,
      }),
      line('F3', id, person, { det_item_fee_sumamt: -600, cnt: -2, init_feedetl_sn: 'F1' }),
    ],
  })
  const sums = sumsOf(uploaded.result)
  return { id, sums, request: settlement(person, id, sums, { acct_used_flag: '0' }) }
}

/** Discharges a stay. */
export async function dischargeStay(platform: Platform, person: Person, id: string): Promise<void> {
  const insutype = person.insurance[0]!.insutype
  const dscginfo = {
    mdtrt_id: id,
    psn_no: person.number,
    insutype,
    endtime: '2026-06-15 10:00:00',
    dscg_way: '1',
  }
  await mustDo(platform, '2402', { dscginfo, diseinfo: [] })
}
