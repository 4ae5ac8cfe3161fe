/** Loads the engine from the shipped folders, after checking them, and from imported editions. */
import type { Registry } from '../extension/registry.ts'
import { type Codes, composeCodes, type Imported, packShipped, type Shipped } from './codes.ts'
import type { ShelfBook } from './editions/catalogue.ts'
import { openEditions } from './editions/editions.ts'
import { codebookFaults, mapFaults } from './faults.ts'

/** Maximum number of faults in one message. */
const FAULTS_MAX = 10

/** Checks the codebooks and maps and packs them. @throws if an entry is unusable, with its name */
export function loadShipped({ codebooks, maps }: Registry): Shipped {
  const faults = [...codebooks.flatMap(codebookFaults), ...mapFaults(maps, codebooks)]
  if (faults.length > 0) {
    throw new Error(`The codebooks are not usable. ${faults.slice(0, FAULTS_MAX).join('; ')}`)
  }
  return packShipped({ codebooks, maps })
}

/** Indexes of the editions that the gateway uses: the published ones. */
export function publishedIn({ editions }: ShelfBook): readonly number[] {
  return editions.flatMap(({ state }, place) => (state === 'published' ? [place] : []))
}

/**
 * Reads imported editions in this thread.
 *
 * @param wanted which books; defaults to all
 * @param live which of their editions are in use; defaults to the published ones
 * @throws if a packed file is missing or damaged
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

/** Loads the engine in one step. @throws if an entry of the folders is unusable, with its name */
export function loadCodes(registry: Registry, imported: readonly Imported[] = []): Codes {
  return composeCodes(loadShipped(registry), imported)
}
