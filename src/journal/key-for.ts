/** The key of a data directory: never made beside a journal, and compared with every journal there. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { journalFolder } from './open-disk.ts'
import { nodeFiles } from './segment/files.ts'
import { KEY_ADVICE, keyFault } from './segment/key-check.ts'
import { type KeySettings, keyCheckOf, keyPlace, readKey } from './segment/seal.ts'

/** Whether a data directory holds a journal, its own or those of workers. */
export function hasJournal(dataDir: string): boolean {
  return journalsIn(dataDir).some(hasSegments)
}

function journalsIn(dataDir: string): string[] {
  if (!existsSync(dataDir)) return []
  const workers = readdirSync(dataDir).filter((name) => /^worker-\d+$/.test(name))
  return [dataDir, ...workers.map((name) => join(dataDir, name))].map(journalFolder)
}

function hasSegments(folder: string): boolean {
  return existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.segment'))
}

/**
 * The key for whoever works on a data directory, compared with every journal in it.
 *
 * @throws in words where it is missing beside a journal, or the key of another one
 */
export function keyFor(config: KeySettings): string {
  const key = readKey(config, hasJournal(config.dataDir))
  const place = keyPlace(config)
  for (const folder of journalsIn(config.dataDir).filter(hasSegments)) {
    const files = nodeFiles(folder)
    try {
      const wrong = keyFault(files, { check: keyCheckOf(key), place })
      if (wrong) throw new Error(`${wrong}. Nothing was changed. ${KEY_ADVICE}`)
    } finally {
      files.close()
    }
  }
  return key
}

/**
 * The check of the key that is set for a data directory; nothing is made.
 *
 * @returns null where there is none
 * @throws where its file holds something else
 */
export function keyCheckAt(config: KeySettings): string | null {
  return config.key || existsSync(keyPlace(config)) ? keyCheckOf(readKey(config)) : null
}
