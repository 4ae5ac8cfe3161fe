/**
 * The mark of a journal that was put back from a backup, in a file beside its segments: what was settled after the backup
 * is not in it, and nothing leaves for an unknown key until somebody has compared it with the platforms.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { replaceFile } from '../../fsync.ts'

/** Name of the file, in the folder of the journal. */
export const RESTORED_FILE = 'restored'

const form = z.object({
  /** UTC milliseconds of the last record in the backup: what came after it has to be compared. */
  since: z.int(),
  /** UTC milliseconds at which it was put back. */
  at: z.int(),
  /** Who says that it was compared, and when; null until somebody does. */
  compared: z.object({ by: z.string(), at: z.int() }).nullable(),
})

/** What the mark says. */
export type Restored = z.output<typeof form>

/** @returns null where the journal was not put back from a backup @throws where the mark cannot be read */
export function readRestored(folder: string): Restored | null {
  const file = join(folder, RESTORED_FILE)
  if (!existsSync(file)) return null
  try {
    return form.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    throw new Error(`${file} cannot be read; restore the backup again`, { cause })
  }
}

/** Writes the mark. Durable when it returns. */
export function writeRestored(folder: string, mark: Restored): void {
  replaceFile(join(folder, RESTORED_FILE), JSON.stringify(mark))
}

/**
 * The mark of a journal that is put back now. What a former one has left uncompared stays so.
 *
 * @param former the mark that came with the backup
 * @param newest of its last record
 */
export function markNow(former: Restored | null, newest: number, at: number): Restored {
  const since = former && former.compared === null ? Math.min(former.since, newest) : newest
  return { since, at, compared: null }
}
