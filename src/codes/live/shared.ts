/** The codes in use, for another thread: imports are shared memory, and only shipped tables are packed again. */
import { loadCodebooks } from '../../extension/registry.ts'
import { type Codes, composeCodes, type Imported, packShipped, type Shipped } from '../codes.ts'
import type { NearestIndex } from '../nearest-index.ts'
import { openBook } from '../store/file.ts'

/** A set of editions as a message between threads. */
export interface SharedCodes {
  /** Revision of the catalogue. */
  readonly revision: number
  readonly books: readonly {
    readonly shared: SharedArrayBuffer
    readonly live: readonly number[]
    readonly index: NearestIndex | null
  }[]
}

/** Nothing imported. */
export const SHIPPED_ONLY: SharedCodes = { revision: 0, books: [] }

/** Assembles the set of editions of a message and caches the last one. @param load packs the shipped tables */
export function createSharedCodes(
  load = async (): Promise<Shipped> => packShipped(await loadCodebooks()),
): (message: SharedCodes) => Promise<Codes> {
  let shipped: Shipped | null = null
  let kept: { readonly revision: number; readonly codes: Codes } | null = null
  return async ({ revision, books }) => {
    if (kept?.revision === revision) return kept.codes
    shipped ??= await load()
    const imported = books.map(
      ({ shared, live, index }): Imported => ({ book: openBook(shared), live, ...(index && { index }) }),
    )
    const codes = composeCodes(shipped, imported)
    kept = { revision, codes }
    return codes
  }
}
