/**
 * A small list of service items whose edition and whose local maps change at one midnight, and the oracle that says what
 * a code means on a day. The oracle is a list of plain facts; it knows nothing of editions, maps or the engine.
 */
import { type Day, parseDay } from '../../src/domain/day.ts'
import { type Codebook, type CodeMap, defineCodebook, defineCodeMap } from '../../src/extension/codebook.ts'

/** The day on which the second edition of the list and of the maps comes into force. */
export const TURN = parseDay('2026-03-03')
const BEGINNING = parseDay('2020-01-01')
const EVE = parseDay('2026-03-02')

const KEPT = '001102000010000'
const GONE = '001102000020000'
const COMING = '001102000030000'
const ENDING = '001102000040000'

const source = { grade: 'A', text: 'invented for the simulation' } as const
const named = (code: string) => ({ code, name: `项目${code.slice(6, 11)}` })

/** The list of service items of a run, in the place of the real one. */
export const items: Codebook = defineCodebook({
  id: 'service',
  standard: 2,
  title: 'Items of the simulation',
  titleZh: '医疗服务项目',
  fields: ['med_list_codg'],
  shape: /^001\d{12}$/,
  shapeSource: source,
  editions: [
    {
      version: 'first',
      from: BEGINNING,
      source,
      entries: [named(KEPT), named(GONE), { ...named(ENDING), until: EVE }],
    },
    {
      version: 'second',
      from: TURN,
      source,
      entries: [named(KEPT), named(COMING), { ...named(ENDING), until: EVE }],
    },
  ],
})

const row = (code: string, target: string) =>
  ({ code, name: `本院${code}`, targets: [target], relation: 'equivalent' }) as const

/** The map of one hospital's own codes. */
export function mapOf(system: string): CodeMap {
  return defineCodeMap({
    system,
    standard: 'service',
    editions: [
      {
        version: 'old',
        from: BEGINNING,
        source,
        rows: [row('Z0001', KEPT), row('Z0002', GONE), row('Z0003', ENDING)],
      },
      { version: 'new', from: TURN, source, rows: [row('Z0001', COMING), row('Z0002', KEPT)] },
    ],
  })
}

/** What a code means, from a day (included) until a day (not included). Everything else means nothing. */
const FACTS: readonly (readonly [given: string, national: string, from: Day, until: Day | null])[] = [
  [KEPT, KEPT, BEGINNING, null],
  [GONE, GONE, BEGINNING, TURN],
  [COMING, COMING, TURN, null],
  [ENDING, ENDING, BEGINNING, EVE],
  ['Z0001', KEPT, BEGINNING, TURN],
  ['Z0001', COMING, TURN, null],
  ['Z0002', GONE, BEGINNING, TURN],
  ['Z0002', KEPT, TURN, null],
  ['Z0003', ENDING, BEGINNING, EVE],
]

/** Codes that hospitals of a run know of; the last one nobody does. */
const CODES = [KEPT, GONE, COMING, ENDING, 'Z0001', 'Z0002', 'Z0003', 'Z0009'] as const

/** What a code of a hospital means on a day: the national code, or null where it must not leave. */
export function oracle(given: string, day: string): string | null {
  const fact = FACTS.find(
    ([code, , from, until]) => code === given && day >= from && (until === null || day < until),
  )
  return fact?.[1] ?? null
}

/** The editions of list and map by which a code was made national on a day. */
export function editionsOn(day: string): { readonly list: string; readonly map: string } {
  return day < TURN ? { list: 'first', map: 'old' } : { list: 'second', map: 'new' }
}

/** Codes that mean something on a day, or those that do not. */
export function codesOn(day: string, good: boolean): readonly string[] {
  return CODES.filter((code) => (oracle(code, day) !== null) === good)
}

/** Whether a code is a national one, right or wrong. */
export function isNational(code: string): boolean {
  return !code.startsWith('Z')
}
