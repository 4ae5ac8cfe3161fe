/** The codes in use for another thread: what was imported is shared memory, and only what is shipped is packed anew. */
import { loadCodebooks } from '../../extension/registry.ts'
import { type Codes, composeCodes, type Imported, packShipped, type Shipped } from '../codes.ts'
import type { NearestIndex } from '../nearest-index.ts'
import { openBook } from '../store/file.ts'

/** An edition set as a message between threads. */
export interface SharedCodes {
  /** Of the shelf. */
  readonly revision: number
  readonly books: readonly {
    readonly shared: SharedArrayBuffer
    readonly live: readonly number[]
    readonly index: NearestIndex | null
  }[]
}

/** Nothing imported. */
export const SHIPPED_ONLY: SharedCodes = { revision: 0, books: [] }

/** Puts together what a message brings; the last edition set is kept. @param load packs what is shipped */
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
