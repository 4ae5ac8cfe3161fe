/** Copies of the steps: into a backup, and back into a data directory. */
import { existsSync } from 'node:fs'
import { readSteps, stepsFile, writeSteps } from './file.ts'

/** Copies the steps of a data directory into a backup; nothing where none was ever taken. @returns how many */
export function copySteps(dataDir: string, backup: string): number {
  const steps = readSteps(dataDir)
  if (existsSync(stepsFile(dataDir))) writeSteps(backup, steps)
  return steps.length
}

/**
 * Puts the steps of a backup into a data directory that has none. Steps that are there stay: an older copy might open what was
 * suspended since.
 *
 * @returns how many were put there; null where nothing was
 */
export function restoreSteps(backup: string, dataDir: string): number | null {
  if (!existsSync(stepsFile(backup)) || existsSync(stepsFile(dataDir))) return null
  return copySteps(backup, dataDir)
}
