/** Faults that arise below are told in the names of the request: every field of every request has its place. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import national from '../../../adapters/000000-national/index.ts'
import { GatewayError } from '../../../src/domain/problems.ts'
import { ClaimDocument } from '../../../src/extension/claim-document.ts'
import type { Envelope } from '../../../src/extension/dialect.ts'
import {
  admissionInput,
  dischargeInput,
  inpatientLinesInput,
  outpatientLinesInput,
  registrationInput,
  visitInput,
} from '../../../src/http/rest/encounter-inputs.ts'
import {
  DischargeRequest,
  InpatientStay,
  LinesRequest,
  OutpatientVisit,
} from '../../../src/http/rest/encounter-schemas.ts'
import * as examples from '../../../src/http/rest/examples.ts'
import type { OpenedEncounter } from '../../../src/http/rest/opened-encounter.ts'
import { inOurNames, placeInRequest } from '../../../src/http/rest/own-names.ts'
import { entitlementInput, filingInput, personInput } from '../../../src/http/rest/person-inputs.ts'
import { EligibilityRequest, FilingRequest } from '../../../src/http/rest/person-schemas.ts'
import {
  cancellationInput,
  inpatientBillInput,
  outpatientBillInput,
} from '../../../src/http/rest/settlement-inputs.ts'
import { BillRequest, CancellationRequest } from '../../../src/http/rest/settlement-schemas.ts'
import type { Input, Written } from '../../../src/http/rest/written.ts'

const OPENED = {
  encounter: 'E1',
  person: 'P1',
  insuranceType: '310',
  credential: { type: '01', number: 'C1' },
  category: '21',
} as OpenedEncounter

const value = (given: examples.Examples, name: string) => given[name]!.value

const eligibility = EligibilityRequest.parse(value(examples.ELIGIBILITY, 'inpatient'))
const visit = OutpatientVisit.parse(value(examples.ENCOUNTER, 'outpatient'))
const stay = InpatientStay.parse(value(examples.ENCOUNTER, 'inpatient'))
const lines = LinesRequest.parse(value(examples.LINES, 'outpatient'))
const discharge = DischargeRequest.parse(value(examples.DISCHARGE, 'inpatient'))
const bill = BillRequest.parse(value(examples.SETTLEMENT, 'inpatient'))

/** Said by a mark before the code. */
const SYSTEM = 'diagnoses[0].system'

/** Each request: its form, what it becomes, and fields that become no national field by themselves. */
const REQUESTS: readonly {
  readonly name: string
  readonly schema: z.ZodType
  readonly messages: Readonly<Record<string, Written>>
  readonly elsewhere?: readonly string[]
}[] = [
  {
    name: 'eligibility',
    schema: EligibilityRequest,
    messages: {
      '1101': personInput(eligibility),
      '2001': entitlementInput(eligibility, {
        person: 'P1',
        insuranceType: '310',
        begins: '2025-03-12 08:00:00',
      }),
    },
  },
  {
    name: 'filing',
    schema: FilingRequest,
    messages: { '2501': filingInput(FilingRequest.parse(value(examples.FILING, 'referral'))) },
  },
  {
    name: 'outpatient visit',
    schema: OutpatientVisit,
    messages: { '2201': registrationInput(visit), '2203': visitInput(visit, 'E1') },
    // The first diagnosis is the main one of a visit: 2203 has no mark for it.
    elsewhere: ['kind', 'diagnoses[0].main', SYSTEM],
  },
  {
    name: 'stay',
    schema: InpatientStay,
    messages: { '2401': admissionInput(stay) },
    elsewhere: ['kind', SYSTEM],
  },
  {
    name: 'lines',
    schema: LinesRequest,
    messages: { '2204': outpatientLinesInput(lines, OPENED), '2301': inpatientLinesInput(lines, OPENED) },
  },
  {
    name: 'discharge',
    schema: DischargeRequest,
    messages: { '2402': dischargeInput(discharge, OPENED) },
    elsewhere: [SYSTEM],
  },
  {
    name: 'bill',
    schema: BillRequest,
    messages: {
      '2206': outpatientBillInput({ ...bill, batch: 'B1' }, OPENED, '11', true),
      '2207': outpatientBillInput({ ...bill, batch: 'B1' }, OPENED, '11', false),
      '2303': inpatientBillInput(bill, OPENED, true),
      '2304': inpatientBillInput(bill, OPENED, false),
    },
  },
  {
    name: 'cancellation',
    schema: CancellationRequest,
    messages: { '2208': cancellationInput('S1', OPENED), '2305': cancellationInput('S1', OPENED) },
  },
]

