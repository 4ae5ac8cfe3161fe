/** A medical category that is none is refused by name in every message. */
import { describe, expect, it } from 'vitest'
import { parseArea } from '../../src/domain/area.ts'
import { parseDay } from '../../src/domain/day.ts'
import type { Dialect, Envelope, Message, Subject } from '../../src/extension/dialect.ts'
import { openLanesOn } from '../../src/onboarding/book.ts'
import type { Institution } from '../../src/pipeline/institution-directory.ts'
import { readMessage } from '../../src/pipeline/receive.ts'

const lanes = new Set(['outpatient', 'inpatient', 'chronic'])
const institution: Institution = {
  code: 'H34010490001',
  name: '测试医院',
  area: '340104',
  lanes,
  open: openLanesOn([], lanes, parseDay('2026-12-01')),
  systems: { item: 'H34010490001', diagnosis: 'national' },
  codes: 'warn',
  suspended: false,
}

/** Reads a message of this subject. */
async function read(subject: Subject, transaction = '2203'): Promise<Message> {
  const message = {
    operation: { transaction },
    subject,
    insuredArea: parseArea('621002'),
    treatmentArea: parseArea('340104'),
  }
  const dialect = { read: () => message } as unknown as Dialect
  return readMessage(dialect, {} as Envelope, institution, async () => {})
}

describe('readMessage()', () => {
  it.each(['ZZ', '99', '8888', '2x'])(
    'refuses the medical category %s by name, in every message',
    async (category) => {
      for (const transaction of ['2203', '2401', '2207', '2304', '2001']) {
        await expect(read({ category }, transaction)).rejects.toEqual(
          expect.objectContaining({
            code: 'invalid-field',
            message: `med_type“${category}”不是已知的医疗类别`,
            extra: { fields: [expect.objectContaining({ field: 'med_type' })] },
          }),
        )
      }
    },
  )

  it.each(['11', '14', '21', '2101', '9902', undefined])(
    'takes the medical category %s',
    async (category) => {
      const { subject } = await read(category === undefined ? {} : { category })
      expect(subject.category).toBe(category)
    },
  )
})
