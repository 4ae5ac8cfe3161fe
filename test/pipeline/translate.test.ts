import { describe, expect, it } from 'vitest'
import type { Codes } from '../../src/codes/codes.ts'
import type { Dialect, Message } from '../../src/extension/dialect.ts'
import { translate } from '../../src/pipeline/translate.ts'
import { illness, on, codes as shipped } from '../codes/fixture.ts'

const dialect = { place: (message: Message) => message } as unknown as Dialect
const messageOf = (...codes: readonly string[]) => {
  const diagnoses = codes.map((code, index) => ({
    index,
    field: `diseinfo[${index}] diag_code`,
    day: on('2025-06-01'),
    given: { system: 'H', code },
  }))
  return { subject: { diagnoses } } as unknown as Message
}

/** The engine of the fixture under the name that the pipeline asks for, with a word on where each row comes from. */
const codes: Codes = {
  ...shipped,
  resolve(_, given, day) {
    const answer = shipped.resolve(illness.id, given, day)
    if (!answer.ok || !answer.map || given.code !== 'L1') return answer
    return { ...answer, map: { ...answer.map, row: { ...answer.map.row, provenance: '对照表第1行' } } }
  },
}

describe('translate()', () => {
  it('keeps the editions, the rows of maps and where they come from as proof', () => {
    const { evidence } = translate(codes, dialect, messageOf('L1', 'A01.000'))
    expect(JSON.parse(evidence!)).toEqual({
      editions: { illness: '2.0' },
      mapped: [
        ['diseinfo[0]', 'L1', 'A01.000', 'H@2025', '对照表第1行'],
        ['diseinfo[1]', 'A01.000', 'B02.000', 'H@2025'],
      ],
    })
  })
})
