/** A message of the national dialect is taken field by field in every allowed form, or refused by the field's name. */
import { describe, expect, it } from 'vitest'
import { day, decimal, optional, text, time, whole } from '../../adapters/000000-national/fields.ts'
import national from '../../adapters/000000-national/index.ts'
import { GatewayError } from '../../src/domain/problems.ts'
import { changed, FIXTURES, type Field, type Fixture, fixture, type Row, take } from './fixtures.ts'

/** Stands in every refused value, so that a sentence that repeats one is found out. */
const SECRET = '测庚七990007'

/** Why a request is refused: the place that is named, or what went wrong with the refusal itself. */
function refusalOf(request: Row): string {
  try {
    take(request)
    return 'taken'
  } catch (cause) {
    if (!(cause instanceof GatewayError)) return `threw ${String(cause)}`
    if (cause.code !== 'invalid-field' || cause.stage !== 'receive') return `${cause.code} at ${cause.stage}`
    if (cause.message.includes(SECRET) || JSON.stringify(cause.extra).includes(SECRET)) return 'value told'
    const fields = cause.extra.fields as { field: string }[]
    return fields.every(({ field }) => cause.message.includes(field))
      ? fields.map(({ field }) => field).join()
      : 'unnamed'
  }
}

/** The fields of a fixture that are not answered as they should be with these values; empty where all are. */
function wrongly(
  given: Fixture,
  values: (field: Field) => readonly unknown[],
  expected: (field: Field) => string,
) {
  return given.fields.flatMap((field) =>
    values(field)
      .map((value) => ({ value, told: refusalOf(changed(given, field.path, value)) }))
      .filter(({ told }) => told !== expected(field))
      .map(({ value, told }) => `${field.path} = ${JSON.stringify(value)?.slice(0, 40)}: ${told}`),
  )
}

const taken = () => 'taken'
const named = ({ path }: Field) => path
const EMPTY = ['', null, undefined]

/** Codes of the closed set that a field has everywhere; null if any text may stand in it. */
function codesOf({ request }: Fixture, { path, form }: Field): readonly string[] | null {
  if (form !== 'text') return null
  const place = path.replaceAll(/\[\d+\]/g, '')
  const { input } = national.catalogue!.nodes(String(request.infno), '')
  const node = input.find(({ at }) => at === place.slice(0, Math.max(0, place.lastIndexOf('.'))))
  const set = node?.fields.find(({ name }) => name === place.split('.').at(-1))?.set
  const codes = set ? national.catalogue!.values(set, '') : null
  return codes && [...codes]
}

const TAKEN = {
  text: ({ max }: Field) => ['x', '字'.repeat(max), ' x\u3000', 1],
  decimal: () => [0, 12.34, '12.34', '-5', -5, '7.00', ' 1', '.50', '12.3400000000'],
  whole: () => [0, 3, '3', '3 ', '3.0'],
  day: () => [
    ...['2025-03-12', '2025-03-12 08:00:00', '2025-03-12T08:00', '2025-03-12T08:00:00'],
    ...['20250312', '2025/03/12', '2025-3-12', '2025-03-12 8:00', 1741737600000],
  ],
  time: () => [
    ...['2025-03-12 08:00:00', '2025-03-12T08:00:00', '2025-03-12 08:00', '2025-03-12'],
    ...['20250312080000', '2025/03/12 08:00:00', '2025-03-12T00:00:00.0000000Z', 1741737600000],
  ],
} satisfies Record<Field['form'], (field: Field) => unknown[]>

const NO_TIMES = ['2025-02-29', '2025-13-01 08:00:00', '2025-03-12 25:61:61']
const NO_EVENTS = ['1900-01-01 00:00:00', '2099-01-01 08:00:00', '9999-12-31']

const REFUSED = {
  text: ({ max }: Field) => [SECRET.padEnd(max + 1, 'x'), 1e21, true, { [SECRET]: 1 }, [SECRET]],
  decimal: () => [SECRET, '1e3', '1.', '1,0', '1.1234567', true, {}, ['1']],
  whole: () => [SECRET, 1.5, '1.5', '1e3', true, {}],
  day: () => [SECRET, 20250312, true, '2025-3', ...NO_TIMES],
  time: () => [SECRET, '2025-03-12 08', 20250312, {}, ...NO_TIMES, ...NO_EVENTS],
} satisfies Record<Field['form'], (field: Field) => unknown[]>

describe.each(FIXTURES)('the input of $operation', (given) => {
  it('must have every field that the text asks for', () => {
    expect(wrongly(given, ({ optional }) => (optional ? [] : EMPTY), named)).toEqual([])
  })

  it('may leave the others out, null or empty', () => {
    expect(wrongly(given, ({ optional }) => (optional ? EMPTY : []), taken)).toEqual([])
  })

  it('takes each form, numbers as text and text at its longest', () => {
    expect(wrongly(given, (field) => codesOf(given, field) ?? TAKEN[field.form](field), taken)).toEqual([])
  })

  it('refuses another form by name, one character too many too, and never repeats the value', () => {
    const isExtension = ({ path }: Field) => path.endsWith('exp_content')
    const refused = (field: Field) =>
      REFUSED[field.form](field).filter((value) => !(isExtension(field) && typeof value === 'object'))
    expect(wrongly(given, refused, named)).toEqual([])
  })

  it('refuses what is in no closed set of its field, by name', () => {
    const outside = (field: Field) => (codesOf(given, field) ? ['9x', 77] : [])
    expect(wrongly(given, outside, named)).toEqual([])
  })

  it('must have every node, as an object or rows', () => {
    for (const [node, value] of Object.entries(given.request.input)) {
      const others = Array.isArray(value) ? [{}, value[0], []] : [[], 'text', 1]
      for (const other of [undefined, null, ...others]) {
        expect(refusalOf(changed(given, node, other)), `${node} = ${JSON.stringify(other)}`).toBe(node)
      }
    }
  })
})

