/** Counts messages by day and by what became of them, and how long they took. A message counts once, as it stands now. */
import { dayOf, type Instant } from '../../domain/day.ts'
import type { SourceOutcome } from '../../store/queries/figures/sources.ts'
import type { FigureWrites } from '../../store/queries/figures/writes.ts'
import { bucketOf } from './buckets.ts'
import { missOf } from './reasons.ts'

/** Takes one outcome. @param before finds the outcome of the same message that this one takes the place of */
export function countTraffic(
  writes: FigureWrites,
  row: SourceOutcome,
  before: (one: SourceOutcome) => SourceOutcome | undefined,
): void {
  if (row.number === null || row.kind === null) return
  time(writes, row)
  if (row.state === 'open') return
  const former = before(row)
  if (former) count(writes, former, -1)
  count(writes, row, 1)
  if (row.kind === 'settlement') attempt(writes, row)
}

function count(writes: FigureWrites, row: SourceOutcome, sign: 1 | -1): void {
  const { insured, treatment, institution, lane, number, kind, state, total, fund } = row
  const fine = state === 'accepted'
  const { code, hop } = fine ? { code: '', hop: '' } : missOf(row)
  writes.addTraffic(
    ...[dayOf(row.begun as Instant), insured ?? '', treatment ?? '', institution ?? '', lane ?? ''],
    ...[number ?? '', kind ?? '', state, code, hop],
    ...[sign, fine ? sign * (total ?? 0) : 0, fine ? sign * (fund ?? 0) : 0],
  )
}

function time(writes: FigureWrites, row: SourceOutcome): void {
  const day = dayOf(row.begun as Instant)
  const steps = [
    ['gateway', row.ownMicros],
    ['journal', row.commitMicros],
    ['platform', row.counterpartMicros],
  ] as const
  for (const [hop, micros] of steps)
    if (micros !== null)
      writes.addLatency(day, row.number ?? '', row.destination ?? '', hop, bucketOf(micros), 1, micros)
}

/** A visit succeeds with the first settlement of it that is taken. */
function attempt(writes: FigureWrites, row: SourceOutcome): void {
  const { institution, insured, treatment, encounter, exchange, lane, state } = row
  if (institution === null || insured === null) return
  writes.attempted({
    ...{ institution, visit: encounter ?? `message ${exchange}`, platform: insured.slice(0, 2) },
    ...{ day: dayOf(row.begun as Instant), insured, treatment: treatment ?? '', lane: lane ?? '' },
    ok: state === 'accepted' ? 1 : 0,
  })
}
