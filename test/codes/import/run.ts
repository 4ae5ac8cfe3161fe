/** Runs the two imports in a test, as the command line does. */

import { openEditions } from '../../../src/codes/editions/editions.ts'
import { mapOptions, tableOptions } from '../../../src/codes/import/options.ts'
import { type Ran, runMap, runTable } from '../../../src/codes/import/run.ts'
import { entryAt } from '../../../src/codes/store/table-rows.ts'
import type { CodebookEntry } from '../../../src/extension/codebook.ts'
import { loadRegistry } from '../../../src/extension/registry.ts'

const { codebooks } = await loadRegistry()
const asking = { codebooks, person: '测试' }
/** What is imported here is in use at once. */
const PUBLISH = ['--publish', '--by', '甲', '--checked-by', '乙']

/** Imports into the shelf of a data directory. */
export function importer(dataDir: () => string) {
  const surroundings = () => ({ shelf: openEditions(dataDir()), progress: () => {} })
  return {
    table: (...args: string[]): Promise<Ran> =>
      runTable(tableOptions([...args, ...PUBLISH], asking), surroundings()),
    /** An edition of a table that waits for its second person. */
    waiting: (...args: string[]): Promise<Ran> => runTable(tableOptions(args, asking), surroundings()),
    map: (...args: string[]): Promise<Ran> =>
      runMap(mapOptions([...args, ...PUBLISH], asking), surroundings()),
    shelf: () => openEditions(dataDir()),
    /** A row of a table on the shelf, in an edition by its place. */
    entry(standard: string, code: string, edition = 0): CodebookEntry | null {
      const shelf = openEditions(dataDir())
      const book = shelf.read().books.find((one) => one.system === null && one.standard === standard)
      const { forward } = shelf.open(book!)
      const place = forward.inEdition(forward.find(code), edition)
      return place === 0 ? null : entryAt(forward, place)
    },
  }
}
