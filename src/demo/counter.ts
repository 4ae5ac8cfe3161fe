/** One bill at the counter, from the person query to the paid share, in the order that hospitals keep. */
import type { HospitalAnswer } from '../client/answer.ts'
import { sumOfSplits } from '../client/bill.ts'
import type { Hospital } from '../client/hospital.ts'
import type { MessageSender } from '../client/message.ts'
import { type Day, dayOf, type Instant, shanghaiTime } from '../domain/day.ts'
import { decimalOf, lineAmount, PRICE, QUANTITY, yuanFromFen } from '../domain/money.ts'
import type { Bill, DemoLine } from './bills.ts'
import { buy } from './purchase.ts'
import { stay } from './stay.ts'

/** What became of a bill. */
export interface BillOutcome {
  readonly bill: Bill
  readonly state: 'settled' | 'refused' | 'unknown'
  /** Failure reason `E101` …, empty where none was given. */
  readonly reason: string
  /** Transaction at which the bill ended. */
  readonly at: string
  readonly text: string
  /** The settlement was cancelled afterwards. */
  readonly cancelled: boolean
  /** The same message sent twice was answered with the same bytes; null where it was not sent twice. */
  readonly sameBytes: boolean | null
}

/** Carries a step's refusal out of the bill. */
class Ended extends Error {
  readonly heard: Exclude<HospitalAnswer, { is: 'yes' }>
  readonly transaction: string

  constructor(transaction: string, heard: Exclude<HospitalAnswer, { is: 'yes' }>) {
    super(heard.text)
    this.transaction = transaction
    this.heard = heard
  }
}

type Fields = Record<string, unknown>

/** How often a settlement that was reversed is made anew. */
const ATTEMPTS = 3

/** Plays one bill. */
export async function playBill(hospital: Hospital, bill: Bill): Promise<BillOutcome> {
  const { institution, person } = bill
  const sender: MessageSender = {
    institution: institution.code,
    name: institution.name,
    treatmentArea: institution.attributes?.area ?? institution.code.slice(1, 7),
    insuredArea: person.insurance[0]!.insuplc_admdvs,
  }
  const visit = new Visit(hospital, bill, sender)
  const done = { bill, reason: '', text: '', cancelled: false, sameBytes: null }
  try {
    await visit.identify()
    const [at, settle] = WAYS[bill.lane]
    return { ...done, state: 'settled', at, ...(await settle(visit)) }
  } catch (cause) {
    if (!(cause instanceof Ended)) throw cause
    const { heard, transaction } = cause
    const state = heard.is === 'no' ? 'refused' : 'unknown'
    return {
      ...done,
      state,
      at: transaction,
      reason: heard.is === 'no' ? heard.reason : '',
      text: heard.text,
    }
  }
}

/** How a bill of each lane goes, and where it ends. */
const WAYS: Readonly<Record<Bill['lane'], readonly [string, (visit: Visit) => ReturnType<Visit['settle']>]>> =
  {
    inpatient: ['2304', stay],
    outpatient: ['2207', (visit) => visit.outpatient()],
    chronic: ['2207', (visit) => visit.outpatient()],
    pharmacy: ['2102', buy],
  }

/** A bill at its counter. */
export class Visit {
  readonly hospital: Hospital
  readonly bill: Bill
  readonly sender: MessageSender
  readonly now: Instant
  readonly today: Day
  /** The hospital's number of the visit. */
  readonly number: string
  readonly common: { psn_no: string }
  encounter = ''

  constructor(hospital: Hospital, bill: Bill, sender: MessageSender) {
    this.hospital = hospital
    this.bill = bill
    this.sender = sender
    this.now = Date.now() as Instant
    this.today = dayOf(this.now)
    this.number = `${bill.lane === 'inpatient' ? 'ZY' : 'MZ'}${this.now}${bill.number}`
    this.common = { psn_no: bill.person.psn_no }
  }

  async send(transaction: string, input: unknown): Promise<Fields> {
    const heard = await this.hospital.send(this.sender, transaction, input)
    if (heard.is !== 'yes') throw new Ended(transaction, heard)
    return heard.output
  }

  get credential() {
    const { mdtrt_cert_type, mdtrt_cert_no } = this.bill.person.credentials[0]!
    return { mdtrt_cert_type, mdtrt_cert_no }
  }

  get insutype(): string {
    return this.bill.person.insurance[0]!.insutype
  }

  async identify(): Promise<void> {
    const { card_sn } = this.bill.person.credentials[0]!
    const empty = { begntime: '', psn_cert_type: '', certno: '', psn_name: '' }
    await this.send('1101', { data: { ...this.credential, card_sn, ...empty } })
  }

