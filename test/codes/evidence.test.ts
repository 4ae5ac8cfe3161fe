/** What journals of an earlier version keep of a translation is read as today's. */
import { expect, it } from 'vitest'
import { readEvidence } from '../../src/codes/evidence.ts'

it('evidence of two counts is told by standard, and its faults too', () => {
  const former = {
    lines: 3,
    diagnoses: 1,
    editions: { drug: '1' },
    faults: [
      ['F1', 'E501', 'not-mapped', 'H', 'Z9', '名', 200],
      ['diseinfo[0]', 'E502', 'grey', 'H', 'L9', '', 0],
    ],
    further: [['data.atddr_no', 'physician', 'wrong-shape', '']],
  }
  expect(readEvidence(JSON.stringify(former))).toEqual({
    codes: { item: 3, diagnosis: 1 },
    editions: { drug: '1' },
    faults: [
      ['F1', 'item', 'not-mapped', 'H', 'Z9', '名', 200],
      ['diseinfo[0]', 'diagnosis', 'grey', 'H', 'L9', '', null],
    ],
    warned: [['data.atddr_no', 'physician', 'wrong-shape', '']],
  })
})

it('what is no evidence is none', () => {
  expect(readEvidence('{}')).toBeNull()
})
