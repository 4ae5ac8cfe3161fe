/** A code of any standard is made national where the institution has a map for it, and goes as it came where not. */
import { describe, expect, it } from 'vitest'
import national from '../../adapters/000000-national/index.ts'
import { standardDialect } from '../../adapters/000000-national/standard.ts'
import { createCodes } from '../../src/codes/codes.ts'
import { readEvidence } from '../../src/codes/evidence.ts'
import { type CodeContract, systemsOf } from '../../src/codes/institution.ts'
import { parseDay } from '../../src/domain/day.ts'
import type { GatewayError } from '../../src/domain/problems.ts'
import { defineCodebook } from '../../src/extension/codebook.ts'
import { translate } from '../../src/pipeline/translate.ts'
import { fixture, type Row } from '../adapters/fixtures.ts'
import { codebooks } from '../codebooks/shipped.ts'

const INSTITUTION = 'H62010200001'
const today = parseDay('2025-03-12')
const source = { grade: 'A', text: 'Invented for a test' } as const

/** A standard that nobody knows of but its own file. */
const SIXTEENTH = defineCodebook({
  ...({ id: 'care-item', standard: 16, title: 'Long-term care', titleZh: '长期护理项目' } as const),
  ...{ fields: ['care_item'], shape: null, shapeSource: source },
  editions: [
    { version: '1', from: parseDay('2020-01-01'), source, entries: [{ code: 'CARE0001', name: '洗浴' }] },
  ],
})
const ALL = [...codebooks, SIXTEENTH]

/** The dialect of a place whose registration carries more codes than the national one: one line in its own operation. */
const dialect = standardDialect({
  id: '990001-own',
  title: '虚构',
  operations: {
    ...national.operations,
    2201: {
      ...national.operations['2201']!,
      codes: { 'data.care_item': 'care-item', 'data.phar_no': 'pharmacist', 'data.tumor_code': 'morphology' },
    },
  },
})

const LOCAL = 'K-7'

/** A code of a table that may be used, and its name. */
function nationalOf(standard: string) {
  const { entries } = ALL.find(({ id }) => id === standard)!.editions.at(-1)!
  const entry = entries.find(({ grey, heading, until }) => !grey && !heading && !until)!
  return { code: entry.code, name: entry.name }
}

/** Codes where the institution has a map to a standard from one local code. */
const codesWith = memo((standard: string | null) => {
  const row = standard && {
    ...{ code: LOCAL, name: '本院', relation: 'equivalent' as const },
    targets: [nationalOf(standard).code],
  }
  const edition = { version: '1', from: parseDay('2020-01-01'), source, rows: row ? [row] : [] }
  const maps = standard ? [{ system: INSTITUTION, standard, editions: [edition] }] : []
  return createCodes({ codebooks: ALL, maps })
})

/** Packing all tables takes long, and they never change. */
function memo<Key, Made>(make: (key: Key) => Made): (key: Key) => Made {
  const made = new Map<Key, Made>()
  return (key) => {
    if (!made.has(key)) made.set(key, make(key))
    return made.get(key)!
  }
}

/** A request with fields set by their paths, all other codes of it national. */
function request(transaction: string, set: Readonly<Record<string, unknown>>): string {
  const made = structuredClone(fixture(transaction).request) as { input: Record<string, Row | Row[]> }
  const rowsOf = (node: string) => [made.input[node] ?? []].flat()
  // What the fixture says of every field that may be left out is no code.
  for (const row of Object.keys(made.input).flatMap(rowsOf))
    for (const [field, value] of Object.entries(row)) if (value === '无') delete row[field]
  for (const row of rowsOf('diseinfo')) Object.assign(row, { diag_code: 'I10.x00x002', diag_name: '高血压' })
  for (const row of rowsOf('feedetail')) row.med_list_codg = nationalOf('service').code
  for (const row of rowsOf('mdtrtinfo')) {
    if ('dscg_maindiag_code' in row)
      Object.assign(row, { dscg_maindiag_code: 'I10.x00x002', dscg_maindiag_name: '高血压' })
  }
  for (const row of rowsOf('refmedin')) Object.assign(row, { diag_code: 'I10.x00x002', diag_name: '高血压' })
  for (const [path, value] of Object.entries(set)) {
    const [node, field] = path.replace('[]', '').split('.') as [string, string]
    for (const row of rowsOf(node)) row[field] = value
  }
  return JSON.stringify(made)
}

function send(body: string, codes: ReturnType<typeof codesWith>, contract: CodeContract = 'warn') {
  const systems = systemsOf({ code: INSTITUTION, name: '院' }, codes)
  const message = dialect.read(dialect.open(Buffer.from(body), null), systems)
  const translated = translate(codes, dialect, message, () => {}, { codes: contract, today })
  const { evidence, mapped } = translated
  return {
    sent: dialect.encode(translated.message).toString(),
    warnings: translated.message.warnings ?? [],
    evidence: readEvidence(evidence ?? '{}'),
    mapped,
  }
}