describe('the sentence of a refusal', () => {
  /** What is said of a field of the fixtures that holds the secret in place of its form. */
  function sentencesOf(form: Field['form'], value: unknown) {
    return FIXTURES.flatMap((given) =>
      given.fields
        .filter((field) => field.form === form)
        .map(({ path }) => ({ path, read: () => take(changed(given, path, value)) })),
    )
  }

  it.each(['text', 'day', 'time'] as const)('says in Chinese that %s is wrong', (form) => {
    const value = form === 'text' ? true : SECRET
    for (const { path, read } of sentencesOf(form, value))
      expect(read, path).toThrow(/ [\p{Script=Han}A-Za-z/]+须为/u)
  })

  it('says in Chinese that a field is empty', () => {
    for (const { path, read } of sentencesOf('text', 'x'.repeat(5000)))
      expect(read, path).toThrow(/须为不超过\d+个字符的文本/)
    expect(() => take(changed(fixture('2207'), 'data.psn_no', ''))).toThrow('data.psn_no 人员编号不能为空')
    expect(() => take(changed(fixture('2207'), 'data.psn_no', undefined))).toThrow(
      'data.psn_no 人员编号不能为空',
    )
    expect(() => take(changed(fixture('2207'), 'data.psn_no', null))).toThrow('data.psn_no 人员编号不能为空')
  })

  // fields.ts gives its sentence to the union but not to the regex inside, so the text of zod comes through.
  it.each(['decimal', 'whole'] as const)('says in Chinese that %s is wrong', (form) => {
    for (const { path, read } of sentencesOf(form, SECRET))
      expect(read, path).toThrow(/ [\p{Script=Han}A-Za-z/]+须为/u)
  })

  it('says in Chinese that an amount is empty', () => {
    expect(() => take(changed(fixture('2207'), 'data.medfee_sumamt', ''))).toThrow('医疗费总额不能为空')
  })
})

describe('rows', () => {
  it('are taken up to 2000 and refused beyond', () => {
    const given = fixture('2302')
    const row = (given.request.input.data as Row[])[0]!
    expect(refusalOf(changed(given, 'data', Array(2000).fill(row)))).toBe('taken')
    expect(refusalOf(changed(given, 'data', Array(2001).fill(row)))).toBe('data')
  })

  it('name the row that is at fault', () => {
    expect(refusalOf(changed(fixture('2301'), 'feedetail[2].cnt', SECRET))).toBe('feedetail[2].cnt')
  })

  it('name twenty faults and count the others', () => {
    const given = fixture('2302')
    const data = Array.from({ length: 21 }, () => ({ feedetl_sn: 'F1', mdtrt_id: 'E1' }))
    expect(() => take(changed(given, 'data', data))).toThrow(/data\[19\]\.psn_no [^；]+；另有1处$/)
    expect(() => take(changed(given, 'data', data.slice(1)))).toThrow(/data\[19\]\.psn_no [^；]+$/)
  })
})

/** Facts: the envelope's request table. */
const ENVELOPE: readonly [string, number, boolean][] = [
  ['infno', 6, true],
  ['msgid', 30, true],
  ['mdtrtarea_admvs', 6, true],
  ['insuplc_admdvs', 6, false],
  ['recer_sys_code', 10, true],
  ['dev_no', 100, false],
  ['dev_safe_info', 2000, false],
  ['cainfo', 1024, false],
  ['signtype', 10, false],
  ['infver', 6, true],
  ['opter_type', 3, true],
  ['opter', 30, true],
  ['opter_name', 50, true],
  ['inf_time', 19, true],
  ['fixmedins_code', 12, true],
  ['fixmedins_name', 200, true],
  ['sign_no', 30, false],
]

describe('the envelope', () => {
  const { request } = fixture('2207')

  it.each(ENVELOPE)('%s has at most %d characters; asked for: %s', (field, max, required) => {
    for (const value of EMPTY) {
      expect(refusalOf({ ...request, [field]: value })).toBe(required ? field : 'taken')
    }
    expect(refusalOf({ ...request, [field]: SECRET.padEnd(max + 1, 'x') })).toBe(field)
    expect(refusalOf({ ...request, [field]: true })).toBe(field)
    expect(refusalOf({ ...request, [field]: { [SECRET]: 1 } })).toBe(field)
    if (!/infno|ad?m.?vs|inf_time/.test(field))
      expect(refusalOf({ ...request, [field]: '字'.repeat(max) })).toBe('taken')
  })

  it('must have an input that is an object', () => {
    for (const input of [undefined, null, SECRET, 1, []])
      expect(refusalOf({ ...request, input })).toBe('input')
  })

  it('is judged before the transaction is', () => {
    expect(refusalOf({ ...request, infno: '9999', msgid: '' })).toBe('msgid')
    expect(Object.keys(national.operations)).not.toContain('9999')
  })
})

describe('the form of a field', () => {
  it('is made once for its words, and another for others', () => {
    expect(text(30, '姓名')).toBe(text(30, '姓名'))
    expect(optional(day('出生日期'))).toBe(optional(day('出生日期')))
    const others = [
      text(30, '姓名'),
      text(3, '姓名'),
      text(30, '名'),
      decimal('姓名'),
      whole('姓名'),
      day('姓名'),
    ]
    expect(new Set([...others, time('姓名'), ...others.map(optional)]).size).toBe(13)
  })
})
