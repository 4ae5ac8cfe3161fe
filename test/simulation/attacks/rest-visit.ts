/** A bill over the REST door: from the person to the paid share, with one `Idempotency-Key` for one step. */
import type { Bill } from '../../../src/demo/bills.ts'
import { addDays, dayOf, type Instant, shanghaiTime } from '../../../src/domain/day.ts'
import { decimalOf, lineAmount, PRICE, QUANTITY } from '../../../src/domain/money.ts'
import { insist, type Line } from './caller.ts'
import type { Request } from './request.ts'

type Node = Readonly<Record<string, unknown>>

const DEPARTMENT = { code: '0101', name: '内科' }
/** How often what was reversed for want of an answer is done anew. */
const ATTEMPTS = 3

/** Keys of one run never meet: they count through all counters. */
let serial = 0

/** Ends a bill that was told no, or was told nothing. */
class Ended extends Error {}

/** Plays a bill. @returns whether it was settled */
export async function playOverRest(line: Line, bill: Bill): Promise<boolean> {
  try {
    await new RestVisit(line, bill).play()
    return true
  } catch (cause) {
    if (cause instanceof Ended) return false
    throw cause
  }
}

class RestVisit {
  readonly #line: Line
  readonly #bill: Bill
  readonly #stay: boolean
  readonly #begins: string
  readonly #number: string
  #encounter = ''

  constructor(line: Line, bill: Bill) {
    const now = Date.now() as Instant
    this.#line = line
    this.#bill = bill
    this.#stay = bill.lane === 'inpatient'
    this.#begins = this.#stay ? `${addDays(dayOf(now), -bill.days)} 09:00:00` : shanghaiTime(now)
    // Eighteen digits in a row may pass for an identity number, which no key may hold.
    this.#number = `R${now}N${bill.number}`
  }

  async play(): Promise<void> {
    const { twist } = this.#bill
    const opened = await this.#ask('/v1/encounters', this.#stay ? '2401' : '2201', this.#opening())
    this.#encounter = String(opened.encounter)
    const at = `/v1/encounters/${this.#encounter}`
    const batch = this.#stay ? {} : { batch: `${this.#number}B1` }
    const lines = this.#bill.lines.map((_, index) => this.#feeLine(index))
    const answered = await this.#ask(`${at}/lines`, this.#stay ? '2301' : '2204', { ...batch, lines })
    if (this.#stay) await this.#ask(`${at}/discharge`, '2402', this.#discharge())
    const ends = this.#stay ? { discharged: shanghaiTime(Date.now() as Instant) } : {}
    const body = { ...(answered.split as Node), ...batch, ...ends, useAccount: !this.#stay }
    const settled = await this.#persist(`${at}/settlement`, this.#stay ? '2304' : '2207', body)
    if (twist !== 'cancelled') return
    const settlement = String(settled.settlement)
    const cancel = `/v1/settlements/${settlement}/cancellation`
    await this.#persist(cancel, this.#stay ? '2305' : '2208', { encounter: this.#encounter }, settlement)
  }

  async #persist(path: string, transaction: string, body: Node, undoes = ''): Promise<Node> {
    for (let attempt = 1; ; attempt += 1) {
      const reply = await insist(this.#line, this.#request(path, transaction, body, undoes))
      if (reply?.is === 'yes') return reply.output
      if (reply?.code !== 'reversed' || attempt === ATTEMPTS) throw new Ended(reply?.text)
    }
  }

  async #ask(path: string, transaction: string, body: Node): Promise<Node> {
    const reply = await insist(this.#line, this.#request(path, transaction, body))
    if (reply?.is !== 'yes') throw new Ended(reply?.text)
    return reply.output
  }

  #request(path: string, transaction: string, body: Node, undoes = ''): Request {
    serial += 1
    const key = `K${this.#number}S${serial}`
    const as = (name: string) => JSON.stringify({ ...body, operator: { id: '0001', name } })
    return {
      door: 'rest',
      path,
      headers: { 'idempotency-key': key },
      body: as('收费员甲'),
      contrary: as('收费员乙'),
      transaction,
      institution: this.#bill.institution.code,
      key,
      encounter: this.#encounter,
      undoes,
    }
  }

  get #doctor() {
    return { code: `D${this.#area}000001`, name: '医师甲' }
  }

  get #area(): string {
    const { attributes, code } = this.#bill.institution
    return attributes?.area ?? code.slice(1, 7)
  }

  #diagnoses(at: string) {
    const { code, name } = this.#bill.diagnosis
    return [{ code, name, department: '内科', doctor: this.#doctor, at }]
  }

  #opening(): Node {
    const { person, institution, lane, disease, twist, diagnosis } = this.#bill
    const [insurance] = person.insurance
    const [credential] = person.credentials
    const common = {
      institution: institution.code,
      insuredArea: insurance!.insuplc_admdvs,
      treatmentArea: this.#area,
      person: person.psn_no,
      insuranceType: insurance!.insutype,
      credential: { type: credential!.mdtrt_cert_type, number: credential!.mdtrt_cert_no },
      begins: this.#begins,
      visitNumber: this.#number,
      doctor: this.#doctor,
      department: DEPARTMENT,
      diagnoses: this.#diagnoses(this.#begins),
      ...(disease ? { disease: { code: disease, name: '慢特病' } } : {}),
    }
    if (!this.#stay) {
      return {
        kind: 'outpatient',
        ...common,
        specialty: 'A03',
        medicalCategory: lane === 'chronic' ? '14' : '11',
      }
    }
    const emergency = twist === 'emergency' ? { emergency: true, medicalCategory: '24' } : {}
    return { kind: 'inpatient', ...common, bed: '12', admissionDiagnosis: diagnosis.name, ...emergency }
  }

  #feeLine(index: number): Node {
    const { item, price, count } = this.#bill.lines[index]!
    return {
      serial: `${this.#number}F${index + 1}`,
      localCode: item,
      at: this.#begins,
      priceYuan: price,
      quantity: String(count),
      totalFen: Number(lineAmount(decimalOf(price, PRICE), decimalOf(count, QUANTITY))!),
      department: DEPARTMENT,
      doctor: this.#doctor,
    }
  }

  #discharge(): Node {
    const ends = shanghaiTime(Date.now() as Instant)
    return { ends, department: DEPARTMENT, way: '1', diagnoses: this.#diagnoses(ends) }
  }
}
