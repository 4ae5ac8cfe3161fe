/** A page of a catalogue download from the code tables in use, as its file has it. Runs on a thread of its own. */
import type { Codebook } from '../extension/codebook.ts'
import { type Page, pageAfter, tableVersions } from '../extension/download-tables.ts'
import { shippedDownloads } from '../extension/downloads.ts'
import type { ShelfPage } from '../extension/shelf.ts'
import { liveEditions } from './calendar.ts'
import type { Codes } from './codes.ts'
import { entryAt } from './store/table-rows.ts'

/** The question. */
export interface ShelfQuestion extends ShelfPage {
  /** Its lines, in place of how many there are. */
  readonly lines: boolean
}

/** The editions of a table with their rows. */
function editionsOf(codes: Codes, standard: string): Pick<Codebook, 'editions'> {
  const table = codes.table(standard)
  if (!table) return { editions: [] }
  const { forward } = table.book
  return {
    editions: liveEditions(table).map(({ version, from, source, place }) => ({
      ...{ version, from, source },
      entries: [...forward.heads()].flatMap((head) =>
        forward.allIn(head, place).map((row) => entryAt(forward, row)),
      ),
    })),
  }
}

/** Finds the page. */
export function shelfPage(codes: Codes, { download, after }: ShelfPage): Page {
  const columns = shippedDownloads()[download]!
  return pageAfter(columns, tableVersions(columns, editionsOf(codes, columns.standard!)), after)
}

/** Rows of a piece of text. */
const ROWS_A_PIECE = 500

/** Lines as pieces of a text: the name of their version alone in the first. */
export function* linesOf({ version, lines }: Page): Generator<string> {
  yield `${version}\n`
  let [text, rows] = ['', 0]
  for (const line of lines()) {
    text += `${line}\n`
    rows += 1
    if (rows < ROWS_A_PIECE) continue
    yield text
    text = ''
    rows = 0
  }
  yield text
}
