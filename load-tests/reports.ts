/**
 * `npm run reports-bench -- [--stays N]`: the rate from the figures against the count over every row that it took the place of,
 * on the same invented stays in one run. CPU seconds of this process; the answers must be equal. What it does not measure:
 * settlements meanwhile, stays of the journal itself, another engine.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import national from '../adapters/000000-national/index.ts'
import { type Area, prefixOf } from '../src/domain/area.ts'
import { addDays, type Day } from '../src/domain/day.ts'
import { answerRate } from '../src/reports/figures/ask-rate.ts'
import { bringAlong } from '../src/reports/figures/fold.ts'
import { BASES, type RateQuestion, SCOPES, settlementRate } from '../src/reports/settlement-rate.ts'
import { stayNumbersOf } from '../src/reports/stay-numbers.ts'
import { readStays } from '../src/reports/stays.ts'
import { createDice } from '../src/seeded-random.ts'
import { openDatabase } from '../src/store/database.ts'
import { figuresFile, openFigures } from '../src/store/queries/figures/open.ts'
import { sumFlows, sumStays } from '../src/store/queries/figures/sums.ts'
import { addStayRecord } from '../src/store/queries/stay-records.ts'

const { values } = parseArgs({ options: { stays: { type: 'string', default: '30000' } } })
const STAYS = Number(values.stays)
const COUNTIES = 99
const PLACES = ['310101', '110101', '610102', '620102', '510104'] as Area[]
const NUMBERS = stayNumbersOf(national.operations)

const directory = mkdtempSync(join(tmpdir(), 'zhijie-reports-bench-'))
const database = openDatabase(join(directory, 'zhijie.sqlite'))
const dice = createDice(7)
const below = (end: number) => Math.floor(dice.next() * end)

/** Stays of the 99 counties of one province, discharged in 2025: some withdrawn, claimed by hand or paid by the patient. */
function fill(): void {
  const add = addStayRecord(database.$client)
  for (let index = 0; index < STAYS; index += 1) {
    const discharged = addDays('2025-01-01' as Day, below(365))
    const county = below(COUNTIES)
    const insuredArea =
      `62${String(1 + Math.floor(county / 10)).padStart(2, '0')}${String(1 + (county % 10)).padStart(2, '0')}` as Area
    const stay = {
      ...{
        stay: `B${index}`,
        person: `P${below(STAYS)}`,
        institution: `H${below(500)}`,
        insuredArea,
        discharged,
      },
      ...{ treatmentArea: PLACES[below(PLACES.length)]!, admitted: addDays(discharged, -7), occurrence: 1 },
    }
    const kind = below(10)
    if (kind < 7) add({ ...stay, event: 'D', at: discharged }, 0)
    if (kind === 6) add({ ...stay, event: 'R', at: addDays(discharged, below(30)) }, 0)
    if (kind === 7 || kind === 8) add({ ...stay, event: 'M', at: addDays(discharged, below(120)) }, 0)
    if (kind === 9) add({ ...stay, event: 'U', at: discharged }, 0)
  }
}

/** CPU and time of some work, in milliseconds, and what it gave. */
function measured<Given>(work: () => Given, times = 1) {
  const [from, since] = [process.cpuUsage(), performance.now()]
  let given = work()
  for (let again = 1; again < times; again += 1) given = work()
  const { user, system } = process.cpuUsage(from)
  return { given, cpuMs: (user + system) / 1000 / times, wallMs: (performance.now() - since) / times }
}

const questionsOf = (area: string, from: string, to: string, asOf: string): RateQuestion[] =>
  SCOPES.flatMap((scope) =>
    BASES.map((basis) => ({
      area: area as Area,
      from: from as Day,
      to: to as Day,
      asOf: asOf as Day,
      scope,
      basis,
    })),
  )

const out = (text: string) => void process.stdout.write(`${text}\n`)
database.$client.transaction(fill)()
const figures = openFigures(figuresFile(database))
const made = measured(() => bringAlong(figures, database, NUMBERS))
const again = measured(() => bringAlong(figures, database, NUMBERS), 100)
out(`${STAYS} stays, ${made.given} events`)
out(
  `made: ${made.cpuMs.toFixed(0)} ms CPU, ${((made.cpuMs / made.given) * 1000).toFixed(0)} µs an event; nothing new: ${again.cpuMs.toFixed(2)} ms`,
)

for (const [name, area, from, to, asOf] of [
  ['county, quarter, past as-of', '620101', '2025-01-01', '2025-03-31', '2025-06-30'],
  ['province, quarter, provisional', '620000', '2025-01-01', '2025-03-31', '2025-04-05'],
  ['province, year, final', '620000', '2025-01-01', '2025-12-31', '2026-03-31'],
] as const) {
  const questions = questionsOf(area, from, to, asOf)
  const naive = measured(() => {
    const stays = readStays(database, NUMBERS, questions[0])
    return questions.map((question) => settlementRate(stays, question))
  })
  const quick = measured(() => answerRate(figures, { questions, single: false }), 20)
  if (JSON.stringify(naive.given) !== JSON.stringify(quick.given)) throw new Error(`Another figure: ${name}`)
  out(
    `${name}: ${naive.cpuMs.toFixed(0)} → ${quick.cpuMs.toFixed(1)} ms CPU, ${(naive.cpuMs / quick.cpuMs).toFixed(0)} ×`,
  )
}
const asked = {
  view: 'outbound',
  prefix: prefixOf('620000' as Area),
  from: '2025-01-01',
  to: '2025-12-31',
  asOf: '2026-03-31',
  institution: null,
} as const
const counties = measured(() => sumStays(figures.$client, asked, 'county'), 20)
out(`${counties.given.length} sums of 99 counties, year: ${counties.cpuMs.toFixed(1)} ms CPU`)
const flows = measured(() => sumFlows(figures.$client, asked), 20)
out(`${flows.given.length} flows, year: ${flows.cpuMs.toFixed(1)} ms CPU`)
out(`index and imports ${megabytes(database.$client.name)} MB, figures ${megabytes(figures.$client.name)} MB`)
figures.$client.close()
database.$client.close()
rmSync(directory, { recursive: true })

function megabytes(file: string): string {
  return (
    ['', '-wal'].reduce((sum, end) => sum + (statSync(file + end, { throwIfNoEntry: false })?.size ?? 0), 0) /
    2 ** 20
  ).toFixed(0)
}
