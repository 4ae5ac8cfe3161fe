/** The steps that operators have taken, as one file of the data directory that is switched by a rename. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { type Day, type Instant, parseDay } from '../domain/day.ts'
import { LANES, type Lane } from '../domain/lane.ts'
import {
  ONBOARDING_STATES,
  type OnboardingState,
  POPULATIONS,
  type Population,
  REACHES,
  type Reach,
} from '../domain/onboarding.ts'
import { replaceFile } from '../fsync.ts'
import { holdLock } from '../store/data-dir-lock.ts'
import type { BookedStep } from './book.ts'

const keys = <Key extends string>(of: Readonly<Record<Key, unknown>>) => Object.keys(of) as [Key, ...Key[]]

/** Values of an opening and a step, for whoever reads them from outside. */
export const ONBOARDING_FIELDS = {
  lane: z.enum(keys<Lane>(LANES)),
  reach: z.enum(keys<Reach>(REACHES)),
  population: z.enum(keys<Population>(POPULATIONS)),
  state: z.enum(keys<OnboardingState>(ONBOARDING_STATES)),
  day: z.string().transform((text, context): Day => {
    try {
      return parseDay(text)
    } catch {
      context.addIssue('须为存在的日期YYYY-MM-DD')
      return z.NEVER
    }
  }),
  score: z.object({
    passed: z.int().min(0),
    failed: z.int().min(0),
    transactions: z.int().min(0),
    lanes: z.int().min(0),
  }),
}

const { lane, reach, population, state, day, score } = ONBOARDING_FIELDS

const file = z.object({
  form: z.literal(1),
  steps: z.array(
    z.object({
      ...{ institution: z.string(), lane, reach, population, state, from: day },
      ...{ by: z.string(), reason: z.string(), score: score.optional() },
      at: z.int().transform((at) => at as Instant),
    }),
  ),
})

/** The folder in a data directory. */
export function onboardingFolder(dataDir: string): string {
  return join(dataDir, 'onboarding')
}

/** The file of the steps. */
export function stepsFile(dataDir: string): string {
  return join(onboardingFolder(dataDir), 'steps.json')
}

/** Reads the steps; none where none was ever taken. @throws where the file is not readable */
export function readSteps(dataDir: string): readonly BookedStep[] {
  const path = stepsFile(dataDir)
  if (!existsSync(path)) return []
  try {
    return file.parse(JSON.parse(readFileSync(path, 'utf8'))).steps as readonly BookedStep[]
  } catch (cause) {
    throw new Error(`${path} is not readable; restore it from a backup`, { cause })
  }
}

/** Puts the steps there: after a fall of the machine either the former or the new file is there, whole. */
export function writeSteps(dataDir: string, steps: readonly BookedStep[]): void {
  replaceFile(stepsFile(dataDir), JSON.stringify({ form: 1, steps }, null, 1))
}

/**
 * Adds steps while no other process does.
 *
 * @param next is given those that stand and says which come; what it throws changes nothing
 * @returns null where another is just adding
 */
export function addSteps(
  dataDir: string,
  next: (standing: readonly BookedStep[]) => readonly BookedStep[],
): readonly BookedStep[] | null {
  mkdirSync(onboardingFolder(dataDir), { recursive: true, mode: 0o700 })
  const releaseLock = holdLock(join(onboardingFolder(dataDir), 'steps.lock'))
  if (!releaseLock) return null
  try {
    const standing = readSteps(dataDir)
    const steps = [...standing, ...next(standing)]
    writeSteps(dataDir, steps)
    return steps
  } finally {
    releaseLock()
  }
}
