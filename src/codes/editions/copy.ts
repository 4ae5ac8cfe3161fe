/** Copies of the shelf: for a backup beside a running gateway or import, and back into a data directory. */
import { chmodSync, copyFileSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { syncDirectory, syncFile } from '../../fsync.ts'
import { readBook } from '../store/file.ts'
import {
  catalogueFile,
  type EditionCatalogue,
  readCatalogue,
  shelfDirectory,
  writeCatalogue,
} from './catalogue.ts'

/** How often a shelf that changes meanwhile is begun anew. */
const TRIES_MAX = 5
const MODE = 0o600

/** What a shelf holds. */
export interface ShelfCounts {
  /** Tables and maps. */
  readonly books: number
  readonly editions: number
  /** Rows of all editions. */
  readonly rows: number
}

/** Counts. */
export function shelfCounts({ books }: Pick<EditionCatalogue, 'books'>): ShelfCounts {
  const editions = books.flatMap((book) => book.editions)
  return {
    books: books.length,
    editions: editions.length,
    rows: editions.reduce((sum, { rows }) => sum + rows, 0),
  }
}

/**
 * Copies the shelf of one data directory into another that has none: every packed file is read back and checked, the
 * catalogue comes last.
 *
 * @returns what was copied, with the catalogue
 * @throws where a packed file is gone or damaged
 */
export function copyShelf(from: string, to: string): EditionCatalogue {
  for (let tried = 1; ; tried += 1) {
    const catalogue = readCatalogue(from)
    try {
      copyBooks(catalogue, from, to)
      return catalogue
    } catch (cause) {
      // An import may have taken a former file away: what is named by now is copied instead.
      if (tried === TRIES_MAX || readCatalogue(from).revision === catalogue.revision) throw cause
      rmSync(shelfDirectory(to), { recursive: true, force: true })
    }
  }
}

function copyBooks(catalogue: EditionCatalogue, from: string, to: string): void {
  if (!existsSync(catalogueFile(from))) return
  mkdirSync(shelfDirectory(to), { recursive: true, mode: 0o700 })
  for (const { file, crc32 } of catalogue.books) {
    const copy = join(shelfDirectory(to), file)
    copyFileSync(join(shelfDirectory(from), file), copy)
    chmodSync(copy, MODE)
    syncFile(copy)
    readBook(copy, crc32)
  }
  writeCatalogue(to, catalogue)
}

/** Whether two directories have the same shelf. */
export function isSameShelf(one: string, other: string): boolean {
  return JSON.stringify(readCatalogue(one)) === JSON.stringify(readCatalogue(other))
}

/**
 * Puts the shelf of a backup in the place of that of a data directory.
 *
 * @param former where the shelf that is there is moved to
 * @returns whether one was moved there
 */
export function replaceShelf(backup: string, dataDir: string, former: string): boolean {
  if (isSameShelf(backup, dataDir)) return false
  const fresh = join(dataDir, 'restored-codes.part')
  rmSync(fresh, { recursive: true, force: true })
  try {
    copyShelf(backup, fresh)
    const there = existsSync(shelfDirectory(dataDir))
    if (there) {
      mkdirSync(former, { recursive: true, mode: 0o700 })
      renameSync(shelfDirectory(dataDir), shelfDirectory(former))
    }
    if (existsSync(shelfDirectory(fresh))) renameSync(shelfDirectory(fresh), shelfDirectory(dataDir))
    syncDirectory(dataDir)
    return there
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}
