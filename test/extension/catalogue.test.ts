/** A catalogue is read as it lies there, by place: what one place asks for, no other is asked. */
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Catalogue, openCatalogue, shippedCatalogue } from '../../src/extension/catalogue.ts'
import { sampleInput } from '../../src/extension/catalogue-samples.ts'

const catalogue = shippedCatalogue()
const [JILIN, HUBEI, HUNAN, ELSEWHERE] = ['22', '42', '43', '']

const fieldOf = (number: string, province: string, at: string, name: string) =>
  catalogue
    .nodes(number, province)
    .input.find((node) => node.at === at)
    ?.fields.find((field) => field.name === name)

describe('the shipped catalogue', () => {
  it('describes 230 transactions, each once and with a file of its own', () => {
    expect(catalogue.heads.size).toBe(230)
    for (const number of catalogue.heads.keys()) {
      const { input, output } = catalogue.entry(number)
      expect([number, input.length > 0, Array.isArray(output)]).toEqual([number, true, true])
    }
  })

  it('names every field in Chinese, once in its node, and every node once', () => {
    const wrong = [...catalogue.heads.keys()].flatMap((number) => {
      const { input, output } = catalogue.nodes(number, HUNAN)
      return [input, output].flatMap((nodes) => {
        const places = nodes.map(({ at }) => at)
        const twice = places.filter((at, index) => places.indexOf(at) !== index)
        return [
          ...twice.map((at) => `${number} ${at} twice`),
          ...nodes.flatMap(({ at, fields }) =>
            fields
              .filter(({ name }, index) => fields.findIndex((one) => one.name === name) !== index)
              .map(({ name }) => `${number} ${at}.${name} twice`),
          ),
        ]
      })
    })
    expect(wrong).toEqual([])
    const unnamed = [...catalogue.heads.keys()].flatMap((number) =>
      catalogue
        .nodes(number, HUNAN)
        .input.flatMap(({ at, fields }) =>
          fields.filter(({ zh }) => zh === '').map(({ name }) => `${number} ${at}.${name}`),
        ),
    )
    expect(unnamed).toEqual([])
  })

  it('leads every word that it uses to a row: sets, undoings, editions, what a query reads, places', () => {
    const sets = catalogue.sets()
    const wrong = [...catalogue.heads.values()].flatMap((head) => {
      const { number, undo, like, undoes = [], reads = [] } = head
      const { input, output, places = [] } = catalogue.entry(number)
      const numbers = [undo, like, ...undoes, ...reads].filter((one) => one !== undefined)
      const nodes = [
        ...input,
        ...output,
        ...places.flatMap((row) => [...(row.input ?? []), ...(row.output ?? [])]),
      ]
      const used = nodes.flatMap(({ fields }) =>
        fields.flatMap(({ set, holds = [] }) => [...(set ? [set] : []), ...holds]),
      )
      return [
        ...numbers.filter((one) => !catalogue.heads.has(one)),
        ...used.filter((one) => !(one in sets)),
        ...places
          .filter(({ place }) => catalogue.provinceOf(`${place}0100`) === '')
          .map(({ place }) => place),
      ].map((word) => `${number}: ${word}`)
    })
    expect(wrong).toEqual([])
  })
})

