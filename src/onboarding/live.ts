/**
 * The openings in use now. A step that an operator takes, by a command or at another worker, is seen within a second, without a
 * restart and beside the traffic: a settlement asks a map in memory.
 */
import { stat } from 'node:fs/promises'
import type { Clock } from '../ports.ts'
import { type BookedStep, bookOf, type OnboardingBook, type OnboardingNow } from './book.ts'
import { readSteps, stepsFile } from './file.ts'

/** Openings that follow the file. */
export interface LiveOnboarding extends OnboardingNow {
  /** Reads the file at once. @throws where it is not readable; what was in use stays in use */
  reload(): void
  stop(): void
}

/** What the live openings need. */
export interface LiveOnboardingOptions {
  readonly dataDir: string
  readonly shipped: readonly BookedStep[]
  readonly clock: Clock
  /** Told once of each state of the file that cannot be read. */
  fault(cause: unknown): void
}

/** Pause between two looks at the file. */
const LOOK_MS = 1000

/** Reads what stands and follows it. @throws where it is not readable at the start */
export function openLiveOnboarding({
  dataDir,
  shipped,
  clock,
  fault,
}: LiveOnboardingOptions): LiveOnboarding {
  const read = () => bookOf([...shipped, ...readSteps(dataDir)])
  let book: OnboardingBook = read()
  let seen: string | null = null
  let stopped = false
  let cancel = () => {}

  async function look(): Promise<void> {
    // The file is replaced as a whole, so that its stamp changes with its content.
    const stamp = await stat(stepsFile(dataDir)).then(
      ({ mtimeMs, ino, size }) => `${mtimeMs} ${ino} ${size}`,
      () => '',
    )
    if (stopped) return
    if (stamp !== seen) {
      seen = stamp
      try {
        book = read()
      } catch (cause) {
        fault(cause)
      }
    }
    cancel = clock.after(LOOK_MS, () => void look())
  }

  cancel = clock.after(LOOK_MS, () => void look())
  return {
    current: () => book,
    reload() {
      book = read()
    },
    stop() {
      stopped = true
      cancel()
    },
  }
}
