/** Requests of hospital systems that speak plain JSON, each with an `Idempotency-Key` where it changes something. */
import { isNational } from './catalogue.ts'
import type { Hospital } from './national-form.ts'
import type { Form, Sent } from './sent.ts'

const DOCTOR = { code: 'D340102000001', name: '医师甲' }
const DEPARTMENT = { code: '0101', name: '内科' }

/** Who calls over REST; two callers may well choose the same keys, as each counts from one. */
export interface RestCaller extends Hospital {
  readonly id: string
}

/** What the two operators of a contradiction are called. */
export const OTHER_OPERATOR = 'other'

type More = Partial<Pick<Sent, 'encounter' | 'lines' | 'other'>> & { readonly part?: string }

/**
 * The REST form of one caller.
 *
 * @param serial counts the requests of this caller
 */
export function restForm({ id, code, area }: RestCaller, serial: () => number): Form {
  function request(
    at: { readonly path: string; readonly operation: string; readonly infno: string },
    body: object,
    person: Sent['person'],
    more: More = {},
    given?: string,
  ): Sent {
    const asks = at.infno === '1101'
    const key = given ?? `K${serial()}`
    const operator = { id: '0001', name: more.other ? OTHER_OPERATOR : '收费员甲' }
    const part = more.part ? `|${more.part}` : ''
    return {
      door: 'rest',
      infno: at.infno,
      msgid: '',
      key: `rest|${code}|${at.operation}|Idempotency-Key|${key}${part}`,
      name: `${at.operation} ${id} ${key}`,
      person,
      encounter: more.encounter ?? null,
      undoes: null,
      lines: more.lines ?? [],
      other: more.other ?? false,
      bytes: Buffer.from(JSON.stringify({ ...body, operator })),
      rest: { path: at.path, key: asks ? null : key, caller: id },
      contradiction: () => request(at, body, person, { ...more, other: true }, key),
    }
  }
  const of = (path: string, operation: string, infno: string) => ({ path, operation, infno })
  const diagnoses = (at: string) => [
    { code: 'I10.x00x002', name: '高血压', department: '内科', doctor: DOCTOR, at },
  ]

  return {
    institution: code,
    open(person, stay, visitNumber, begins) {
      const body = {
        kind: stay ? 'inpatient' : 'outpatient',
        institution: code,
        insuredArea: person.area,
        treatmentArea: area,
        person: person.psn_no,
        insuranceType: '310',
        credential: { type: '02', number: person.document },
        begins,
        visitNumber,
        doctor: DOCTOR,
        department: DEPARTMENT,
        ...(stay
          ? { bed: '12', admissionDiagnosis: '高血压', diagnoses: diagnoses(begins) }
          : { specialty: 'A03' }),
      }
      const at = of('/v1/encounters', 'openEncounter', stay ? '2401' : '2201')
      return request(at, body, person, stay ? {} : { part: '2201' })
    },
    lines(person, encounter, stay, lines, batch) {
      const rows = lines.map(({ serial: line, code: item, day, fen }) => ({
        serial: line,
        ...(isNational(item) ? { code: item } : { localCode: item }),
        at: `${day} 08:00:00`,
        priceYuan: (fen / 100).toFixed(2),
        quantity: '1',
        totalFen: fen,
        department: DEPARTMENT,
        doctor: DOCTOR,
      }))
      const at = of(`/v1/encounters/${encounter}/lines`, 'uploadLines', stay ? '2301' : '2204')
      return request(at, { batch, lines: rows }, person, { encounter, lines })
    },
    discharge(person, encounter, ends) {
      const at = of(`/v1/encounters/${encounter}/discharge`, 'discharge', '2402')
      const body = { ends, department: DEPARTMENT, way: '1', diagnoses: diagnoses(ends) }
      return request(at, body, person, { encounter })
    },
    settle({ person, encounter, stay, total, batch, midway }) {
      const at = of(`/v1/encounters/${encounter}/settlement`, 'settle', stay ? '2304' : '2207')
      const sums = { totalFen: total, selfPaidFen: 0, overLimitFen: 0, firstSelfPayFen: 0, inScopeFen: total }
      const more = stay ? (midway ? { midway: true } : {}) : { batch, medicalCategory: '11' }
      return request(at, { ...sums, useAccount: true, ...more }, person, { encounter })
    },
    cancel({ person, encounter, stay, purchase }, settlement) {
      const path = `/v1/settlements/${settlement}/cancellation`
      const at = of(path, 'cancelSettlement', purchase ? '2103' : stay ? '2305' : '2208')
      return request(at, { encounter }, person, { encounter })
    },
    buy(person, lines, begins) {
      const body = {
        institution: code,
        insuredArea: person.area,
        treatmentArea: area,
        person: person.psn_no,
        insuranceType: '310',
        credential: { type: '02', number: person.document },
        begins,
        totalFen: lines.reduce((sum, { fen }) => sum + fen, 0),
        account: 'own',
        lines: lines.map(({ serial: line, code: item, day, fen }) => ({
          serial: line,
          ...(isNational(item) ? { code: item } : { localCode: item }),
          at: `${day} 08:00:00`,
          priceYuan: (fen / 100).toFixed(2),
          quantity: '1',
          totalFen: fen,
        })),
      }
      return request(of('/v1/purchases', 'settlePurchase', '2102'), body, person, { lines })
    },
    ask(person) {
      const credential = { type: '02', number: person.document }
      const body = { institution: code, insuredArea: person.area, treatmentArea: area, credential }
      return request(of('/v1/eligibility', 'checkEligibility', '1101'), body, person)
    },
    only: null,
    encounterOf: ({ body }) => JSON.parse(body.toString()).encounter,
    settlementOf: ({ body }) => JSON.parse(body.toString()).settlement,
  }
}
