/** What the console stands on, and how it reads: everything heavy on another thread, within the time of a page. */
import type { Day, Instant } from '../../domain/day.ts'
import { type Dialect, operationNamed } from '../../extension/dialect.ts'
import type { Journal } from '../../journal/journal.ts'
import type { Offload } from '../../offload/offload.ts'
import type { QuestionOf, TaskName } from '../../offload/tasks.ts'
import type { Services } from '../../pipeline/context.ts'
import type { Recovery } from '../../pipeline/recovery/recover.ts'
import type { Clock } from '../../ports.ts'
import type { ChannelStatus } from '../../transport/transport.ts'
import type { DayRead, LifeRead, OpenRead, PlacedRow, Pulse } from './reads.ts'
import type { ShownCase } from './unknown-page.ts'

/** What the console works on. */
export interface ConsolePorts {
  readonly services: Pick<Services, 'codes' | 'spoken' | 'dialect'>
  readonly clock: Pick<Clock, 'now'>
  readonly journal: Pick<Journal, 'keep' | 'byId' | 'indexed'>
  readonly recovery: Pick<Recovery, 'shown' | 'hasten' | 'isPaused'>
  readonly offload: Pick<Offload, 'answer'>
  /** Number of this worker, where it is one of several. */
  readonly worker?: number
  /** Directory of the accounts and sessions, which all workers have in common. */
  readonly peopleDir: string
  readonly publicUrl: string | null
  destinations(): readonly ChannelStatus[]
  today(): Day
  /** A line for the log. */
  note(what: Readonly<Record<string, unknown>>, text: string): void
  /** Told of what is our own fault. */
  fault(cause: unknown): void
}

/** Asks what the pages show. A signal ends what nobody waits for any more. */
export interface ConsoleReader {
  open(prefixes: readonly string[] | null, gone?: AbortSignal): Promise<OpenRead>
  named(text: string, gone?: AbortSignal): Promise<readonly PlacedRow[]>
  life(worker: number, exchange: number, gone?: AbortSignal): Promise<LifeRead>
  pulse(now: Instant, gone?: AbortSignal): Promise<Pulse>
  day(day: Day, prefixes: readonly string[] | null, gone?: AbortSignal): Promise<DayRead>
  /** Adds what this worker knows of its own cases. */
  withProgress(rows: readonly PlacedRow[]): Promise<readonly ShownCase[]>
}

/** Names of the operations by which an institution compares with a platform's book. */
const COMPARING = ['reconcile-totals', 'reconcile-line-by-line']

/** Makes it. */
export function createConsoleReader(ports: ConsolePorts): ConsoleReader {
  const { offload, journal, recovery, worker = 1, services } = ports

  async function ask<Answer, Name extends TaskName = TaskName>(
    task: Name,
    question: QuestionOf<Name>,
    gone?: AbortSignal,
  ): Promise<Answer> {
    await journal.indexed()
    const { body } = await offload.answer(task, question, gone)
    return (await new Response(body).json()) as Answer
  }
  const onPage = <Answer>(question: QuestionOf<'console-page'>, gone?: AbortSignal) =>
    ask<Answer>('console-page', question, gone)

  return {
    open: (prefixes, gone) => onPage({ ask: 'open', prefixes }, gone),
    named: (text, gone) => onPage({ ask: 'named', text }, gone),
    life: (of, exchange, gone) => onPage({ ask: 'life', worker: of, exchange }, gone),
    pulse: (now, gone) => onPage({ ask: 'pulse', now }, gone),
    day(day, prefixes, gone) {
      const comparing = comparingOf(services.dialect)
      return ask('console-day', { day, prefixes, comparing }, gone)
    },
    async withProgress(rows) {
      const own = rows.filter((row) => row.worker === worker)
      const known = new Map((await recovery.shown(own)).map((one) => [one.exchange, one]))
      return rows.map((row) => ({ row, known: row.worker === worker ? (known.get(row.id) ?? null) : null }))
    },
  }
}

function comparingOf(dialect: Dialect): string[] {
  return COMPARING.map((name) => operationNamed(dialect, name).transaction)
}