describe('a place', () => {
  it('is asked for what its text marks, and no other place is', () => {
    expect(fieldOf('3505A', HUNAN, 'selinfoDetail', 'phar_name')?.must).toBe(true)
    expect(fieldOf('3505A', JILIN, 'selinfoDetail', 'phar_name')?.must).toBe(true)
    expect(fieldOf('3505A', HUBEI, 'selinfoDetail', 'phar_name')?.must).toBeUndefined()
    expect(fieldOf('3505A', ELSEWHERE, 'selinfoDetail', 'phar_name')?.must).toBeUndefined()
    // What clients of several provinces agree on is asked for everywhere.
    expect(fieldOf('2103', ELSEWHERE, 'data', 'setl_id')?.must).toBe(true)
  })

  it('spells as it does', () => {
    const spelt = (province: string) => fieldOf('3505A', province, 'selinfoDetail', 'mdtrt_setl_type')?.spelt
    expect([spelt(HUNAN), spelt(JILIN), spelt(HUBEI)]).toEqual(['MDTRT_SETL_TYPE', undefined, undefined])
    expect(fieldOf('2304', HUNAN, 'data', 'dscg_time')?.spelt).toBe('dscgTime')
  })

  it('has nodes of its own: the codes of drugs in 2207 in Hubei, in 2102 in Hunan', () => {
    const nodes = (number: string, province: string) =>
      catalogue.nodes(number, province).input.map(({ at }) => at)
    expect(nodes('2207', HUBEI)).toContain('drug_trac_info')
    expect(nodes('2207', HUNAN)).not.toContain('drug_trac_info')
    expect(nodes('2102', HUNAN)).toContain('drugdetail.durg_trac_info')
    expect(nodes('2102', HUBEI)).not.toContain('drugdetail.durg_trac_info')
  })

  it('narrows no set for others: what a province adds is taken everywhere, what it alone has is asked for there', () => {
    expect([...catalogue.values('acct_used_flag', ELSEWHERE)!]).toEqual(['0', '1', '2'])
    expect(catalogue.values('trdn_flag', ELSEWHERE)).toBeNull()
    expect([...catalogue.values('trdn_flag', HUNAN)!]).toEqual(['0', '1'])
    expect(catalogue.values('med_type', HUNAN)).toBeNull()
  })

  it.each(['sign_no', 'file_qury_no', 'ecToken'])('takes %s back as wide as a platform gives it', (name) => {
    const widthsOf = (side: 'input' | 'output') =>
      [...catalogue.heads.keys()].flatMap((number) =>
        catalogue
          .nodes(number, '')
          [side].flatMap(({ fields }) => fields.filter((field) => field.name === name))
          .map(({ width = 0 }) => width),
      )
    expect(Math.min(...widthsOf('input'))).toBeGreaterThanOrEqual(Math.max(...widthsOf('output')))
  })

  it('takes a code of any of the three widths of one text', () => {
    for (const [number, at] of [
      ['3502A', 'invinfoDetail.drugtracinfo'],
      ['3505A', 'selinfoDetail.drugtracinfo'],
      ['3506A', 'selinfoDetail.drugtracinfo'],
    ] as const)
      expect(fieldOf(number, HUNAN, at, 'drug_trac_codg')?.width).toBeGreaterThanOrEqual(100)
  })
})

describe('openCatalogue()', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'catalogue-'))
    cpSync(join(import.meta.dirname, '..', '..', 'adapters', '000000-national', 'catalogue'), folder, {
      recursive: true,
    })
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  it('reads no field before somebody asks', () => {
    rmSync(join(folder, 'fields', '4401.json'))
    rmSync(join(folder, 'value-sets.json'))
    const opened: Catalogue = openCatalogue(folder)
    expect(opened.heads.get('4401')?.zh).toBe('住院病案首页信息')
    expect(() => opened.entry('4401')).toThrow('4401.json')
    expect(() => opened.sets()).toThrow('value-sets.json')
  })

  it('stops on a transaction that is described twice', () => {
    const [first] = [...catalogue.heads.values()]
    writeFileSync(join(folder, 'transactions.json'), JSON.stringify([first, first]))
    expect(() => openCatalogue(folder)).toThrow('describes a transaction twice')
  })
})

describe('sampleInput()', () => {
  it('tells rows apart by their texts, and gives the ids that it is told', () => {
    const values = { psn_no: 'P1', fixmedins_code: 'H1' }
    const { selinfoDetail } = sampleInput(catalogue, '3505A', {
      province: HUNAN,
      rows: 2,
      whole: true,
      values,
    })
    const [one, other] = selinfoDetail as Record<string, unknown>[]
    expect([one!.fixmedins_bchno, other!.fixmedins_bchno]).toEqual(['fixmedins_bchno', 'fixmedins_bchno1'])
    expect([one!.psn_no, other!.psn_no]).toEqual(['P1', 'P1'])
    expect([one!.drugtracinfo, other!.drugtracinfo]).toEqual([
      [{ drug_trac_codg: 'drug_trac_codg' }],
      [{ drug_trac_codg: 'drug_trac_codg1' }],
    ])
  })
})
