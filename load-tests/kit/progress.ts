/** Says how a run goes: a bar on a terminal, a line every ten seconds elsewhere. */
import { SingleBar } from 'cli-progress'
import { quantile } from '../statistics.ts'
import type { Recorder } from './recorder.ts'

const BAR_MS = 500
const LINE_MS = 10_000

/** Where it is shown. */
export interface Screen {
  readonly isTTY?: boolean
  write(text: string): unknown
}

function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** What can be said at a moment, in messages and their last seconds. */
export function stateOf(recorder: Recorder, nowMs: number): string {
  const { times, rate } = recorder.recent(nowMs)
  const { yes, refused, unsent, unanswered, unknown } = recorder.all.outcomes
  const ms = (share: number) => (times.length === 0 ? '–' : quantile(times, share).toFixed(0))
  // What is looked at most comes first: a narrow terminal cuts the end off.
  return [
    `${rate.toFixed(0)}/s`,
    `p50 ${ms(0.5)} p99 ${ms(0.99)} ms`,
    `sent ${recorder.messagesSent}`,
    `open ${recorder.messagesSent - recorder.messagesEnded}`,
    `yes ${yes}`,
    `refused ${refused}`,
    `unsent ${unsent}`,
    `unclear ${unknown + unanswered}`,
  ].join(' · ')
}

/** Shows progress until it is told to stop. */
export function showProgress(
  recorder: Recorder,
  totalMs: number,
  elapsed: () => number,
  screen: Screen = process.stderr,
): () => void {
  const line = () => `${clock(elapsed())} / ${clock(totalMs)} · ${stateOf(recorder, elapsed())}`
  if (!screen.isTTY) {
    const timer = setInterval(() => screen.write(`${line()}\n`), LINE_MS)
    return () => clearInterval(timer)
  }
  const bar = new SingleBar({
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    barsize: 12,
    format: '{bar} {line}',
  })
  bar.start(totalMs, 0, { line: line() })
  const timer = setInterval(() => bar.update(Math.min(elapsed(), totalMs), { line: line() }), BAR_MS)
  return () => {
    clearInterval(timer)
    bar.stop()
  }
}