  async outpatient() {
    const { disease, twist } = this.bill
    const category = this.bill.lane === 'chronic' ? '14' : '11'
    const time = shanghaiTime(this.now)
    const registered = await this.send('2201', {
      data: {
        ...this.common,
        insutype: this.insutype,
        begntime: time,
        ...this.credential,
        ipt_otp_no: this.number,
        atddr_no: this.doctor,
        dr_name: '医师甲',
        dept_code: '0101',
        dept_name: '内科',
        caty: 'A03',
      },
    })
    this.encounter = String((registered.data as Fields).mdtrt_id)
    const mdtrt_id = this.encounter
    const visit = {
      mdtrt_id,
      ...this.common,
      med_type: category,
      begntime: time,
      dise_codg: disease,
      dise_name: '',
    }
    await this.send('2203', { mdtrtinfo: visit, diseinfo: [this.diagnosis({ vali_flag: '1' })] })
    const batch = `${this.number}B1`
    const lines = this.bill.lines.map((line, index) => ({
      ...this.line(line, index),
      chrg_bchno: batch,
      dise_codg: disease,
      rxno: '',
      rx_circ_flag: '0',
    }))
    const split = sumOfSplits((await this.send('2204', { feedetail: lines })).result)
    const asked = {
      ...this.common,
      ...this.credential,
      med_type: category,
      medfee_sumamt: split.medfee_sumamt,
    }
    const ways = {
      psn_setlway: '01',
      mdtrt_id,
      chrg_bchno: batch,
      acct_used_flag: '1',
      insutype: this.insutype,
    }
    await this.send('2206', { data: { ...asked, ...ways } })
    return this.settle('2207', '2208', { ...asked, ...ways, invono: '', ...split }, twist)
  }

  /** Settles; then does what the bill does out of the ordinary. @param inputOf where the transaction has its bill */
  async settle(
    settlement: string,
    cancellation: string,
    data: Fields,
    twist: Bill['twist'],
    inputOf = (data: Fields): Fields => ({ data }),
  ) {
    const sent = twist === 'wrong-sum' ? { ...data, medfee_sumamt: Number(data.medfee_sumamt) + 1 } : data
    const output = await this.sendUntilDone(settlement, inputOf(sent))
    const sameBytes = twist === 'sent-twice' ? await this.isAnsweredAlike() : null
    if (twist !== 'cancelled') return { cancelled: false, sameBytes }
    const { setl_id, mdtrt_id } = output.setlinfo as Fields
    await this.sendUntilDone(cancellation, {
      data: { setl_id, mdtrt_id: mdtrt_id ?? this.encounter, ...this.common },
    })
    return { cancelled: true, sameBytes }
  }

  /** A settlement that was reversed for want of an answer is made again under a new message id, as the answer says. */
  private async sendUntilDone(transaction: string, input: unknown): Promise<Fields> {
    for (let attempt = 1; ; attempt += 1) {
      const heard = await this.hospital.send(this.sender, transaction, input)
      if (heard.is === 'yes') return heard.output
      const reversed = heard.is === 'no' && heard.code === 'reversed'
      if (!reversed || attempt === ATTEMPTS) throw new Ended(transaction, heard)
    }
  }

  private async isAnsweredAlike(): Promise<boolean> {
    const [once, twice] = [await this.hospital.again(), await this.hospital.again()]
    return once.is === 'yes' && twice.is === 'yes' && once.bytes === twice.bytes
  }

  get doctor(): string {
    return `D${this.sender.treatmentArea}000001`
  }

  diagnosis(further: Fields): Fields {
    const { code, name } = this.bill.diagnosis
    const doctor = { diag_dept: '内科', dise_dor_no: this.doctor, dise_dor_name: '医师甲' }
    const time = shanghaiTime(this.now)
    return {
      diag_type: '1',
      diag_srt_no: 1,
      diag_code: code,
      diag_name: name,
      ...doctor,
      diag_time: time,
      ...further,
    }
  }

  line({ item, price, count }: DemoLine, index: number): Fields {
    const isBad = this.bill.twist === 'bad-code' && index === 0
    return {
      feedetl_sn: `${this.number}F${index + 1}`,
      mdtrt_id: this.encounter,
      ...this.common,
      fee_ocur_time: shanghaiTime(this.now),
      med_list_codg: '',
      medins_list_codg: isBad ? 'Y9999' : item,
      det_item_fee_sumamt: Number(
        yuanFromFen(lineAmount(decimalOf(price, PRICE), decimalOf(count, QUANTITY))!),
      ),
      cnt: count,
      pric: Number(price),
      bilg_dept_codg: '0101',
      bilg_dept_name: '内科',
      bilg_dr_codg: this.doctor,
      bilg_dr_name: '医师甲',
      hosp_appr_flag: '0',
    }
  }
}
