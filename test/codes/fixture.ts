/** A small world of codes: two standards, two editions, one hospital. */
import { createCodes } from '../../src/codes/codes.ts'
import { type Day, parseDay } from '../../src/domain/day.ts'
import type { Codebook, CodeMap, Source } from '../../src/extension/codebook.ts'

const source: Source = { grade: 'A', text: 'Invented for a test' }

/** Reads a day. */
export const on = (text: string): Day => parseDay(text)

/** Diagnoses: `B01.000` goes with edition 2.0 for a far code, `B02.000` comes with it, `C…` rows have days of their own. */
export const illness: Codebook = {
  id: 'illness',
  standard: 1,
  title: 'Illness',
  titleZh: '医保疾病',
  fields: ['diag_code'],
  shape: /^[A-Z]\d{2}\.[0-9x]\d{2}(?:x\d{3})?$/,
  shapeSource: source,
  editions: [
    {
      version: '1.0',
      from: on('2020-01-01'),
      source,
      entries: [
        { code: 'A01.000', name: '伤寒旧名' },
        { code: 'B01.000', name: '水痘', replacedBy: 'D01.001' },
      ],
    },
    {
      version: '2.0',
      from: on('2022-01-01'),
      source,
      entries: [
        { code: 'A01.000', name: '伤寒' },
        { code: 'A01.x00', name: '副伤寒' },
        { code: 'A01.009', name: '伤寒九型' },
        { code: 'A01.010', name: '伤寒十型' },
        { code: 'B02.000', name: '带状疱疹' },
        { code: 'C01.000', name: '甲病', until: on('2025-01-01'), replacedBy: 'C02.000' },
        { code: 'C02.000', name: '甲病新编码', from: on('2025-01-01') },
        { code: 'D01.000', name: '灰色病', grey: true },
        { code: 'D01.001', name: '灰色病一型' },
      ],
    },
  ],
}

/** Services: the only fee item with a suffix. */
export const treatment: Codebook = {
  id: 'treatment',
  standard: 2,
  title: 'Treatment',
  titleZh: '医疗服务项目',
  fields: ['med_list_codg'],
  shape: /^\d{15}$/,
  shapeSource: source,
  suffix: /^-[0-9A-Za-z.]{1,14}$/,
  editions: [
    {
      version: '1',
      from: on('2020-01-01'),
      source,
      entries: [
        { code: '001102000010000', name: '普通门诊诊查费' },
        { code: '001102000020000', name: '专家门诊诊查费' },
      ],
    },
  ],
}

/** Medicines: another fee item, told apart by its form. */
export const medicine: Codebook = {
  ...treatment,
  id: 'medicine',
  standard: 3,
  titleZh: '医保药品',
  shape: /^X\d{3}$/,
  suffix: undefined,
  editions: [
    { version: '1', from: on('2020-01-01'), source, entries: [{ code: 'X001', name: '阿司匹林肠溶片' }] },
  ],
} as Codebook

/** Preparations: a fee item without a known form. */
export const preparation: Codebook = {
  ...medicine,
  id: 'preparation',
  titleZh: '医疗机构制剂',
  shape: null,
  editions: [
    { version: '1', from: on('2020-01-01'), source, entries: [{ code: 'ANY TEXT', name: '止咳合剂' }] },
  ],
}

/** Local illnesses of hospital `H`: `L1` changes its target in 2026, `L2` ends, `L3` means two. */
export const illnessMap: CodeMap = {
  system: 'H',
  standard: 'illness',
  editions: [
    {
      version: '2025',
      from: on('2025-01-01'),
      source,
      rows: [
        { code: 'L1', name: '伤寒', targets: ['A01.000'], relation: 'equivalent' },
        { code: 'L2', name: '副伤寒', targets: ['A01.x00'], relation: 'equivalent', until: on('2025-07-01') },
        { code: 'L3', name: '两病', targets: ['A01.000', 'B02.000'], relation: 'related' },
        { code: 'L4', name: '甲病', targets: ['C01.000'], relation: 'equivalent' },
        { code: 'L5', name: '两病一废', targets: ['A01.000', 'C01.000'], relation: 'related' },
        { code: 'L6', name: '灰色病', targets: ['D01.000'], relation: 'broader' },
        { code: 'L7', name: '新病', targets: ['A01.x00'], relation: 'equivalent', from: on('2025-09-01') },
        { code: 'A01.000', name: '带状疱疹', targets: ['B02.000'], relation: 'equivalent' },
      ],
    },
    {
      version: '2026',
      from: on('2026-01-01'),
      source,
      rows: [{ code: 'L1', name: '伤寒', targets: ['A01.x00'], relation: 'equivalent' }],
    },
  ],
}

/** Local treatments of hospital `H`. */
export const treatmentMap: CodeMap = {
  system: 'H',
  standard: 'treatment',
  editions: [
    {
      version: '1',
      from: on('2025-01-01'),
      source,
      rows: [{ code: 'Z1', name: '诊查费', targets: ['001102000010000-1102'], relation: 'equivalent' }],
    },
  ],
}

/** The engine over all of them. */
export const codes = createCodes({
  codebooks: [treatment, preparation, medicine, illness],
  maps: [illnessMap, treatmentMap],
})
