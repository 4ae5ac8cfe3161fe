/** Every dialect, found by its folder, says in its own wire what the national one says. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ClaimCode, GivenCode } from '../../src/domain/claim.ts'
import type { Instant } from '../../src/domain/day.ts'
import { type Dialect, type Message, NATIONAL_ALONE } from '../../src/extension/dialect.ts'
import type { Reply } from '../../src/extension/reply.ts'
import { FIXTURES, messageOf, SYSTEMS } from './fixtures.ts'

const ROOT = join(import.meta.dirname, '..', '..')
const FOLDERS = ['adapters', 'test/dialects'].flatMap((parent) =>
  readdirSync(join(ROOT, parent)).map((name) => join(ROOT, parent, name)),
)
const DIALECTS = await Promise.all(
  FOLDERS.filter((folder) => existsSync(join(folder, 'index.ts'))).map(async (folder) => ({
    folder,
    dialect: (await import(join(folder, 'index.ts'))).default as Dialect,
  })),
)

const AT = 1_740_000_000_000 as Instant

/** What a message says, without its bytes: codes may be read from them when they are asked for. */
function saidBy({ operation, document: _, judged: __, subject, codes, ...rest }: Message) {
  const clear = ({ system, code, name }: GivenCode) => ({ system, code, name })
  const inClear = <Code extends ClaimCode>(code: Code) => ({ ...code, given: clear(code.given) })
  const lines = subject.lines?.map(inClear)
  return {
    ...rest,
    subject: { ...subject, lines },
    codes: codes.map(inClear),
    transaction: operation.transaction,
  }
}

function moneyOf(reply: Reply) {
  return reply.verdict === 'yes' ? { settlement: reply.settlement, encounter: reply.encounter } : reply
}

it('there is the national dialect, and at least one that differs from it in everything', () => {
  expect(DIALECTS.map(({ dialect }) => dialect.id)).toEqual(
    expect.arrayContaining(['000000-national', '990000-old']),
  )
})

describe.each(DIALECTS.map(({ dialect, folder }) => [dialect.id, dialect, folder] as const))(
  '%s',
  (_, dialect, folder) => {
    const offered = FIXTURES.filter(({ operation }) => dialect.operations[operation])

    it('has the name of its folder', () => {
      expect(folder.endsWith(`/${dialect.id}`)).toBe(true)
    })

    it.each(offered)(
      '$operation: what it writes of a message it reads as the same message',
      ({ operation }) => {
        const message = messageOf(operation)
        const read = dialect.read(dialect.open(dialect.encode(message), null), { ...SYSTEMS })
        expect(saidBy(read)).toEqual(saidBy(message))
      },
    )

    it.each(offered.filter(({ result }) => result))(
      '$operation: its yes has the money and the visit of the national one',
      ({ operation, reply, result }) => {
        const message = messageOf(operation)
        const answer = dialect.answer(message, reply.output, AT, '620102202503120800000000000001')
        const { settlement = null, encounter = null } = result!
        expect(moneyOf(dialect.decode(message, answer))).toEqual({ settlement, encounter })
      },
    )

    it('its no is read as a no with the same words', () => {
      const message = messageOf('2207')
      const no = dialect.refuse({ reason: 'E101', text: '未备案' }, AT, '620102202503120800000000000001')
      expect(dialect.decode(message, no)).toMatchObject({ verdict: 'no', reason: 'E101', text: '未备案' })
    })

    it('takes nothing for an answer that is none', () => {
      for (const none of ['', 'ok', '<html><body>502</body></html>', '{}'])
        expect(() => dialect.decode(messageOf('2207'), Buffer.from(none))).toThrow()
    })

    it.each(samplesOf(folder))('fixtures/%s says what stands beside it', (name) => {
      const [transaction = '', side] = name.split('.')
      const bytes = readFileSync(join(folder, 'fixtures', name))
      const wanted = JSON.parse(
        readFileSync(join(folder, 'fixtures', `${transaction}.expected.json`), 'utf8'),
      )
      if (side === 'request') {
        const { subject } = dialect.read(dialect.open(bytes, null), NATIONAL_ALONE)
        expect(JSON.parse(JSON.stringify(subject))).toEqual(wanted.subject)
      } else {
        const reply = dialect.decode(messageOf(transaction), bytes)
        expect(moneyOf(reply)).toEqual({ settlement: null, encounter: null, ...wanted.answer })
      }
    })
  },
)

/** Messages of a place as they were seen: `2207.request.xml`, `2207.answer.xml`, what they mean in `2207.expected.json`. */
function samplesOf(folder: string): string[] {
  const fixtures = join(folder, 'fixtures')
  return existsSync(fixtures) ? readdirSync(fixtures).filter((name) => /\.(request|answer)\./.test(name)) : []
}
