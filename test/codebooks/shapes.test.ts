/** Each codebook takes its sample codes and refuses near misses, or says that its form is not known. */
import { describe, expect, it } from 'vitest'
import { splitCode } from '../../src/codes/table.ts'
import { codebooks } from './shipped.ts'

/** Samples of code-standards.json, and near misses. */
const SAMPLES: Record<string, { right: string[]; wrong: string[] }> = {
  diagnosis: {
    right: ['I10.x00x002', 'E11.900', 'A00.000x001', 'A01.000x005+J17.0*', 'U07.100x001', 'X49.x00'],
    wrong: ['A17.0', 'D63.0*', 'I10', 'I10.x0', 'I10.x00x02', '110.x00', 'I10.x00x0022', 'M03900'],
  },
  procedure: {
    right: ['00.0100', '47.0100', '36.0700x004', '74.1x01', '81.5100', '17.911A1', '86.700x0013'],
    wrong: ['47.01', '47.01001', '7.0100', '36.0700x04', '86.700x0015', 'A7.0100'],
  },
  'clinical-diagnosis': {
    right: ['A00.900', 'A01.000x003†G01*', 'B37.600I39.8', 'C22.101M81600/3'],
    wrong: ['', 'a00.900', '00.0100', 'V6.01主码', 'A0'],
  },
  'clinical-procedure': {
    right: ['47.0100', '66.69x001', '86.700x0015', '00.31'],
    wrong: ['A47.01', '47', '4.70100'],
  },
  'beijing-diagnosis': {
    right: ['A00.001', 'A38xx02+I41.0*', 'I10xx02'],
    wrong: ['V6.01主码', '47.01001'],
  },
  'beijing-procedure': { right: ['47.01001', '16.7200x002'], wrong: ['A00.001', '47'] },
  tcm: {
    right: ['A04.02', 'A03.06.01', 'B02.07', 'BNG', 'ZBR', 'A01'],
    wrong: ['C04.02', 'A4.02', 'A04.2', 'bng', 'A04.02.'],
  },
  morphology: { right: ['M81400/3'], wrong: ['M8140/3', 'M81400', 'M814', 'M81400/33'] },
  service: {
    right: [
      '001102000010000',
      '002501010150200',
      '332502019010000',
      '372502020390100',
      '013105170010000',
      '001102000000100-110200002.10',
      '001204000060000-120400006h',
    ],
    wrong: [
      '110200001',
      '00110200001000',
      '0011020000100000',
      '991102000010000',
      '001102000010000-',
      'f310903',
    ],
  },
  drug: {
    right: [
      'XA01ABD075A002010100483',
      'XB05BAX104B002010100309',
      'ZD03AAA0043010100166',
      'ZC01AAA0042010105549',
      'T001700368',
    ],
    wrong: [
      'XA01ABD075A00201010048',
      'X-J01CA-A040-A006',
      'ZD03AAA004301010016',
      'T00170036',
      'T00010',
      'Z-A01BA-G0120',
    ],
  },
  consumable: {
    right: ['C0101010010100204744', 'C15011121200000107660000016', 'C0202020010100504254-32H04'],
    wrong: ['C010101001010020474', 'C1501112120000010766000001', 'C030602080', 'C0202020010100504254-'],
  },
  unit: { right: ['S13050010088'], wrong: ['S1305001008', '131199', 'SA0003'] },
  institution: {
    right: ['H50015501017', 'H31010600037', 'H13037100495'],
    wrong: ['HY110000000001', 'SA0003', 'H5001550101', 'P31010100003'],
  },
  physician: { right: ['D510105000123'], wrong: ['D51010500012', 'N510105000123'] },
  department: { right: ['A03', 'A03.04', 'A50.99'], wrong: ['0101', 'A3', 'A03.4', 'B03'] },
  nurse: { right: ['N510105000123'], wrong: ['D510105000123', 'N51010500012'] },
  pharmacy: { right: ['P31010100003'], wrong: ['H31010600037', 'P3101010000'] },
  pharmacist: { right: ['HY110000000001', 'HJ110000000001'], wrong: ['H31010600037', 'HZ110000000001'] },
  'chronic-disease': { right: ['M03900', 'M07803'], wrong: ['HBLB101', 'M81400/3', 'M0390', 'M039000'] },
  area: { right: ['500155', '131199', '130371'], wrong: ['5001', '950155', '5001550'] },
}

describe('shapes', () => {
  for (const book of codebooks) {
    const sample = SAMPLES[book.id]
    if (!book.shape) {
      it(`${book.id} takes any text, since its form is not known, and says so`, () => {
        expect(sample).toBeUndefined()
        expect(splitCode(book, 'anything')).not.toBeNull()
        expect(splitCode(book, ' ')).toBeNull()
        if (book.id !== 'settlement-list') expect(book.shapeSource.text).toContain('not verified')
      })
      continue
    }
    it(`${book.id} takes its samples and refuses near misses`, () => {
      expect(sample?.right.filter((code) => !splitCode(book, code))).toEqual([])
      expect(sample?.wrong.filter((code) => splitCode(book, code))).toEqual([])
    })
  }
})
