/** What the catalogue describes is judged by its bytes as by its schema, over every good and every bad input. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openEnvelope } from '../../../adapters/000000-national/envelope.ts'
import national from '../../../adapters/000000-national/index.ts'
import { saleRow } from '../../../src/client/goods.ts'
import { NATIONAL_SYSTEM } from '../../../src/domain/claim.ts'
import { GatewayError } from '../../../src/domain/problems.ts'
import { badInputs } from '../../../src/extension/bad-input.ts'
import { sampleInput } from '../../../src/extension/catalogue-samples.ts'
import type { Message } from '../../../src/extension/dialect.ts'
import { runs } from '../../support/runs.ts'
import { inClear } from '../in-clear.ts'

const catalogue = national.catalogue!
/** An institution whose own codes are mapped: what may be a code is listed. */
const SYSTEMS = { item: 'own', drug: 'own', diagnosis: 'own', department: 'own', procedure: NATIONAL_SYSTEM }
const TRANSACTIONS = [...catalogue.heads.keys()].filter((number) => national.operations[number]?.described)
const AREAS = { 43: '430102', 42: '420102', '': '340102' } as const

const bytesOf = (infno: string, area: string, input: unknown, more: object = {}) =>
  Buffer.from(
    JSON.stringify({
      ...{ infno, msgid: 'H34010290001202603020930000001', mdtrtarea_admvs: area, insuplc_admdvs: area },
      ...{
        recer_sys_code: 'MBS_LOCAL',
        dev_no: '',
        dev_safe_info: '',
        cainfo: '',
        signtype: '',
        infver: 'V1.0',
      },
      ...{ opter_type: '1', opter: '0001', opter_name: '收费员甲', inf_time: '2026-03-02 09:30:00' },
      ...{ fixmedins_code: 'H34010290001', fixmedins_name: '医院（虚构）', sign_no: '', ...more, input },
    }),
  )

interface Said {
  readonly refused?: string
  readonly message?: Message
  readonly input?: string
}

function told(bytes: Buffer, open = national.open): Said {
  try {
    const envelope = open(bytes, null)
    return { message: national.read(envelope, SYSTEMS), input: Buffer.from(envelope.inputBytes()).toString() }
  } catch (cause) {
    if (!(cause instanceof GatewayError)) throw cause
    return { refused: `${cause.code} ${cause.message}` }
  }
}

/** Holds both ways together. @returns whether the message went the fast way */
function same(bytes: Buffer): boolean {
  const fast = told(bytes)
  const slow = told(bytes, (body) => openEnvelope(body, national.operations))
  if (!fast.message || !slow.message) {
    expect(fast).toEqual(slow)
    return false
  }
  const { judged, ...message } = fast.message
  expect(inClear(message)).toEqual(inClear(slow.message))
  expect(fast.input).toBe(slow.input)
  return judged !== undefined
}

const SAMPLES = TRANSACTIONS.flatMap((number) =>
  Object.entries(AREAS).flatMap(([province, area]) =>
    [true, false].map((whole) => ({
      ...{ number, area },
      input: sampleInput(catalogue, number, { province, whole, rows: 2 }),
    })),
  ),
)

/** Those of which a bill is read, a list that no source describes, or Base64. */
const OF_MONEY_OR_LISTS =
  '2206A,2207A,2166,2163,2167,2171,2181,4261,6201,6202,6203,6204,6302,7101,7102'.split(',')

/** What senders write in fields, right and wrong. */
const VALUES = [
  '',
  null,
  '0',
  0,
  1,
  2,
  '1',
  '01',
  '310',
  '2026-03-02',
  '2026-03-02 09:12:45',
  '20260302',
  '1.50',
  1.5,
]
const ODD = [
  -1,
  1e21,
  123456789012345,
  '9'.repeat(15),
  ' 11',
  'null',
  '"',
  '宽'.repeat(40),
  '😀',
  true,
  {},
  [],
  [{}],
  '{"a":1}',
  '11010119900307123x',
]
const NAMES = [
  'mdtrt_id',
  'psn_no',
  'setlId',
  'drug_trac_codg',
  'fixmedins_code',
  'med_list_codg',
  'certno',
  'further',
  '7',
]

/** All nodes of an input, itself among them. */
function nodesIn(value: unknown): Record<string, unknown>[] {
  if (Array.isArray(value)) return value.flatMap(nodesIn)
  if (typeof value !== 'object' || value === null) return []
  return [value as Record<string, unknown>, ...Object.values(value).flatMap(nodesIn)]
}

const change = fc.record({
  node: fc.nat(),
  field: fc.nat(),
  value: fc.constantFrom(...VALUES, ...ODD),
  way: fc.constantFrom('set', 'set', 'set', 'drop', 'add', 'last', 'twice'),
})

function changed(
  input: unknown,
  changes: readonly (typeof change extends fc.Arbitrary<infer One> ? One : never)[],
) {
  const copy = structuredClone(input)
  for (const { node, field, value, way } of changes) {
    const nodes = nodesIn(copy)
    const one = nodes[node % nodes.length]!
    const names = Object.keys(one)
    const name = names[field % names.length] ?? 'further'
    if (way === 'set') one[name] = structuredClone(value)
    else if (way === 'add') one[NAMES[field % NAMES.length]!] = structuredClone(value)
    else if (way === 'twice') one[name.toUpperCase()] = structuredClone(value)
    else {
      const before = one[name]
      delete one[name]
      if (way === 'last') one[name] = before
    }
  }
  return copy
}

describe('the fast way of what the catalogue describes', () => {
  it('tells the same of inputs in which something was changed', () => {
    let fast = 0
    fc.assert(
      fc.property(
        fc.constantFrom(...SAMPLES),
        fc.array(change, { maxLength: 3 }),
        ({ number, area, input }, all) => {
          if (same(bytesOf(number, area, changed(input, all)))) fast += 1
        },
      ),
      { numRuns: runs(20_000) },
    )
    expect(fast).toBeGreaterThan(runs(20_000) / 10)
  })

  it('takes no input that is wrong', () => {
    const all = TRANSACTIONS.flatMap((number) =>
      [...badInputs(catalogue, number, '43')].map((bad) => ({ number, ...bad })),
    )
    const each = Math.ceil(all.length / runs(all.length))
    for (const { number, input } of all.filter((_, index) => index % each === 0)) {
      expect(same(bytesOf(number, AREAS[43], input))).toBe(false)
    }
  })

  it('is the way of every input that is right, but for those that lead to money', () => {
    const slow = SAMPLES.filter(({ number, area, input }) => !same(bytesOf(number, area, input))).map(
      ({ number }) => number,
    )
    expect([...new Set(slow)]).toEqual(OF_MONEY_OR_LISTS)
  })

  it('takes a message without its signature', () => {
    const input = {
      selinfoDetail: [
        saleRow({ item: 'Y1', batch: 'B1', at: '2026-03-02 09:12:45', visit: 'V1', codes: ['81'] }),
      ],
    }
    expect(same(bytesOf('3505A', AREAS[''], input, { cainfo: 'abc', signtype: 'SM2' }))).toBe(true)
  })
})
