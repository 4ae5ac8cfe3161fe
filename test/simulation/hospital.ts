/** Hospital systems as actors: they register, upload, settle, cancel, repeat, contradict themselves and lose patience. */
import { identityCheck } from '../../src/domain/person.ts'
import type { Answer } from '../../src/pipeline/trip.ts'
import type { Dice } from './dice.ts'
import type { Model, Sent } from './model.ts'
import type { Timeline } from './timeline.ts'

const HOSPITAL = 'H34010290001'
const TREATMENT = '340102'
/** Insured in another province, in another city of this one, and here. */
const INSURED = ['621000', '621000', '340200', '340104'] as const
const ITEM = '001102000010000'
const TIME = '2026-03-02 09:00:00'

/** What an actor has at hand. */
export interface Counter {
  readonly timeline: Timeline
  readonly dice: Dice
  readonly model: Model
  /** Sends to the gateway; null where it does not answer. */
  call(sent: Sent): Promise<Answer | null>
  /** Whether a message stands in the journal. */
  durable(sent: Sent): boolean
  readonly reversals: boolean
}

interface Person {
  readonly psn_no: string
  readonly document: string
  readonly area: string
}

/** What a message came to for its sender. */
interface Clear {
  readonly sent: Sent
  // biome-ignore lint/suspicious/noExplicitAny: an answer is whatever the platform says
  readonly output: any
}

/** How often a counter sends one message before it calls for help. */
const TRIES_MAX = 60

function personOf(index: number, area: string): Person {
  const body = `990034${19600101 + index}${String(100 + index)}`
  return { psn_no: `P${area}${index}`, document: body + identityCheck(body), area }
}

let serial = 0

/** Starts the numbers of messages anew; every run calls it first. */
export function resetSerial(): void {
  serial = 0
}

function envelope(infno: string, input: unknown, area: string, encounter: string | null, id?: string): Sent {
  serial += 1
  const msgid = id ?? `${HOSPITAL}20260302090000${String(serial).padStart(4, '0')}`
  const message = {
    infno,
    msgid,
    mdtrtarea_admvs: TREATMENT,
    insuplc_admdvs: area,
    recer_sys_code: 'SIM',
    infver: 'V1.0',
    opter_type: '1',
    opter: '0001',
    opter_name: '收费员甲',
    inf_time: TIME,
    fixmedins_code: HOSPITAL,
    fixmedins_name: '示例医院（虚构）',
    sign_no: '',
    input,
  }
  return {
    infno,
    msgid,
    key: `sim|${HOSPITAL}|${infno}|${msgid}`,
    encounter,
    input: JSON.stringify(input),
    bytes: Buffer.from(JSON.stringify(message)),
  }
}

/** One visit from the registration to its end. */
export async function visit(counter: Counter, index: number): Promise<void> {
  const { timeline, dice } = counter
  await timeline.sleep(dice.between(0, 12_000))
  const person = personOf(index, dice.pick(INSURED))
  const registered = await persist(counter, () => registration(person, counter.timeline.elapsed()))
  const encounter = registered?.output.data.mdtrt_id
  if (!encounter) return
  const amounts = Array.from({ length: dice.between(1, 3) }, () => dice.between(1, 90_000))
  let uploads = 0
  const uploaded = await persist(counter, () => {
    uploads += 1
    return lines(person, encounter, amounts, `B${uploads}`)
  })
  if (!uploaded) return
  const total = amounts.reduce((sum, fen) => sum + fen, 0)
  const settle = () => settlement(person, encounter, total, `B${uploads}`)
  const settled = await persist(counter, settle, person)
  if (!settled) return
  if (counter.reversals && dice.chance(0.1)) {
    await persist(counter, () => reversal(person, settled.sent))
  } else if (dice.chance(0.3)) {
    const { setl_id } = settled.output.setlinfo
    const data = { setl_id, mdtrt_id: encounter, psn_no: person.psn_no }
    const cancelled = await persist(counter, () => envelope('2208', { data }, person.area, encounter), person)
    if (cancelled && dice.chance(0.5)) await persist(counter, settle, person)
  }
  if (dice.chance(0.3)) {
    await timeline.sleep(dice.between(100, 60_000))
    await counter.call(settled.sent)
  }
}

/** Sends until there is a clear answer; what was refused or undone is tried anew under another message id. */
async function persist(counter: Counter, make: () => Sent, person?: Person): Promise<Clear | null> {
  for (let attempt = 0; attempt < 4; attempt += 1) {
    const clear = await insist(counter, make, person)
    if (clear) return clear
    await counter.timeline.sleep(counter.dice.between(100, 3_000))
  }
  return null
}

