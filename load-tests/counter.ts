/** A counter of a load run: outpatient visits over the national interface, one after another, timed message by message. */
import { Pool } from 'undici'
import type { Heard } from './gate.ts'
import type { Insured } from './parties.ts'

/** A hospital of the invented register. */
interface Hospital {
  readonly code: string
  readonly name: string
  readonly area: string
}

/** One hospital a simulated city. They are in the starter register of the gateway. */
const HOSPITALS: readonly Hospital[] = [
  { code: 'H62100290001', name: '庆阳市第一综合医院（虚构）', area: '621002' },
  { code: 'H34010290001', name: '合肥市瑶海区人民医院（虚构）', area: '340102' },
  { code: 'H64030290001', name: '吴忠市利通人民医院（虚构）', area: '640302' },
  { code: 'H43090290001', name: '益阳市资江医院（虚构）', area: '430902' },
  { code: 'H44010490001', name: '广州市越秀珠江医院（虚构）', area: '440104' },
]

const PATH = '/hss-call-service-interface'
const MONEY = new Set(['2207', '2208'])
/** Share of settlements that are cancelled again. */
const CANCELLED_SHARE = 0.2
const LINES = 3

/** What one counter has sent, heard and timed. */
export interface Shift {
  readonly heard: Heard
  /** Milliseconds by transaction, in the order in which they were sent. */
  readonly times: Readonly<Record<string, readonly number[]>>
}

interface Node {
  readonly [field: string]: unknown
}

/** A visit as it goes on: who, where, and how to send its next message. */
interface Visit {
  readonly person: Insured
  readonly number: string
  /** The output of a yes, null for everything else. */
  send(infno: string, input: Node): Promise<Node | null>
}

let serial = 0

/** Works until `running` says no. Every message is sent once: a load run makes no faults of its own. */
export async function workCounter(
  gateway: string,
  people: readonly Insured[],
  running: () => boolean,
): Promise<Shift> {
  const pool = new Pool(gateway, { connections: 1, pipelining: 1 })
  const times: Record<string, number[]> = {}
  const heard = { sent: 0, yes: 0 }

  async function call(hospital: Hospital, insuredArea: string, infno: string, input: Node) {
    const body = JSON.stringify(envelope(hospital, insuredArea, infno, input))
    const headers = { 'content-type': 'application/json' }
    const started = performance.now()
    const answer = await pool.request({ method: 'POST', path: PATH, headers, body })
    const { infcode, output } = (await answer.body.json()) as Node
    times[infno] ??= []
    times[infno].push(performance.now() - started)
    const yes = Number(infcode) === 0
    if (MONEY.has(infno)) heard.sent += 1
    if (MONEY.has(infno) && yes) heard.yes += 1
    return yes ? ((output ?? {}) as Node) : null
  }

  try {
    while (running()) {
      const person = pick(people)
      const home = person.insurance[0]!.insuplc_admdvs
      const hospital = HOSPITALS.find(({ area }) => area.slice(0, 4) === home.slice(0, 4)) ?? pick(HOSPITALS)
      serial += 1
      const number = `LT${Date.now().toString(36)}${serial}`
      await visit({ person, number, send: (infno, input) => call(hospital, home, infno, input) })
    }
  } finally {
    await pool.close()
  }
  return { heard, times }
}

function pick<Item>(items: readonly Item[]): Item {
  return items[Math.floor(Math.random() * items.length)]!
}

/** Registered, billed, settled, now and then cancelled. Ends where a step is refused. */
async function visit({ person, number, send }: Visit): Promise<void> {
  const { psn_no, insurance, credentials } = person
  const { mdtrt_cert_type, mdtrt_cert_no } = credentials[0]!
  const shown = { psn_no, mdtrt_cert_type, mdtrt_cert_no }
  const insutype = insurance[0]!.insutype
  const time = shanghaiNow()
  const doctor = { atddr_no: 'D000000000001', dr_name: '医师甲' }
  const place = { dept_code: '0101', dept_name: '内科', caty: 'A03' }
  const registered = await send('2201', {
    data: { ...shown, insutype, begntime: time, ipt_otp_no: number, ...doctor, ...place },
  })
  const mdtrt_id = (registered?.data as Node | undefined)?.mdtrt_id
  if (!mdtrt_id) return
  const batch = { chrg_bchno: `${number}B`, mdtrt_id, psn_no }
  const lines = Array.from({ length: LINES }, (_, index) => line(`${number}F${index}`, index, time))
  const split = await send('2204', { feedetail: lines.map((each) => ({ ...each, ...batch })) })
  if (!split) return
  const sums = sumsOf(split.result as readonly Node[])
  const ways = { med_type: '11', psn_setlway: '01', acct_used_flag: '1', insutype, invono: '' }
  const settled = await send('2207', { data: { ...shown, ...batch, ...ways, ...sums } })
  if (!settled || Math.random() >= CANCELLED_SHARE) return
  await send('2208', { data: { setl_id: (settled.setlinfo as Node).setl_id, mdtrt_id, psn_no } })
}

function line(feedetl_sn: string, index: number, fee_ocur_time: string): Node {
  const amount = 1000 + index
  return {
    feedetl_sn,
    fee_ocur_time,
    med_list_codg: '',
    medins_list_codg: `Y000${index + 1}`,
    det_item_fee_sumamt: amount / 100,
    cnt: 1,
    pric: amount / 100,
    bilg_dept_codg: '0101',
    bilg_dept_name: '内科',
    bilg_dr_codg: 'D000000000001',
    bilg_dr_name: '医师甲',
    hosp_appr_flag: '0',
    rx_circ_flag: '0',
  }
}

/** The sums of a settlement from how each line was split; in fen, so that they close. */
function sumsOf(rows: readonly Node[]): Node {
  const fields = {
    medfee_sumamt: 'det_item_fee_sumamt',
    fulamt_ownpay_amt: 'fulamt_ownpay_amt',
    overlmt_selfpay: 'overlmt_amt',
    preselfpay_amt: 'preselfpay_amt',
    inscp_scp_amt: 'inscp_scp_amt',
  }
  const sum = (field: string) =>
    rows.reduce((fen, row) => fen + Math.round(Number(row[field]) * 100), 0) / 100
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, sum(field)]))
}

function shanghaiNow(): string {
  return new Date(Date.now() + 8 * 3600 * 1000).toISOString().slice(0, 19).replace('T', ' ')
}

function envelope(hospital: Hospital, insuplc_admdvs: string, infno: string, input: Node): Node {
  serial += 1
  const inf_time = shanghaiNow()
  const { code: fixmedins_code, name: fixmedins_name, area: mdtrtarea_admvs } = hospital
  const id = inf_time.replace(/\D/g, '') + String(serial % 10_000).padStart(4, '0')
  const clerk = { opter_type: '1', opter: '0001', opter_name: '压测' }
  return {
    infno,
    msgid: fixmedins_code + id,
    mdtrtarea_admvs,
    insuplc_admdvs,
    recer_sys_code: 'MBS_LOCAL',
    infver: 'V1.0',
    ...clerk,
    inf_time,
    fixmedins_code,
    fixmedins_name,
    sign_no: '',
    input,
  }
}
