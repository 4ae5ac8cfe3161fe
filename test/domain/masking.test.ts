/** Identity and person numbers are taken out of any sentence, and the ids of calls stay in it. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { withoutIdentity } from '../../src/domain/masking.ts'
import { isIdentityNumber } from '../../src/domain/person.ts'
import { invented, numbered } from '../support/identity-numbers.ts'

/** With its Luhn digit. */
function carded(body: string): string {
  const sum = [...body].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return body + ((10 - (sum % 10)) % 10)
}
const digits = (length: number) =>
  fc.array(fc.nat(9), { minLength: length, maxLength: length }).map((all) => all.join(''))
const phone = fc.tuple(fc.integer({ min: 130, max: 199 }), digits(8)).map((parts) => parts.join(''))
const card = fc
  .tuple(fc.constantFrom('62', '4', '5'), fc.integer({ min: 13, max: 16 }))
  .chain(([head, length]) => digits(length).map((rest) => carded(`${head}00${rest}`.slice(0, 18))))
const personal = fc.oneof(invented, phone, card)

/** Writes a number as people do: with gaps at some places, in full width or not. */
const written = (number: fc.Arbitrary<string>) =>
  fc
    .tuple(
      number,
      fc.array(fc.constantFrom('', '', '', ' ', '-', '  ', '\u3000', '\u00a0', ' - '), {
        minLength: 18,
        maxLength: 18,
      }),
      fc.boolean(),
    )
    .map(([text, gaps, isWide]) => {
      const spaced = [...text].map((digit, at) => (at === 0 ? '' : gaps[at - 1]) + digit).join('')
      return isWide
        ? spaced.replaceAll(/[0-9X]/g, (one) => String.fromCharCode(one.charCodeAt(0) + 0xfee0))
        : spaced
    })

const hex = (length: number) =>
  fc
    .array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length })
    .map((all) => all.join(''))
const trace = fc.oneof(
  hex(32),
  hex(16).filter((id) => /[a-f]/.test(id)),
  fc
    .tuple(hex(32), hex(16), fc.constantFrom('00', '01'))
    .map(([id, span, flags]) => `00-${id}-${span}-${flags}`),
  fc.uuid(),
  fc
    .tuple(digits(20), fc.constantFrom('host', '10.1.2.3:8080', 'hsa-fep-1'))
    .map(([id, host]) => `(trace${id}@${host})`),
)

describe('withoutIdentity()', () => {
  const number = numbered('99000119900101001')

  it.each<[string, string, string]>([
    ['alone', number, '******'],
    ['between Chinese characters', `参保人${number}未备案`, '参保人******未备案'],
    ['in brackets', `(${number})`, '(******)'],
    ['behind a colon', `certno:${number},`, 'certno:******,'],
    ['twice', `${number} ${number}`, '****** ******'],
    ['with a small x', '99000119900101001x', '******'],
    ['with a wrong check character', '990001199001010010', '******'],
    ['in a person number of 26 digits', '62000099000000000000000001', '62000099000000000000000001'],
    ['in a message id', 'H62010200001202511210800070001', 'H62010200001202511210800070001'],
    ['seventeen digits', '20250312080007120', '20250312080007120'],
    ['nothing to take out', '未办理备案', '未办理备案'],
  ])('%s', (_what, text, expected) => {
    expect(withoutIdentity(text)).toBe(expected)
  })

  it('leaves no invented number in any sentence', () => {
    const words = fc.constantFrom('参保人', '，', ' ', '(', '"', '：', '未备案', '\n')
    fc.assert(
      fc.property(words, invented, words, (before, each, behind) => {
        expect(withoutIdentity(before + each + behind)).toBe(`${before}******${behind}`)
      }),
    )
  })

  // The look-around keeps letters away too, so a number that is glued to Latin letters stays in the text.
  it.each(['ID990001199001010017', 'certno990001199001010017', '990001199001010017PSN'])(
    'cuts the number out of %s',
    (text) => {
      expect(withoutIdentity(text)).not.toContain('990001199001010017')
    },
  )
})

describe('numbers of persons in a sentence of a platform', () => {
  it.each<[string, string, string]>([
    ['an identity number in groups', '参保人990001 19900101 0017已死亡', '参保人******已死亡'],
    ['one with hyphens', '990001-19900101-0017', '******'],
    ['one in full width', '证件９９０００１１９９００１０１００１７无效', '证件******无效'],
    ['one with its X apart', '990001 19900101 001 X，未备案', '******，未备案'],
    ['the old form of fifteen', '证件990001900101001无效', '证件******无效'],
    ['a telephone', '请联系13800138000', '请联系******'],
    ['a telephone in groups', '电话138 0013 8000。', '电话******。'],
    ['a telephone with its country', '+86 138-0013-8000', '+******'],
    ['a telephone of a place', '电话0551-62345678', '电话******'],
    ['a bank card in groups', '卡号6222 0212 3456 7890 128', '卡号******'],
    ['a telephone as an address of mail', '(13800138000@mail.example)', '(******@mail.example)'],
    ['two that follow each other', '13800138000 990001199001010017', '****** ******'],
    ['amounts', '总额130.00 100.00 10.00', '总额130.00 100.00 10.00'],
    ['a day and a serial number', '2026-03-02 0800070001', '2026-03-02 0800070001'],
    ['a time', '2026-03-02 09:00:00.123', '2026-03-02 09:00:00.123'],
    ['the trace of a platform', '系统异常(trace0002@host)', '系统异常(trace0002@host)'],
    ['a number of a person in a trace', `(cert${numbered('99000119900101001')}@host)`, '(cert******@host)'],
  ])('%s', (_what, text, expected) => {
    expect(withoutIdentity(text)).toBe(expected)
  })

  const words = fc.constantFrom('参保人', '，', '(', '"', '：', '未备案', '卡号', '。')

  it('are gone however they are written', () => {
    fc.assert(
      fc.property(words, written(personal), words, (before, each, behind) => {
        expect(withoutIdentity(before + each + behind)).toBe(`${before}******${behind}`)
      }),
      { numRuns: 2000 },
    )
  })

  it('leave the ids of calls as they are, beside them too', () => {
    fc.assert(
      fc.property(words, trace, words, written(personal), (before, id, between, each) => {
        fc.pre(![...id.matchAll(/(?<!\d)\d{17}[\dXx](?!\d)/g)].some(([one]) => isIdentityNumber(one)))
        expect(withoutIdentity(before + id + between)).toBe(before + id + between)
        expect(withoutIdentity(`${id}${between}${each}`)).toBe(`${id}${between}******`)
      }),
      { numRuns: 2000 },
    )
  })

  it('change nothing more when it is done twice', () => {
    fc.assert(
      fc.property(fc.string(), written(personal), trace, (text, each, id) => {
        const once = withoutIdentity(`${text}${each} ${id}`)
        expect(withoutIdentity(once)).toBe(once)
      }),
    )
  })
})
