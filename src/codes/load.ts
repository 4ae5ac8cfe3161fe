/** The engine over what the folders hold, once it is shown to be usable, and over what is on the shelf. */
import type { Registry } from '../extension/registry.ts'
import { type Codes, composeCodes, type Imported, packShipped, type Shipped } from './codes.ts'
import type { ShelfBook } from './editions/catalogue.ts'
import { openEditions } from './editions/editions.ts'
import { codebookFaults, mapFaults } from './faults.ts'

/** How many faults of the tables one message names. */
const FAULTS_MAX = 10

/** Checks the codebooks and maps and packs them. @throws where an entry is not usable, with its name */
export function loadShipped({ codebooks, maps }: Registry): Shipped {
  const faults = [...codebooks.flatMap(codebookFaults), ...mapFaults(maps, codebooks)]
  if (faults.length > 0) {
    throw new Error(`The codebooks are not usable. ${faults.slice(0, FAULTS_MAX).join('; ')}`)
  }
  return packShipped({ codebooks, maps })
}

/** Places of the editions of a book that the gateway uses: the published ones. */
export function publishedIn({ editions }: ShelfBook): readonly number[] {
  return editions.flatMap(({ state }, place) => (state === 'published' ? [place] : []))
}

/**
 * Reads what is on the shelf, in this thread.
 *
 * @param wanted which books; all unless told
 * @param live which of their editions are in use; the published ones unless told
 * @throws where a packed file is gone or damaged
 */
export function loadImported(
  dataDir: string,
  wanted: (book: ShelfBook) => boolean = () => true,
  live: (book: ShelfBook) => readonly number[] = publishedIn,
): readonly Imported[] {
  const shelf = openEditions(dataDir)
  const books = shelf.read().books.filter((book) => wanted(book) && live(book).length > 0)
  return books.map((book) => ({ book: shelf.open(book), live: live(book) }))
}

/** The engine, at once. @throws where an entry of the folders is not usable, with its name */
export function loadCodes(registry: Registry, imported: readonly Imported[] = []): Codes {
  return composeCodes(loadShipped(registry), imported)
}