/** One message until its answer is clear: the output of a yes, null for a no. */
async function insist(counter: Counter, make: () => Sent, person?: Person): Promise<Clear | null> {
  const { timeline, dice, model } = counter
  const sent = make()
  for (let round = 0; round < TRIES_MAX; round += 1) {
    if (dice.chance(0.08)) void counter.call(sent)
    if (dice.chance(0.04)) void timeline.sleep(dice.between(0, 20_000)).then(() => counter.call(sent))
    const answer = await counter.call(sent)
    if (dice.chance(0.05) && counter.durable(sent)) await contradict(counter, sent)
    if (answer?.problem === null) return { sent, output: JSON.parse(answer.body.toString()).output }
    if (answer?.problem === 'fund-refused') return null
    if (answer?.problem === 'outcome-unknown' && person) {
      if (sent.infno === '2207' && dice.chance(0.3)) await hurry(counter, sent, make)
      if (counter.reversals && dice.chance(0.1)) {
        await persist(counter, () => reversal(person, sent))
      }
    }
    await timeline.sleep(Math.min(60_000, 300 * 2 ** round) * (0.5 + dice.next()))
  }
  model.fault(`${sent.infno} ${sent.msgid} never got a clear answer`)
  return null
}

/** Another body under the same message id. */
async function contradict(counter: Counter, sent: Sent): Promise<void> {
  const message = JSON.parse(sent.bytes.toString())
  const input = { ...message.input, exp_content: 'other' }
  const other: Sent = {
    ...sent,
    input: JSON.stringify(input),
    bytes: Buffer.from(JSON.stringify({ ...message, input })),
  }
  const answer = await counter.call(other)
  if (answer && !['key-conflict', 'journal-down'].includes(answer.problem ?? ''))
    counter.model.fault(`${sent.infno} ${sent.msgid}: another body was answered ${answer.problem ?? 'yes'}`)
}

/** Settles under a new message id while the first is unknown, which must not be possible. */
async function hurry(counter: Counter, first: Sent, make: () => Sent): Promise<void> {
  const second = make()
  const answer = await counter.call(second)
  if (answer) counter.model.impatient(first, second, answer)
}

function registration({ psn_no, document, area }: Person, at: number): Sent {
  const data = {
    psn_no,
    insutype: '310',
    begntime: TIME,
    mdtrt_cert_type: '02',
    mdtrt_cert_no: document,
    ipt_otp_no: `O${Math.floor(at)}${serial}`,
    atddr_no: 'D340102000001',
    dr_name: '医师甲',
    dept_code: '0101',
    dept_name: '内科',
    caty: 'A03',
  }
  return envelope('2201', { data }, area, null)
}

function lines({ psn_no, area }: Person, encounter: string, amounts: readonly number[], batch: string): Sent {
  const feedetail = amounts.map((fen, index) => ({
    feedetl_sn: `${batch}-${index}`,
    mdtrt_id: encounter,
    psn_no,
    chrg_bchno: batch,
    rx_circ_flag: '0',
    fee_ocur_time: TIME,
    med_list_codg: ITEM,
    medins_list_codg: 'Z0001',
    det_item_fee_sumamt: fen / 100,
    cnt: 1,
    pric: String(fen / 100),
    bilg_dept_codg: '0101',
    bilg_dept_name: '内科',
    bilg_dr_codg: 'D340102000001',
    bilg_dr_name: '医师甲',
    hosp_appr_flag: '0',
  }))
  return envelope('2204', { feedetail }, area, encounter)
}

function settlement({ psn_no, document, area }: Person, encounter: string, total: number, batch: string) {
  const data = {
    psn_no,
    mdtrt_cert_type: '02',
    mdtrt_cert_no: document,
    med_type: '11',
    medfee_sumamt: total / 100,
    psn_setlway: '01',
    mdtrt_id: encounter,
    chrg_bchno: batch,
    insutype: '310',
    acct_used_flag: '1',
    fulamt_ownpay_amt: 0,
    overlmt_selfpay: 0,
    preselfpay_amt: 0,
    inscp_scp_amt: total / 100,
  }
  return envelope('2207', { data }, area, encounter)
}

function reversal({ psn_no, area }: Person, { msgid, infno }: Sent): Sent {
  return envelope('2601', { data: { psn_no, omsgid: msgid, oinfno: infno } }, area, null)
}
