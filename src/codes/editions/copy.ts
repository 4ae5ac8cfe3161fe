/**
 * Copies imported editions: to a backup while a gateway or an import is running, and back into a data
 * directory.
 */
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

/** How often the copy starts over if the editions change meanwhile. */
const TRIES_MAX = 5
const MODE = 0o600

/** Number of books and rows. */
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
 * Copies the imported editions into a data directory that has none. Every packed file is read back and
 * verified; the catalogue is written last.
 *
 * @returns the catalogue that was copied
 * @throws if a packed file is missing or damaged
 */
export function copyShelf(from: string, to: string): EditionCatalogue {
  for (let tried = 1; ; tried += 1) {
    const catalogue = readCatalogue(from)
    try {
      copyBooks(catalogue, from, to)
      return catalogue
    } catch (cause) {
      // An import may have removed the old file; start over with the catalogue of now.
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

/** Whether two directories hold the same editions. */
export function isSameShelf(one: string, other: string): boolean {
  return JSON.stringify(readCatalogue(one)) === JSON.stringify(readCatalogue(other))
}

/**
 * Replaces the editions of a data directory with those of a backup.
 *
 * @param former where the existing editions are moved to
 * @returns whether any were moved there
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
