/** What a query of recovery shows of a message whose answer was lost. */
import { describe, expect, it } from 'vitest'
import { moneyEvidence, reversal } from '../../adapters/000000-national/evidence.ts'
import type { Message } from '../../src/extension/dialect.ts'
import { changed, fixture, messageOf, type Row, take } from './fixtures.ts'

/** The one question of an opening. */
const question = (message: Message) => message.operation.evidence!.questions![0]!

describe('found() of 5201', () => {
  const message = messageOf('2201')
  const { visitNumber } = message.subject
  const BEGIN = '2025-03-12 08:00:00'
  const row = (mdtrt_id: string, begntime: unknown = BEGIN, more: Row = {}) => ({
    ...{ mdtrt_id, begntime, ipt_otp_no: visitNumber },
    ...more,
  })
  const found = (mdtrtinfo: unknown, of = message, isOthers?: (encounter: string) => boolean) => {
    const output = question(of).found!(of, { mdtrtinfo }, isOthers)
    const told = output as { data?: Row; result?: Row } | 'unclear' | null
    return told === null || told === 'unclear' ? told : (told.data ?? told.result)!.mdtrt_id
  }

  it.each<[string, unknown, string | null]>([
    ['no row', [], null],
    ['no rows at all', undefined, null],
    ['one row as an object', row('V1'), 'V1'],
    ['one row that begins at another time', [row('V1', '2025-03-12 09:00:00')], 'V1'],
    ['one row twice', [row('V1'), row('V1')], 'V1'],
    ['a row without an id', [row('')], null],
    ['a row of another number', [row('V1', BEGIN, { ipt_otp_no: 'another' })], null],
    ['two, of which one begins when ours does', [row('V1', '2025-03-12 09:00:00'), row('V2')], 'V2'],
    ['two that begin when ours does', [row('V1'), row('V2')], 'unclear'],
    ['two that begin at other times', [row('V1', '2025-03-12 09:00:00'), row('V2', '')], 'unclear'],
    ['two of which one is of another number', [row('V1', BEGIN, { ipt_otp_no: 'x' }), row('V2', '')], 'V2'],
  ])('of %s: %j', (_what, rows, expected) => {
    expect(found(rows)).toBe(expected)
  })

  it('leaves out what another message has opened', () => {
    expect(found([row('V1'), row('V2')], message, (id) => id === 'V1')).toBe('V2')
    expect(found([row('V1')], message, () => true)).toBeNull()
  })

  it('knows an admission by its begin too, and no row by no begin', () => {
    const begin = '2025-03-10 10:00:00'
    const admission = take(changed(fixture('2401'), 'mdtrtinfo.begntime', begin))
    const number = { ipt_otp_no: admission.subject.visitNumber }
    const rows = (time: string) => [row('V1', '2025-03-11 10:00:00', number), row('V2', time, number)]
    expect(found(rows(begin), admission)).toBe('V2')
    const without = { ...admission, document: { json: () => ({ input: {} }) } } as unknown as Message
    expect(found(rows(''), without)).toBe('unclear')
  })

  it('asks for the category of the message', () => {
    for (const [operation, category] of [
      ['2201', '11'],
      ['2401', messageOf('2401').subject.category],
    ]) {
      const asked = messageOf(operation!)
      expect(question(asked).ask(asked)).toMatchObject({ input: { data: { med_type: category } } })
    }
  })
})

describe('evidence of money', () => {
  it('is asked for by 5203 and then 5202, whose "no" only says that the visit cannot be read', () => {
    const message = messageOf('2207')
    const asked = moneyEvidence.questions!.map(({ ask, refused }) => [ask(message).transaction, refused])
    expect(asked).toEqual([
      ['5203', 'nothing'],
      ['5202', 'unclear'],
    ])
  })

  it('is none where another settlement is shown, or none', () => {
    const { found } = moneyEvidence.questions![0]!
    const message = messageOf('2207')
    const { setlinfo } = fixture('5203').reply.output as { setlinfo: Row }
    const of = (medins_setl_id: unknown) => ({ setlinfo: { ...setlinfo, medins_setl_id } })
    for (const output of [null, {}, of('another'), of(''), of(undefined)])
      expect(found!(message, output)).toBeNull()
    expect(found!(message, of(message.id))).not.toBeNull()
  })
})

describe('reversal()', () => {
  it('names the message by its id and number, and the person where one is known', () => {
    const message = messageOf('2207')
    const { id, subject } = message
    const data = { psn_no: subject.person, omsgid: id, oinfno: '2207' }
    expect(reversal(message)).toEqual({ transaction: '2601', input: { data } })
    expect(reversal({ ...message, subject: {} }).input).toEqual({ data: { ...data, psn_no: '' } })
  })
})
