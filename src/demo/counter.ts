/** Plays one bill at the counter, from the person query to payment, in the order that hospitals follow. */
import type { HospitalAnswer } from '../client/answer.ts'
import { sumOfSplits } from '../client/bill.ts'
import type { Hospital } from '../client/hospital.ts'
import type { MessageSender } from '../client/message.ts'
import {
  type LineOfVisit,
  outpatientBill,
  outpatientLines,
  personQuestion,
  registration,
  type VisitOf,
  visitDetails,
} from '../client/visit.ts'
import { addDays, type Day, dayOf, type Instant, shanghaiTime } from '../domain/day.ts'
import { decimalOf, lineAmount, PRICE, QUANTITY, yuanFromFen } from '../domain/money.ts'
import type { Bill, DemoLine } from './bills.ts'
import { buy } from './purchase.ts'
import { stay } from './stay.ts'
import { apart, categoryOf, diseaseOf, twoDiseases } from './ways.ts'

/** Result of a bill. */
export interface BillOutcome {
  readonly bill: Bill
  readonly state: 'settled' | 'refused' | 'unknown'
  /** Failure reason `E101` …, empty if none was given. */
  readonly reason: string
  /** Transaction at which it ended. */
  readonly at: string
  readonly text: string
  /** The settlement was cancelled afterwards. */
  readonly cancelled: boolean
  /** Whether a message sent twice got identical answers; null if it was not sent twice. */
  readonly sameBytes: boolean | null
}

/** Thrown when a step is refused, to end the bill. */
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

/** How often a reversed settlement is repeated. */
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

/** The course of a bill in each lane. */
const WAYS: Readonly<Record<Bill['lane'], readonly [string, (visit: Visit) => ReturnType<Visit['settle']>]>> =
  {
    inpatient: ['2304', stay],
    outpatient: [
      '2207',
      (visit) => (visit.bill.way === 'two diseases' ? twoDiseases(visit) : visit.outpatient()),
    ],
    chronic: ['2207', (visit) => (visit.bill.way === 'disease apart' ? apart(visit) : visit.outpatient())],
    pharmacy: ['2102', buy],
  }

/** One bill in progress. */
export class Visit {
  readonly hospital: Hospital
  readonly bill: Bill
  readonly sender: MessageSender
  readonly now: Instant
  readonly today: Day
  /** End of the stay. */
  readonly left: string
  /** The hospital's number of the visit. */
  readonly number: string
  /** Data for its messages. */
  readonly of: VisitOf
  readonly lines: readonly LineOfVisit[]
  encounter = ''

  constructor(hospital: Hospital, bill: Bill, sender: MessageSender) {
    this.hospital = hospital
    this.bill = bill
    this.sender = sender
    this.now = Date.now() as Instant
    this.today = dayOf(this.now)
    this.left = shanghaiTime(this.now)
    this.number = `${bill.lane === 'inpatient' ? 'ZY' : 'MZ'}${this.now}${bill.number}`
    this.of = visitOf(this)
    this.lines = bill.lines.map((line, index) => lineOf(line, bill.twist === 'bad-code' && index === 0))
  }

  async send(transaction: string, input: unknown): Promise<Fields> {
    const heard = await this.hospital.send(this.sender, transaction, input)
    if (heard.is !== 'yes') throw new Ended(transaction, heard)
    return heard.output
  }

  async identify(): Promise<void> {
    await this.send('1101', personQuestion(this.of.patient))
  }

  async outpatient() {
    const registered = await this.send('2201', registration(this.of))
    this.encounter = String((registered.data as Fields).mdtrt_id)
    await this.send('2203', visitDetails(this.of, this.encounter))
    const { result } = await this.send('2204', outpatientLines(this.of, this.encounter, this.lines))
    const bill = outpatientBill(this.of, this.encounter, sumOfSplits(result))
    await this.send('2206', bill)
    const data = bill.data as Fields
    const paid = this.bill.way === 'family account' ? { ...data, acct_used_flag: '2' } : data
    return this.settle('2207', '2208', paid, this.bill.twist)
  }

  /** Settles, then plays the unusual course. @param inputOf builds the transaction's input */
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
    const { psn_no } = this.of.patient
    await this.sendUntilDone(cancellation, {
      data: { setl_id, mdtrt_id: mdtrt_id ?? this.encounter, psn_no },
    })
    return { cancelled: true, sameBytes }
  }

  /** A settlement reversed for lack of an answer is repeated under a new message id, as the answer advises. */
  async sendUntilDone(transaction: string, input: unknown): Promise<Fields> {
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
}

const CATEGORIES = { inpatient: '21', outpatient: '11', chronic: '14', pharmacy: '41' } as const

/** A visit begins now; a stay ends now and began that many days ago. */
function visitOf({ bill, sender, number, now, today }: Visit): VisitOf {
  const { lane, person, diagnosis, disease, twist, days } = bill
  const { mdtrt_cert_type, mdtrt_cert_no, card_sn } = person.credentials[0]!
  const { insutype } = person.insurance[0]!
  const emergency = lane === 'inpatient' && twist === 'emergency'
  const isChronic = lane === 'pharmacy' && disease !== ''
  return {
    patient: { psn_no: person.psn_no, credential: { mdtrt_cert_type, mdtrt_cert_no }, card_sn, insutype },
    number,
    category:
      categoryOf(bill, sender.treatmentArea) ??
      (emergency ? '24' : isChronic ? CATEGORIES.chronic : CATEGORIES[lane]),
    at: lane === 'inpatient' ? `${addDays(today, -days)} 09:00:00` : shanghaiTime(now),
    diagnosis,
    disease: diseaseOf(bill),
    doctor: `D${sender.treatmentArea}000001`,
    emergency,
  }
}

function lineOf({ item, price, count }: DemoLine, isBad: boolean): LineOfVisit {
  const sum = lineAmount(decimalOf(price, PRICE), decimalOf(count, QUANTITY))!
  return { item: isBad ? 'Y9999' : item, price: Number(price), count, sum: Number(yuanFromFen(sum)) }
}
