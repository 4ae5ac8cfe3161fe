/** What every proof of the torture gives: one row, the same figures for each. */
import { SingleBar } from 'cli-progress'
import Table from 'cli-table3'

/** The figures of a proof. */
export interface Figures {
  /** Faults that were made: kills, broken connections, failing disks, slips in the code. */
  readonly faults: number
  readonly settlements: number
  readonly lost: number
  readonly doubled: number
  readonly unknownLeft: number
  readonly longestRecoveryMs: number
}

/** A row of the table. */
export interface Proof extends Figures {
  readonly name: string
  readonly runs: number
}

/** Adds two proofs: sums, and the longer recovery. */
export function added<Row extends Omit<Proof, 'name'>>(total: Row, more: Omit<Proof, 'name'>): Row {
  return {
    ...total,
    runs: total.runs + more.runs,
    faults: total.faults + more.faults,
    settlements: total.settlements + more.settlements,
    lost: total.lost + more.lost,
    doubled: total.doubled + more.doubled,
    unknownLeft: total.unknownLeft + more.unknownLeft,
    longestRecoveryMs: Math.max(total.longestRecoveryMs, more.longestRecoveryMs),
  }
}

/** A proof without a run. */
export function emptyProof(name: string): Proof {
  return {
    name,
    runs: 0,
    faults: 0,
    settlements: 0,
    lost: 0,
    doubled: 0,
    unknownLeft: 0,
    longestRecoveryMs: 0,
  }
}

const PLAIN = { head: [], border: [] }
const HEAD = [
  'proof',
  'runs',
  'faults made',
  'settlements',
  'lost',
  'doubled',
  'unknown left',
  'longest recovery',
]

/** The table of all proofs. */
export function proofTable(proofs: readonly Proof[]): string {
  const table = new Table({
    head: HEAD,
    style: PLAIN,
    colAligns: ['left', ...HEAD.slice(1).map(() => 'right' as const)],
  })
  for (const { name, runs, faults, settlements, lost, doubled, unknownLeft, longestRecoveryMs } of proofs) {
    const recovery = `${(longestRecoveryMs / 1000).toFixed(1)} s`
    table.push([name, runs, faults, settlements, lost, doubled, unknownLeft, recovery])
  }
  return table.toString()
}

/** A table of counts: rows by columns, with sums. */
export function countTable(
  title: string,
  columns: readonly string[],
  rows: readonly { readonly name: string; readonly counts: readonly number[]; readonly sum: number }[],
): string {
  const head = [title, ...columns, 'all']
  const table = new Table({
    head,
    style: PLAIN,
    colAligns: ['left', ...head.slice(1).map(() => 'right' as const)],
  })
  for (const { name, counts, sum } of rows) table.push([name, ...counts.map((count) => count || ''), sum])
  return table.toString()
}

/** A bar where someone watches, a line each tenth where a log does. */
export function progressOf(what: string, total: number): { update(done: number): void; stop(): void } {
  const say = (done: number) => process.stderr.write(`${what}: ${done} of ${total}\n`)
  if (!process.stderr.isTTY) {
    const tenth = Math.max(1, Math.ceil(total / 10))
    let next = tenth
    const update = (done: number) => {
      if (done < next) return
      say(done)
      next = done - (done % tenth) + tenth
    }
    return { update, stop: () => {} }
  }
  const format = `${what} |{bar}| {value}/{total} {eta_formatted}`
  const bar = new SingleBar({ stream: process.stderr, format, clearOnComplete: true })
  bar.start(total, 0)
  return { update: (done) => bar.update(done), stop: () => bar.stop() }
}
