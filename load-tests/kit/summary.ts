/** A finished run as plain data: what the report draws, and the line of JSON. */
import type { ProfileRun } from './arguments.ts'
import { type Quantiles, quantilesOf, type Times } from './histogram.ts'
import type { Profile } from './profiles.ts'
import { type Recorder, type Slice, SPENDERS, type Spender } from './recorder.ts'
import type { RunResult } from './run.ts'
import { shareAt } from './shape.ts'

/** A row of a table: messages that have something in common. */
export interface Row extends Quantiles {
  readonly name: string
  readonly messages: number
  readonly yes: number
  readonly refused: number
  readonly unsent: number
  /** Without a clear answer: unknown, and questions that nobody answered. */
  readonly unclear: number
  /** Mean milliseconds of an answered message by spender. */
  readonly spent: Readonly<Record<Spender, number>>
}

type Line = readonly (number | null)[]

/** What is drawn over time; every line has one figure a step. */
export interface Series {
  readonly seconds: readonly number[]
  readonly planned: Line
  readonly visits: Line
  readonly sent: Line
  readonly ended: Line
  readonly p50: Line
  readonly p99: Line
  readonly p999: Line
  readonly spent: Readonly<Record<Spender, Line>>
  /** Messages a second by destination and outcome. */
  readonly outcomes: Readonly<
    Record<string, Readonly<Record<'yes' | 'refused' | 'unsent' | 'unclear', Line>>>
  >
}

/** The figures at the head of a report. */
export interface Headline extends Quantiles {
  readonly profile: string
  readonly verdict: RunResult['verdict']
  readonly faults: readonly string[]
  readonly visits: number
  readonly wanted: number
  readonly settledDirectly: number
  /** Percent of the visits that wanted a settlement and got one at once; null if none did. */
  readonly settledDirectlyPercent: number | null
  readonly messages: number
  readonly unclear: number
  readonly visitP50: number | null
  readonly visitP99: number | null
  readonly moneySent: number
  readonly moneyYes: number
  readonly standing: number
  readonly standingFen: number
  readonly open: number
}

/** Figures of the first tenth of a run and of its last. */
export type Drift = Readonly<Record<'p50' | 'p99' | 'residentBytes', readonly [number | null, number | null]>>

/** Everything that the report shows. */
export interface Summary {
  readonly headline: Headline
  readonly series: Series
  readonly byTransaction: readonly Row[]
  readonly byDestination: readonly Row[]
  readonly byPhase: readonly (Row & { readonly phase: string })[]
  /** Milliseconds at shares of all messages, by group. */
  readonly quantiles: { readonly shares: readonly number[]; readonly groups: Readonly<Record<string, Line>> }
  readonly reasons: readonly {
    readonly outcome: string
    readonly code: string
    readonly text: string
    readonly title: string
    readonly count: number
  }[]
  readonly events: RunResult['events']['list']
  readonly memory: RunResult['memory']
  /** Stretch in which an endpoint was dark, in seconds. */
  readonly darkness: readonly [number, number] | null
  /** The first tenth against the last; null for a profile that does not look for it. */
  readonly drift: Drift | null
  /** How late the kit itself sent, ms. */
  readonly latenessP99: number | null
}

/** In the order in which they come. */
const PHASES = ['before', 'dark', 'after', 'first', 'between', 'last', 'whole']

/** Shares of the quantile plot: evenly in how rare they are, from every second message to one in 100,000. */
const SHARES = Array.from({ length: 61 }, (_, step) => 1 - 10 ** (-(step / 60) * 5))

const round = (value: number) => Math.round(value * 1000) / 1000

function rowOf(name: string, slice: Slice): Row {
  const { yes, refused, unsent, unanswered, unknown } = slice.outcomes
  return {
    name,
    messages: slice.times.count,
    yes,
    refused,
    unsent,
    unclear: unknown + unanswered,
    ...quantilesOf(slice.times),
    spent: meanOf(slice),
  }
}

function bySpender<Value>(figureOf: (spender: Spender) => Value): Record<Spender, Value> {
  const entries = SPENDERS.map((spender): [Spender, Value] => [spender, figureOf(spender)])
  return Object.fromEntries(entries) as Record<Spender, Value>
}

function meanOf({ spent, answered }: Slice): Record<Spender, number> {
  return bySpender((spender) => (answered === 0 ? 0 : round(spent[spender] / answered)))
}

function rowsOf(slices: ReadonlyMap<string, Slice>): Row[] {
  return [...slices]
    .map(([name, slice]) => rowOf(name, slice))
    .toSorted((one, other) => one.name.localeCompare(other.name))
}

