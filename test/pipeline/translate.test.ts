/** Every code of a message is made national or refused by its place, and what was done to it is kept as evidence. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCodes } from '../../src/codes/codes.ts'
import { readEvidence } from '../../src/codes/evidence.ts'
import type { ClaimCode, ClaimLine, GivenCode } from '../../src/domain/claim.ts'
import { asFen } from '../../src/domain/money.ts'
import type { Dialect, Message } from '../../src/extension/dialect.ts'
import type { NationalCodes } from '../../src/extension/national-codes.ts'
import { translate } from '../../src/pipeline/translate.ts'
import { illness, illnessMap, on, treatment, treatmentMap } from '../codes/fixture.ts'
import { numbered } from '../support/identity-numbers.ts'

const day = on('2025-06-01')

/** The fixture under the names that a bill asks for. */
const codes = createCodes({
  codebooks: [treatment, { ...illness, id: 'diagnosis' }],
  maps: [{ ...illnessMap, standard: 'diagnosis' }, treatmentMap],
})

const dialect = { place: (message: Message) => message } as unknown as Dialect

const line = (at: string, given: GivenCode, amount = 100): ClaimLine => ({
  standard: 'item',
  refuses: 'E501',
  nationalField: 'med_list_codg',
  field: 'medins_list_codg',
  at,
  day,
  given,
  price: 1_000_000,
  quantity: amount * 100,
  amount: asFen(amount),
})

const illnessOf = (given: GivenCode, index: number): ClaimCode => ({
  ...({ standard: 'diagnosis', refuses: 'E502', several: 'rows' } as const),
  ...{ at: `diseinfo[${index}]`, field: 'diag_code', day, given },
})

const of = (lines: readonly ClaimLine[], codes: readonly ClaimCode[] = []) =>
  ({ subject: { lines }, codes: [...lines, ...codes] }) as unknown as Message

const message = (items: readonly GivenCode[], diagnoses: readonly GivenCode[] = []) =>
  of(
    items.map((item, index) => line(`F${index + 1}`, item, (index + 1) * 100)),
    diagnoses.map(illnessOf),
  )

const NOBODY = numbered('99000719850315007')

const local = (code: string, name?: string): GivenCode => ({ system: 'H', code, ...(name && { name }) })

function attempt(given: Message) {
  let noted: string | null = null
  const note = (evidence: string) => {
    noted = evidence
  }
  try {
    const { evidence, mapped } = translate(codes, dialect, given, note)
    return { evidence: evidence ? readEvidence(evidence) : null, mapped, noted, error: null }
  } catch (error) {
    const evidence = noted ? readEvidence(noted) : null
    return { evidence, mapped: null, noted, error: error as Error & { extra: unknown } }
  }
}

