/** A run of a profile from end to end: the visits, darkness, rest, the gate. */
import { setTimeout as pause } from 'node:timers/promises'
import { faultsOf, type Moment } from '../gate.ts'
import { atRest, type Parties } from '../parties.ts'
import type { ProfileRun } from './arguments.ts'
import type { Switch } from './darkness.ts'
import { drive } from './drive.ts'
import { Events } from './events.ts'
import { memoryOf, type Reading } from './memory.ts'
import { participants } from './participants.ts'
import { visitsOf } from './plan.ts'
import { PROFILES, type Profile } from './profiles.ts'
import { showProgress } from './progress.ts'
import { type PhaseOf, Recorder } from './recorder.ts'
import { openSender } from './sender.ts'
import { meanShare } from './shape.ts'
import { Player } from './visits.ts'

/** How a run was judged: `unproven` where the platforms show no book and the gateway's own sums close. */
export type Verdict = 'valid' | 'void' | 'unproven'

/** Everything a run gave. */
export interface RunResult {
  readonly profile: Profile
  readonly parties: Parties
  readonly recorder: Recorder
  readonly events: Events
  readonly memory: readonly Reading[]
  readonly verdict: Verdict
  readonly faults: readonly string[]
  readonly before: Moment
  readonly after: Moment
  readonly heard: { readonly sent: number; readonly yes: number }
  readonly startedAt: Date
  readonly durationMs: number
  readonly dark: { readonly province: string; readonly how: Switch['how'] } | null
  readonly endedEarly: boolean
}

const BUCKETS_MAX = 60
const BUCKET_MS = [250, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000, 300_000, 600_000, 3_600_000]
const LOOK_MS = 500
const MEMORY_MS = 5000
/** A recovery that has not found an outcome by then has something for a person to look at. */
const REST_MS = 15 * 60_000

/** The widths of the charts' steps: whole ones, and not more than can be seen. A minute for a drift. */
export function bucketOf(durationMs: number, drift: boolean): number {
  const fits = BUCKET_MS.find((ms) => durationMs / ms <= BUCKETS_MAX) ?? BUCKET_MS.at(-1)!
  return drift && durationMs >= 10 * 60_000 ? Math.max(60_000, fits) : fits
}

/** Before, during and after darkness, the dark province and the others apart; or the tenths of a drift. */
export function phasesOf({ dark, drift }: Profile, durationMs: number, province: string): PhaseOf {
  if (dark === null && !drift) return () => 'whole all'
  return (dueMs, destination) => {
    const at = dueMs / durationMs
    if (!dark) return `${at < 0.1 ? 'first' : at < 0.9 ? 'between' : 'last'} all`
    const whose = destination.endsWith(province) ? `${province}+` : 'others'
    return `${at < dark.from ? 'before' : at < dark.until ? 'dark' : 'after'} ${whose}`
  }
}

/** Turns the endpoint at its moments, and in any case back. */
async function darken(
  own: Switch,
  { from, until }: NonNullable<Profile['dark']>,
  durationMs: number,
  events: Events,
  elapsed: () => number,
  ended: AbortSignal,
): Promise<void> {
  const waitUntil = (ms: number) =>
    pause(Math.max(0, ms - elapsed()), undefined, { signal: ended }).catch(() => {})
  await waitUntil(from * durationMs)
  if (ended.aborted) return
  try {
    await own.turn('dark')
    events.turned('dark')
    await waitUntil(until * durationMs)
  } finally {
    await own.turn('back')
    events.turned('back')
  }
}

/**
 * Runs a profile.
 *
 * @param say for the operator
 * @param ended ends the arrivals early; the run is judged all the same
 */
export async function runProfile(
  run: ProfileRun,
  parties: Parties,
  say: (line: string) => void,
  ended: AbortSignal,
): Promise<RunResult> {
  const profile: Profile = PROFILES[run.name]
  const durationMs = run.minutes * 60_000
  const { problems, pairs, province, own } = await participants(run, parties, say)
  const visits = Math.round((run.rate * durationMs * meanShare(profile.shape)) / 1000)
  say(
    `${run.name}: about ${visits} visits in ${run.minutes} min, at most ${run.rate} a second, seed ${run.seed}`,
  )
  const judged = run.withoutBook ? { ...parties, provinces: [] } : parties
  const before = await atRest(judged)
  const resident = await memoryOf(parties.gateway)

  const startedAt = new Date()
  const start = performance.now()
  const elapsed = () => performance.now() - start
  const recorder = new Recorder(bucketOf(durationMs, profile.drift), phasesOf(profile, durationMs, province))
  const events = new Events(own ? province : null, elapsed)
  recorder.listen((sample) => events.see(sample))
  const sender = openSender(parties.gateway, problems, recorder, elapsed)
  const player = new Player(sender.send, elapsed)
  const memory: Reading[] = []
  const watching = new AbortController()
  const watched = [
    every(LOOK_MS, watching.signal, () => events.lookAtDestinations(parties.gateway)),
    every(MEMORY_MS, watching.signal, async () => {
      const bytes = await resident()
      if (bytes !== null) memory.push({ atMs: elapsed(), bytes })
    }),
  ]
  const stopProgress = showProgress(recorder, durationMs, elapsed)
  // A switch that fails ends the run: what it would show is not there.
  const broken = new AbortController()
  const halted = AbortSignal.any([ended, broken.signal])
  const dark = own && profile.dark ? darken(own, profile.dark, durationMs, events, elapsed, halted) : null
  dark?.catch(() => broken.abort())
  try {
    await drive(
      visitsOf(profile, pairs, { rate: run.rate, durationMs, seed: run.seed }),
      async (visit) => {
        recorder.visitBegins(visit.dueMs)
        recorder.visitEnded(await player.play(visit), elapsed())
      },
      elapsed,
      halted,
    )
  } finally {
    await dark
    stopProgress()
    await sender.close()
  }
  events.visitsEnded()
  say('every visit has ended; waiting until the gateway has no open case')
  let told = -1
  const after = await atRest(judged, {
    ms: REST_MS,
    open(cases) {
      if (cases !== told && cases > 0) say(`${cases} messages of money still without an outcome`)
      told = cases
    },
  })
  events.add('网关已没有结果未知的交易', 'the gateway has no open case')
  watching.abort()
  await Promise.all(watched)
  const faults = judge(before, after, sender.heard, run.withoutBook)
  const verdict = faults.length > 0 ? 'void' : run.withoutBook ? 'unproven' : 'valid'
  return {
    profile,
    parties,
    recorder,
    events,
    memory,
    verdict,
    faults,
    before,
    after,
    heard: sender.heard,
    startedAt,
    durationMs,
    dark: own ? { province, how: own.how } : null,
    endedEarly: ended.aborted,
  }
}

/** The gate; where the platforms show no book their side is taken from the tally, so that only the own sums can fail. */
function judge(before: Moment, after: Moment, heard: RunResult['heard'], withoutBook: boolean): string[] {
  if (!withoutBook) return faultsOf(before, after, heard)
  const own = ({ tally }: Moment): Moment => ({
    tally,
    effects: { standing: tally.settled - tally.reversed, standingFen: tally.standingFen },
  })
  return faultsOf(own(before), own(after), heard)
}

async function every(ms: number, ended: AbortSignal, act: () => Promise<void>): Promise<void> {
  while (!ended.aborted) {
    await act()
    await pause(ms, undefined, { signal: ended }).catch(() => {})
  }
}