/** Which standard stands in which field of which transaction. */
const CARRIED: readonly [standard: string, transaction: string, path: string, also?: Row][] = [
  ['physician', '2201', 'data.atddr_no'],
  ['physician', '2203', 'diseinfo[].dise_dor_no'],
  ['physician', '2401', 'mdtrtinfo.atddr_no'],
  ['physician', '2204', 'feedetail[].bilg_dr_codg'],
  ['physician', '2301', 'feedetail[].orders_dr_code'],
  ['nurse', '2401', 'mdtrtinfo.resp_nurs_code'],
  ['pharmacist', '2201', 'data.phar_no'],
  ['department', '2201', 'data.dept_code'],
  ['department', '2201', 'data.caty', { dept_code: 'A03' }],
  ['department', '2401', 'mdtrtinfo.adm_dept_codg'],
  ['department', '2402', 'dscginfo.dscg_dept_codg'],
  ['department', '2204', 'feedetail[].bilg_dept_codg'],
  ['institution', '2501', 'refmedin.reflin_medins_no'],
  ['institution', '2204', 'feedetail[].etip_hosp_code'],
  ['pharmacy', '2501', 'refmedin.reflin_medins_no'],
  ['procedure', '2401', 'mdtrtinfo.oprn_oprt_code', { oprn_oprt_name: '本院名' }],
  ['chronic-disease', '2203', 'mdtrtinfo.dise_codg', { med_type: '14', dise_name: '本院名' }],
  ['by-disease-settlement', '2401', 'mdtrtinfo.dise_codg', { med_type: '21', dise_name: '本院名' }],
  ['by-disease-settlement', '2401', 'mdtrtinfo.bydise_setl_list_code'],
  ['day-surgery', '2401', 'mdtrtinfo.dise_codg', { med_type: '21', dise_name: '本院名' }],
  ['day-surgery', '2401', 'mdtrtinfo.daysrg_dise_list_code'],
  ['tcm', '2203', 'diseinfo[].diag_code', { diag_type: '2', diag_name: '本院名' }],
  ['morphology', '2201', 'data.tumor_code'],
  ['care-item', '2201', 'data.care_item'],
]

const bodyOf = (transaction: string, path: string, value: string, also: Row = {}) => {
  const node = path.slice(0, path.indexOf('.'))
  const beside = Object.entries(also).map(([field, text]) => [`${node}.${field}`, text])
  return request(transaction, { ...Object.fromEntries(beside), [path]: value })
}

const FILLED = ['refmedin.reflin_medins_no', 'data.caty']

describe.each(CARRIED)('%s in %s %s', (standard, transaction, path, also) => {
  const body = bodyOf(transaction, path, LOCAL, also)
  const { code, name } = nationalOf(standard)

  it('is made national where the institution has a map, and nothing else of the message is changed', () => {
    const { sent, warnings, evidence } = send(body, codesWith(standard))
    expect(sent).toBe(body.replaceAll(`"${LOCAL}"`, `"${code}"`).replaceAll('"本院名"', JSON.stringify(name)))
    expect(warnings).toEqual([])
    expect(evidence!.editions[standard]).toBeDefined()
  })

  it('goes as it came, byte for byte, where the institution has no map', () => {
    expect(send(body, codesWith(null)).sent).toBe(body)
  })

  it('goes as it came where the map lacks it, which is told, or refused where that was agreed', () => {
    const other = bodyOf(transaction, path, 'K-8', also)
    const { sent, warnings } = send(other, codesWith(standard))
    expect(sent).toBe(other)
    expect(warnings).toMatchObject([{ reason: 'not-mapped' }])
    expect(() => send(other, codesWith(standard), 'refuse')).toThrow(
      expect.objectContaining({ code: 'bad-codes' }) as GatewayError,
    )
  })

  // These codes fill their fields: there is no room for the mark, and they are told by their form.
  if (FILLED.includes(path)) return
  it('goes without its mark where it is marked as national, beside a map', () => {
    const { sent, warnings } = send(bodyOf(transaction, path, `national:${code}`, also), codesWith(standard))
    expect(sent).toBe(bodyOf(transaction, path, code, also))
    expect(warnings).toEqual([])
  })
})

it.each(['physician', 'nurse', 'pharmacist', 'institution', 'pharmacy'])(
  'a code of the form of %s is the national one, whatever the map of the institution lacks',
  (standard) => {
    const [, transaction, path] = CARRIED.find(([id]) => id === standard)!
    const { code } = nationalOf(standard)
    // One that the table lacks as well: the tables that come with the gateway are starters.
    for (const given of [code, code.slice(0, -1) + (code.endsWith('7') ? '8' : '7')]) {
      const body = bodyOf(transaction, path, given)
      expect(send(body, codesWith(standard))).toMatchObject({ sent: body, warnings: [] })
    }
  },
)

it.each(['physician', 'nurse', 'pharmacist'])(
  'what an institution calls a %s by is kept and told nowhere',
  (standard) => {
    const [, transaction, path] = CARRIED.find(([id]) => id === standard)!
    const mapped = send(bodyOf(transaction, path, LOCAL), codesWith(standard))
    expect(JSON.stringify([mapped.evidence, mapped.mapped])).not.toContain(LOCAL)
    const unmapped = send(bodyOf(transaction, path, '张三 K-8'), codesWith(standard))
    expect(JSON.stringify([unmapped.evidence, unmapped.warnings])).not.toMatch(/张三|K-8/)
  },
)