/** Said by the head of a message: `send.ts` names their places. */
const HEAD = ['institution', 'insuredArea', 'treatmentArea', 'operator.id', 'operator.name']

function leavesOfForm(schema: z.ZodType): string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    return leavesOfForm(schema.unwrap() as z.ZodType)
  }
  if (schema instanceof z.ZodArray)
    return leavesOfForm(schema.element as z.ZodType).map((leaf) => `[0]${leaf}`)
  if (!(schema instanceof z.ZodObject)) return ['']
  return Object.entries(schema.shape as Record<string, z.ZodType>).flatMap(([field, inner]) =>
    leavesOfForm(inner).map((leaf) => `.${field}${leaf}`),
  )
}

function leavesOf(node: unknown, path = ''): { path: string; value: unknown }[] {
  if (typeof node !== 'object' || node === null) return [{ path, value: node }]
  return Array.isArray(node)
    ? node.flatMap((one, index) => leavesOf(one, `${path}[${index}]`))
    : Object.entries(node).flatMap(([name, inner]) => leavesOf(inner, path ? `${path}.${name}` : name))
}

/** A copy in which one national field holds what nothing takes. */
function spoilt(input: Input, path: string): Input {
  const copy = structuredClone(input) as Record<string, unknown>
  const parts = path.split(/[[\].]+/).filter(Boolean)
  let node: Record<string, unknown> = copy
  for (const part of parts.slice(0, -1)) node = node[part] as Record<string, unknown>
  node[parts.at(-1)!] = { not: 'a value' }
  return copy
}

/** The error of the national dialect about an input. */
function errorOf(transaction: string, input: Input): GatewayError | null {
  const envelope = {
    operation: national.operations[transaction]!,
    id: 'M1',
    institution: 'H62100290001',
    treatmentArea: '621002',
    insuredArea: '440100',
    signIn: '',
    document: ClaimDocument.ofJson({ input }),
  } as unknown as Envelope
  try {
    national.read(envelope, { item: 'x', diagnosis: 'national' })
    return null
  } catch (error) {
    return error as GatewayError
  }
}

const plain = (input: Input) => JSON.parse(JSON.stringify(input)) as Input

describe('written().places()', () => {
  for (const { name, schema, messages, elsewhere = [] } of REQUESTS) {
    it(`holds a place for every field of a request: ${name}`, () => {
      const named = new Set(
        Object.values(messages).flatMap((one) => leavesOf(one.places()).map(({ value }) => value)),
      )
      const fields = leavesOfForm(schema).map((leaf) => leaf.slice(1).replaceAll('.[', '['))
      expect(fields.filter((field) => ![...named, ...HEAD, ...elsewhere].includes(field))).toEqual([])
    })

    for (const [transaction, { input, places }] of Object.entries(messages)) {
      it(`lets every fault of ${transaction} name a field of the request: ${name}`, () => {
        expect(errorOf(transaction, plain(input))).toBeNull()
        const forms = new Set([
          ...leavesOfForm(schema).map((leaf) => leaf.slice(1)),
          'encounter',
          'settlement',
        ])
        let judged = 0
        for (const { path, value: place } of leavesOf(places())) {
          const error = errorOf(transaction, spoilt(plain(input), path))
          if (!error) continue
          judged += 1
          expect(error, path).toBeInstanceOf(GatewayError)
          const ours = inOurNames(error, input, places())
          const told = (ours.extra.fields as { field: string }[]).map(({ field }) => field)
          expect(told, path).toEqual([place])
          expect(ours.message, path).not.toMatch(/[a-z]+_[a-z]+|feedetail|diseinfo|\bcnt\b|\bpric\b/)
          expect(ours.message, path).toContain(String(place))
          const isField = [...forms].some((form) => form === place || form.startsWith(String(place)))
          expect(isField, `${path} → ${place}`).toBe(true)
        }
        expect(judged).toBeGreaterThan(2)
      })
    }
  }
})

describe('placeInRequest()', () => {
  const places = {
    feedetail: [{ cnt: 'lines[0].quantity' }, { cnt: 'lines[1].quantity' }],
    data: { psn_no: 'person' },
  }

  it.each([
    ['feedetail[1].cnt', 'lines[1].quantity'],
    ['feedetail[0] cnt', 'lines[0].quantity'],
    ['cnt', 'lines[].quantity'],
    ['psn_no', 'person'],
    ['data.nobody', null],
    ['feedetail[7].cnt', null],
  ])('%s → %s', (field, place) => {
    expect(placeInRequest(places, field)).toBe(place)
  })
})