describe('translate()', () => {
  it('names the place of every use in a row of its own, of a diagnosis too, whatever the line is called', () => {
    const odd = ['F"1', 'F\\2', '行3', 'F\n4', 'F5']
    const made = message(Array(odd.length).fill(local('Z1')), [local('L1'), local('L1')])
    const lines = made.subject.lines!.map((one, place) => ({ ...one, at: odd[place]! }))
    const { mapped, error } = attempt(of(lines, made.codes.slice(lines.length)))
    expect(error).toBeNull()
    const rows = JSON.parse(mapped!) as string[][]
    expect(rows.map(([code, , , , ...places]) => [code, ...places])).toEqual([
      ...odd.map((serial) => ['Z1', serial]),
      ['L1', 'diseinfo[0]'],
      ['L1', 'diseinfo[1]'],
    ])
  })

  it('finds every serial that comes again, in whatever order they come', () => {
    const serial = fc.constantFrom('F8', 'F9', 'F10', 'F11', 'f9', '', '行1', '行10')
    fc.assert(
      fc.property(fc.array(serial, { maxLength: 12 }), fc.boolean(), (drawn, ordered) => {
        const serials = ordered ? drawn.toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1)) : drawn
        const made = message(serials.map(() => local('Z1')))
        const lines = made.subject.lines!.map((one, place) => ({ ...one, at: serials[place]! }))
        const { error } = attempt(of(lines))
        const again = serials.filter((one, place) => serials.indexOf(one) < place)
        const told = (error?.extra as { lines: { at: string }[] } | undefined)?.lines.map(({ at }) => at)
        expect(told ?? []).toEqual(again)
      }),
    )
  })

  it('keeps how many codes there were and which rows made them national', () => {
    const { evidence, mapped, noted } = attempt(message([local('Z1')], [local('L1')]))
    expect(noted).toBeNull()
    expect(evidence).toEqual({
      codes: { item: 1, diagnosis: 1 },
      editions: { treatment: '1', diagnosis: '2.0' },
    })
    expect(JSON.parse(mapped!)).toEqual([
      ['Z1', '001102000010000-1102', 'H@1', '', 'F1'],
      ['L1', 'A01.000', 'H@2025', '', 'diseinfo[0]'],
    ])
  })

  it('keeps the edition of every standard, also where two have one version', () => {
    const same = {
      resolve: (_: string, { code }: GivenCode) => ({ ok: true, code, standard: code, edition: '1' }),
    } as unknown as typeof codes
    const given = message(['drug', 'service', 'drug'].map((code) => local(code)))
    const { evidence, mapped } = translate(same, dialect, given, () => {})
    expect(readEvidence(evidence!)?.editions).toEqual({ drug: '1', service: '1' })
    expect(mapped).toBeNull()
  })

  it('notes what could not be made national, with the money of the line and why, before it refuses', () => {
    const { evidence, error } = attempt(message([local('Z1'), local('Z9', '新项目')], [local('L9')]))
    expect(error).not.toBeNull()
    expect(evidence?.faults).toEqual([
      ['F2', 'item', 'not-mapped', 'H', 'Z9', '新项目', 200],
      ['diseinfo[0]', 'diagnosis', 'not-mapped', 'H', 'L9', '', null],
    ])
    expect(evidence?.codes.item).toBe(2)
  })

  it('keeps of what could not be made national no number of a person, wherever it was typed', () => {
    const name = '张三 13800138000'
    const { evidence } = attempt(
      message(
        [local(NOBODY), local('13812345678', name)],
        [local(` ９９${NOBODY.slice(2, 9)} ${NOBODY.slice(9)}`)],
      ),
    )
    expect(evidence?.faults?.map(([, , , , code, said]) => [code, said])).toEqual([
      ['', ''],
      // Local codes may be any digits.
      ['13812345678', '张三 ******'],
      ['', ''],
    ])
  })

  it('refuses nothing for a withdrawn diagnosis, and translates it where it can', () => {
    const given = message([], [local('L9'), local('L1')])
    const withdrawn = given.codes.map((one) => ({ ...one, withdrawn: true as const }))
    const placed: boolean[] = []
    const noting = {
      place: (one: Message, national: NationalCodes) => {
        placed.push(...national.map((code) => code !== null))
        return one
      },
    } as unknown as Dialect
    const { evidence } = translate(codes, noting, { ...given, codes: withdrawn }, () => {})
    expect(placed).toEqual([false, true])
    expect(readEvidence(evidence!)?.faults ?? []).toEqual([])
    expect(attempt(given).error).not.toBeNull()
  })

  it('notes nothing where only amounts are wrong', () => {
    const bad = { ...line('F1', local('Z1')), price: '2.00' }
    const { noted, error } = attempt(of([bad as unknown as ClaimLine]))
    expect(error).not.toBeNull()
    expect(noted).toBeNull()
  })

  it('says how a national code is sent that the map of the institution lacks, and offers it to nobody as another', () => {
    const { error } = attempt(message([local('001102000020000')], [local('A01.x00', '副伤寒'), local('L9')]))
    const { lines } = error!.extra as { lines: readonly { text: string; candidates: { code: string }[] }[] }
    expect(lines.map(({ text }) => text)).toEqual([
      '该院上传的是院内编码；“001102000020000”在其对照表中没有对应项。国家编码“001102000020000”为专家门诊诊查费，确要上传国家编码时请填入med_list_codg（REST为code）',
      '该院上传的是院内编码；“A01.x00”在其对照表中没有对应项。国家编码“A01.x00”为副伤寒，确要上传国家编码时请写作“national:A01.x00”（REST为"system":"national"）',
      '该院上传的是院内编码；“L9”在其对照表中没有对应项',
    ])
    expect(lines[1]!.candidates.map(({ code }) => code)).not.toContain('A01.x00')
  })

  it('offers candidates for the first twenty bad lines', () => {
    const items = Array.from({ length: 25 }, (_, index) => local(`X${index}`, '门诊诊查费'))
    const { error } = attempt(message(items))
    const { lines } = error!.extra as { lines: readonly { candidates: readonly unknown[] }[] }
    expect(lines.map(({ candidates }) => candidates.length > 0)).toEqual([
      ...Array.from({ length: 20 }, () => true),
      ...Array.from({ length: 5 }, () => false),
    ])
  })
})
