/** Shared by the tests of the reports: the worked example of the rate definitions, and a store that lives in memory. */
import national from '../../adapters/000000-national/index.ts'
import type { Area } from '../../src/domain/area.ts'
import type { Day } from '../../src/domain/day.ts'
import { reportCommand } from '../../src/reports/command.ts'
import type { Basis, Scope, SettlementRate } from '../../src/reports/settlement-rate.ts'
import type { Stay, StayEventKind } from '../../src/reports/stay.ts'
import { stayNumbersOf } from '../../src/reports/stay-numbers.ts'
import type { Database } from '../../src/store/database.ts'

export const HEADER = 'stay,person,insured_area,treatment_area,institution,admitted,discharged,event,at'
export const COUNTY = '621025' as Area
const TREATED = { X: '310101', N: '620102', L: '621002' } as const

/** One stay of the example: `'2025-01-15'`, `'D 01-15, R 01-16'`. */
export function stayOf(
  stay: string,
  person: string,
  where: keyof typeof TREATED,
  discharged: string,
  events: string,
  admitted = '2024-12-20',
): Stay {
  return {
    stay,
    person,
    insuredArea: COUNTY,
    treatmentArea: TREATED[where] as Area,
    institution: 'H00000000001',
    admitted: admitted as Day,
    discharged: discharged as Day,
    events: events
      .split(', ')
      .filter((text) => text !== '')
      .map((text) => ({
        event: text.slice(0, 1) as StayEventKind,
        at: (text.length > 8 ? text.slice(2) : `2025-${text.slice(2)}`) as Day,
      })),
  }
}

/** Rate definitions, section 3. */
export const EXAMPLE: readonly Stay[] = [
  stayOf('S01', 'P1', 'X', '2025-01-10', 'D 01-10'),
  stayOf('S02', 'P2', 'X', '2025-01-15', 'D 01-15, R 01-16, D 01-16'),
  stayOf('S03', 'P3', 'X', '2025-02-01', 'D 02-01, R 02-03, M 04-20'),
  stayOf('S04', 'P4', 'X', '2025-01-20', 'D 01-20'),
  stayOf('S05', 'P4', 'X', '2025-03-12', 'D 03-12'),
  stayOf('S06', 'P5', 'X', '2025-01-05', 'D 01-05'),
  stayOf('S07', 'P6', 'X', '2025-04-02', 'D 04-02', '2025-03-28'),
  stayOf('S08', 'P7', 'X', '2025-03-10', 'M 06-15'),
  stayOf('S09', 'P8', 'X', '2025-02-20', 'U 02-20'),
  stayOf('S10', 'P9', 'N', '2025-02-11', 'D 02-11'),
  stayOf('S11', 'P10', 'N', '2025-03-03', 'D 03-03'),
  stayOf('S12', 'P11', 'N', '2025-03-01', 'M 03-30'),
  stayOf('S13', 'P12', 'X', '2025-02-27', 'D 02-27'),
  stayOf('S14', 'P13', 'X', '2025-03-25', 'D 02-25, D 03-25'),
  stayOf('S15', 'P14', 'X', '2025-03-30', 'D 03-30, R 04-03, D 04-03'),
  stayOf('S16', 'P15', 'N', '2025-03-20', 'D 03-20, R 04-08'),
]

/** The twelve rows of its result table: as-of, scope, basis, numerator, denominator, rate, reached. */
export const EXAMPLE_RESULTS: readonly [Day, Scope, Basis, number, number, number, boolean][] = [
  ['2025-04-05' as Day, 'cross', 'broad', 8, 10, 80, true],
  ['2025-04-05' as Day, 'cross', 'narrow', 8, 8, 100, true],
  ['2025-04-05' as Day, 'intra', 'broad', 3, 4, 75, false],
  ['2025-04-05' as Day, 'intra', 'narrow', 3, 4, 75, false],
  ['2025-04-05' as Day, 'all', 'broad', 11, 14, 78.57, true],
  ['2025-04-05' as Day, 'all', 'narrow', 11, 12, 91.67, true],
  ['2026-03-31' as Day, 'cross', 'broad', 8, 11, 72.73, true],
  ['2026-03-31' as Day, 'cross', 'narrow', 8, 10, 80, true],
  ['2026-03-31' as Day, 'intra', 'broad', 2, 4, 50, false],
  ['2026-03-31' as Day, 'intra', 'narrow', 2, 3, 66.67, false],
  ['2026-03-31' as Day, 'all', 'broad', 10, 15, 66.67, false],
  ['2026-03-31' as Day, 'all', 'narrow', 10, 13, 76.92, true],
]

/** The stays as a file. */
export function csvOf(stays: readonly Stay[]): string {
  const rows = stays.flatMap((stay) =>
    stay.events.map(({ event, at }) =>
      [
        stay.stay,
        stay.person,
        stay.insuredArea,
        stay.treatmentArea,
        stay.institution,
        stay.admitted,
        stay.discharged,
        event,
        at,
      ].join(','),
    ),
  )
  return `${[HEADER, ...rows].join('\n')}\n`
}

/** What the operations of the national interface say of themselves. */
export const STAYS = stayNumbersOf(national.operations)

export const importContext = {
  stays: STAYS,
  isKnownArea: (code: string) => /^(62|31|34)/.test(code),
  pseudonym: (text: string) => `pseudonym-${text}`,
}

/** Runs the command; gives its exit code and what it said. */
export async function run(database: Database, ...args: string[]) {
  const said = { out: [] as string[], err: [] as string[] }
  const code = await reportCommand(args, {
    ...importContext,
    database,
    today: '2026-04-01' as Day,
    out: (text) => said.out.push(text),
    err: (text) => said.err.push(text),
  })
  return { code, out: said.out.join('\n'), err: said.err.join('\n'), lines: said.out.length }
}

/** Asks for the county over the command line, with `--json`. */
export async function ask(database: Database, ...args: string[]): Promise<SettlementRate> {
  return JSON.parse((await run(database, 'settlement-rate', '--area', COUNTY, '--json', ...args)).out)
}