function seriesOf(run: ProfileRun, { recorder, profile, durationMs }: RunResult): Series {
  const { buckets, bucketMs } = recorder
  const perSecond = (count: number) => round((count * 1000) / bucketMs)
  const destinations = [...recorder.byDestination.keys()].toSorted()
  const quantiles = buckets.map(({ times }) => quantilesOf(times))
  const means = buckets.map(meanOf)
  return {
    seconds: buckets.map((_, index) => (index * bucketMs) / 1000),
    planned: buckets.map((_, index) => plannedIn(profile, run.rate, durationMs, index * bucketMs, bucketMs)),
    visits: buckets.map(({ visits }) => perSecond(visits)),
    sent: buckets.map(({ sent }) => perSecond(sent)),
    ended: buckets.map(({ ended }) => perSecond(ended)),
    p50: quantiles.map(({ p50 }) => p50),
    p99: quantiles.map(({ p99 }) => p99),
    p999: quantiles.map(({ p999 }) => p999),
    spent: bySpender((spender) =>
      buckets.map(({ answered }, index) => (answered === 0 ? null : means[index]![spender])),
    ),
    outcomes: Object.fromEntries(
      destinations.map((destination) => {
        const counts = buckets.map(({ byDestination }) => byDestination.get(destination))
        const of = (...keys: ('yes' | 'refused' | 'unsent' | 'unknown' | 'unanswered')[]) =>
          counts.map((count) => perSecond(keys.reduce((sum, key) => sum + (count?.[key] ?? 0), 0)))
        const lines = { yes: of('yes'), refused: of('refused'), unsent: of('unsent') }
        return [destination, { ...lines, unclear: of('unknown', 'unanswered') }]
      }),
    ),
  }
}

function phasesIn({ byPhase }: Recorder): Summary['byPhase'] {
  const rows = rowsOf(byPhase).map((row) => {
    const [phase = '', name = ''] = row.name.split(' ')
    return { ...row, name, phase }
  })
  const order = (one: (typeof rows)[number]) => PHASES.indexOf(one.phase)
  return rows.toSorted((one, other) => one.name.localeCompare(other.name) || order(one) - order(other))
}

/** Visits a second that the shape asks for in the middle of a step. */
function plannedIn(
  { shape }: Profile,
  rate: number,
  durationMs: number,
  atMs: number,
  bucketMs: number,
): number | null {
  const at = (atMs + bucketMs / 2) / durationMs
  return at > 1 ? null : round(rate * shareAt(shape, at))
}

function quantilesIn({ recorder, dark }: RunResult): Summary['quantiles'] {
  const shares = SHARES.filter((share) => recorder.all.times.count * (1 - share) >= 1)
  const line = (times: Times) =>
    // A share that one message in all does not reach says nothing.
    shares.map((share) => (times.count * (1 - share) < 1 ? null : times.quantile(share)))
  const groups: Record<string, Line> = { all: line(recorder.all.times) }
  if (dark) {
    const names = [...recorder.byDestination.keys()].toSorted()
    const own = names.filter((name) => name.endsWith(dark.province))
    for (const name of own) groups[name] = line(recorder.byDestination.get(name)!.times)
  }
  return { shares, groups }
}

/** Mean of the memory between two shares of the time; null without a reading. */
function residentBetween({ memory, durationMs }: RunResult, from: number, until: number): number | null {
  const within = memory.filter(({ atMs }) => atMs >= from * durationMs && atMs < until * durationMs)
  if (within.length === 0) return null
  return Math.round(within.reduce((sum, { bytes }) => sum + bytes, 0) / within.length)
}

function driftOf(result: RunResult): Drift | null {
  if (!result.profile.drift) return null
  const [first, last] = ['first all', 'last all'].map((phase) =>
    quantilesOf(result.recorder.byPhase.get(phase)?.times),
  )
  return {
    p50: [first!.p50, last!.p50],
    p99: [first!.p99, last!.p99],
    residentBytes: [residentBetween(result, 0, 0.1), residentBetween(result, 0.9, 1)],
  }
}

/** The data of a run. */
export function summaryOf(run: ProfileRun, result: RunResult): Summary {
  const { recorder, before, after, heard } = result
  const { unanswered, unknown } = recorder.all.outcomes
  const headline: Headline = {
    profile: run.name,
    verdict: result.verdict,
    faults: result.faults,
    visits: recorder.visits,
    wanted: recorder.wanted,
    settledDirectly: recorder.settled,
    settledDirectlyPercent: recorder.wanted === 0 ? null : round((recorder.settled * 100) / recorder.wanted),
    messages: recorder.messagesEnded,
    unclear: unknown + unanswered,
    ...quantilesOf(recorder.all.times),
    visitP50: recorder.visitTimes.quantile(0.5),
    visitP99: recorder.visitTimes.quantile(0.99),
    moneySent: heard.sent,
    moneyYes: heard.yes,
    standing: after.tally.settled - after.tally.reversed - (before.tally.settled - before.tally.reversed),
    standingFen: after.tally.standingFen - before.tally.standingFen,
    open: after.tally.open,
  }
  return {
    headline,
    series: seriesOf(run, result),
    byTransaction: rowsOf(recorder.byTransaction),
    byDestination: rowsOf(recorder.byDestination),
    byPhase: phasesIn(recorder),
    quantiles: quantilesIn(result),
    reasons: [...recorder.reasons.values()].toSorted((one, other) => other.count - one.count),
    events: result.events.list.toSorted((one, other) => one.atMs - other.atMs),
    memory: result.memory,
    darkness: result.events.darkness(),
    drift: driftOf(result),
    latenessP99: recorder.lateness.quantile(0.99),
  }
}
