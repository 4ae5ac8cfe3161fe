/** Codes of described messages become national where the institution has a map, wherever they stand. */
import { describe, expect, it } from 'vitest'
import national from '../../../adapters/000000-national/index.ts'
import { nationalMessage } from '../../../src/client/message.ts'
import { loadCodes } from '../../../src/codes/load.ts'
import { parseDay } from '../../../src/domain/day.ts'
import { shippedCatalogue } from '../../../src/extension/catalogue.ts'
import { sampleInput } from '../../../src/extension/catalogue-samples.ts'
import type { Systems } from '../../../src/extension/dialect.ts'
import { loadRegistry } from '../../../src/extension/registry.ts'
import { spellingOf } from '../../../src/extension/spelling.ts'
import { translate } from '../../../src/pipeline/translate.ts'

const registry = await loadRegistry()
const codes = loadCodes(registry)
const catalogue = shippedCatalogue()
const sender = {
  ...{ institution: 'H62010290001', name: '兰州大学城关医院（虚构）' },
  ...{ treatmentArea: '620102', insuredArea: '620102' },
}
const MAPPED: Systems = { diagnosis: 'H62010290001-diagnosis', item: 'H62010290001' }

type Input = Record<string, unknown>

function read(infno: string, input: unknown, systems: Systems) {
  const head = { id: 'H62010290001202606150800000001', at: '2026-06-15 08:00:00' }
  const body = Buffer.from(JSON.stringify(nationalMessage(sender, infno, input, head)))
  return national.read(national.open(body, null), systems)
}

/** A message as it goes to the platform. */
function sent(infno: string, input: unknown, systems = MAPPED) {
  const agreed = { codes: 'warn', today: parseDay('2026-06-15') } as const
  const done = translate(codes, national, read(infno, input, systems), () => {}, agreed)
  return { ...done, input: done.message.document.json().input as Input }
}

/** A sample input with some of its fields as they are given, in every place. */
const sample = (infno: string, values: Input) =>
  sampleInput(catalogue, infno, { province: '', whole: true, values }) as Record<string, Input & Input[]>

describe('codes of a described transaction', () => {
  it.each([
    ['4101', 'diseinfo', 'diag_code', 'diag_name'],
    ['6201', 'data.diseinfoList', 'diagCode', 'diagName'],
    ['4901', 'upldDetlList', 'maindiagCode', 'maindiagName'],
  ])('%s %s.%s goes on as the national code of the map, with its name', (infno, at, field, name) => {
    const values = { [field]: 'I10.x01', [name]: '原发性高血压', diag_type: '1' }
    const { input, mapped, evidence } = sent(infno, sample(infno, values))
    const node = at.split('.').reduce<unknown>((one, step) => (one as Input)[step], input)
    const row = (Array.isArray(node) ? node[0] : node) as Input
    expect(row[field]).toBe('I10.x00x002')
    expect(row[name]).toBe('高血压')
    expect(mapped).toContain('I10.x00x002')
    expect(evidence).toContain('"diagnosis"')
  })

  it('are translated in every row, each row by its own code, and nothing else is changed', () => {
    const [one, other] = [{ diag_code: 'K29.500' }, { diag_code: 'K29.300' }]
    const whole = sample('4101', { diag_type: '1' })
    const row = whole.diseinfo![0]!
    const given = { ...whole, diseinfo: [one, other, one].map((code) => ({ ...row, ...code })) }
    const { input } = sent('4101', given)
    const diseinfo = input.diseinfo as Input[]
    expect(diseinfo.map(({ diag_code }) => diag_code)).toEqual(['K29.300', 'K29.500', 'K29.300'])
    const others = (rows: readonly Input[]) => rows.map(({ diag_code: _, diag_name: __, ...rest }) => rest)
    expect(others(diseinfo)).toEqual(others(given.diseinfo))
    expect({ ...input, diseinfo: null }).toEqual({ ...given, diseinfo: null })
  })

  it('of an item become national where only its own code is told, and a filled national code stays', () => {
    const row = { med_list_codg: '', fixmedins_hilist_id: 'Y0001' }
    const local = sent('3505A', { selinfoDetail: [{ ...rowOf3505A(), ...row }] })
    const [first] = local.input.selinfoDetail as Input[]
    const mapped = codes.resolve('item', { system: MAPPED.item!, code: 'Y0001' }, parseDay('2026-06-15'))
    expect(first).toMatchObject({ med_list_codg: mapped.ok && mapped.code, fixmedins_hilist_id: 'Y0001' })
    const code = { med_list_codg: 'XA10ABM907B002010199001', fixmedins_hilist_id: 'Y0001' }
    const filled = sent('3505A', { selinfoDetail: [{ ...rowOf3505A(), ...code }] })
    expect(filled.input.selinfoDetail).toMatchObject([code])
    expect(filled.message.warnings).toBeUndefined()
  })

  it('go on as they came where the map lacks them, and that is told; a marked one is national', () => {
    const { input, message } = sent('4101', sample('4101', { diag_code: 'ZZ9', diag_type: '1' }))
    expect((input.diseinfo as Input[])[0]!.diag_code).toBe('ZZ9')
    const told = message.warnings?.find(({ code }) => code === 'ZZ9')
    expect(told).toMatchObject({
      field: 'opspdiseinfo[0].diag_code',
      standard: 'diagnosis',
      reason: 'not-mapped',
    })
    const marked = sent('4101', sample('4101', { diag_code: 'national:I10.x00x002', diag_type: '1' }))
    expect((marked.input.diseinfo as Input[])[0]!.diag_code).toBe('I10.x00x002')
  })

  it('are of Chinese medicine where the type of the diagnosis says so, and then of another map', () => {
    const input = { ...sample('4101', { diag_code: 'I10.x01', diag_type: '2' }), opspdiseinfo: [] }
    const diagnosesIn = (systems: Systems) =>
      read('4101', input, systems).codes.flatMap(({ field, standard }) =>
        field === 'diag_code' ? [standard] : [],
      )
    expect(diagnosesIn(MAPPED)).toEqual([])
    expect(diagnosesIn({ ...MAPPED, tcm: 'H62010290001-tcm' })).toEqual(['tcm'])
  })

  it('are not listed for an institution that sends national codes', () => {
    const input = sample('4101', { diag_code: 'I10.x01' })
    expect(read('4101', input, {}).codes).toEqual([])
    expect(sent('4101', input, {}).message.document.json().input).toMatchObject({ diseinfo: input.diseinfo })
  })
})

function rowOf3505A(): Input {
  return sample('3505A', {}).selinfoDetail![0]!
}

it('every field of the list stands in some transaction, and every standard is a codebook', () => {
  const names = new Set<string>()
  for (const number of catalogue.heads.keys())
    for (const { fields } of catalogue.nodes(number, '43').input)
      for (const { name } of fields) names.add(spellingOf(name))
  const standards = new Set(['item', ...registry.codebooks.map(({ id }) => id)])
  for (const [field, { standard, others = [], or = {} }] of Object.entries(catalogue.codes())) {
    expect(names, field).toContain(spellingOf(field))
    for (const one of [standard, ...others, ...Object.values(or)]) expect(standards, field).toContain(one)
  }
})
