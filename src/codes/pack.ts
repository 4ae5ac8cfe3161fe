/** Packs the codebooks and maps of the folders, so that the engine knows only one format. */
import type { Codebook, CodeMap } from '../extension/codebook.ts'
import { type BookHead, joinBook, openBook, type PackedBook } from './store/file.ts'
import { packMapRow } from './store/map-rows.ts'
import { Packed, type Sections } from './store/packed.ts'
import { createPacker, type PackedRow } from './store/packer.ts'
import { packReverse } from './store/reverse.ts'
import { packTableRow } from './store/table-rows.ts'

/** A packed book and its editions in use. */
export interface LiveBook {
  readonly book: PackedBook
  /** Indexes of those editions in the book, by first day. */
  readonly live: readonly number[]
}

type Rows = readonly (readonly [code: string, row: PackedRow])[]

function packEditions(editions: readonly Rows[]): { sections: Sections; codes: number } {
  let packed = createPacker(null, 0).finish()
  for (const [index, rows] of editions.entries()) {
    const packer = createPacker(index === 0 ? null : new Packed(packed.sections), index)
    for (const [code, row] of rows) packer.add(code, row)
    packed = packer.finish()
  }
  return packed
}

function bookOf(head: Omit<BookHead, 'codes'>, rows: readonly Rows[]): LiveBook {
  const { sections, codes } = packEditions(rows)
  const tables = head.system === null ? [sections] : [sections, packReverse(new Packed(sections))]
  return {
    book: openBook(joinBook({ ...head, codes }, tables)),
    live: head.editions.map((_, index) => index),
  }
}

/** Packs a codebook with all its editions. @throws if an edition has a code twice for one day */
export function packCodebook({ id, editions }: Codebook): LiveBook {
  return bookOf(
    { system: null, standard: id, editions: editions.map(({ entries: _, ...head }) => head) },
    editions.map(({ entries }) => entries.map((entry) => [entry.code, packTableRow(entry)])),
  )
}

/** Packs a map with all its editions. @throws if an edition has a code twice for one day or a row without target */
export function packCodeMap({ system, standard, editions }: CodeMap): LiveBook {
  return bookOf(
    { system, standard, editions: editions.map(({ rows: _, ...head }) => head) },
    editions.map(({ rows }) =>
      rows.map(({ targets, relation, ...row }) => {
        const groups = [{ together: true, targets: targets.map((code) => ({ code, relation })) }]
        return [row.code, packMapRow({ ...row, groups })]
      }),
    ),
  )
}
