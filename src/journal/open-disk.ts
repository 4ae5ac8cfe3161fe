/** The journal of a data directory: segments in real files, an index in SQLite, made on a thread of its own. */
import { join } from 'node:path'
import type Sqlite from 'better-sqlite3'
import type { Clock } from '../ports.ts'
import { databaseFile, openDatabase } from '../store/database.ts'
import { storeFailure } from '../store/failure.ts'
import { exchangeMark } from '../store/queries/exchanges.ts'
import { noteBegun, refuseEmptied } from './first-start.ts'
import { emptyBits, FILTER_BYTES, filterOf } from './index/bloom-filter.ts'
import { fillFilter, isNoted } from './index/bloom-filter-file.ts'
import { askFiltered, fillFiltered } from './index/filtered-index.ts'
import { type Mended, mendIndex } from './index/index-mend.ts'
import { checkRest, isDistrusted, trust } from './index/index-rest.ts'
import { JournalFault } from './index/indexing.ts'
import { openSqliteIndex, openSqliteIndexWriter } from './index/sqlite-index.ts'
import { workerIndexer } from './index/worker-indexer.ts'
import { type Files, nodeFiles } from './segment/files.ts'
import type { RecordTable } from './segment/record.ts'
import type { Seal } from './segment/seal.ts'
import { openSegmentDisk, type SegmentDisk } from './segment/segment-disk.ts'
import { SEGMENT_BYTES } from './segment/segments.ts'
import { startJournal } from './segment/start.ts'

/** The folder of a data directory that holds the segments. */
export function journalFolder(dataDir: string): string {
  return join(dataDir, 'journal')
}

/** How a disk is opened. */
export interface DiskSettings {
  readonly dataDir: string
  readonly seal: Seal
  /** Where its key is, for people. */
  readonly keyPlace?: string
  readonly clock: Clock
  /** Length of new segments. */
  readonly segmentBytes?: number
  /** The most pages that the index may have. */
  readonly pagesMax?: number
  /** Ids of the index that are held against their proof before the door opens. */
  readonly newest?: Readonly<Record<RecordTable, number>>
  tell?(text: string): void
  readonly progress?: ((done: number, total: number) => void) | undefined
}

/**
 * Opens the journal of a data directory; an empty one becomes a new journal.
 *
 * @throws in words where it is not whole
 */
export async function openDisk(settings: DiskSettings): Promise<SegmentDisk> {
  const { dataDir, seal, clock, segmentBytes = SEGMENT_BYTES, pagesMax, tell = () => {}, progress } = settings
  const key = { check: seal.check, place: settings.keyPlace ?? 'ZHIJIE_KEY', open: seal.open }
  const file = databaseFile(dataDir)
  const folder = journalFolder(dataDir)
  refuseEmptied(dataDir, folder, tell)
  const files = nodeFiles(folder)
  const client = openDatabase(file).$client
  const { told, rest } = mended(client, files, settings)
  if (told !== null) tell(told)
  const secret = seal.indexSecret
  const index = openSqliteIndexWriter(client, secret)
  const bits = emptyBits(FILTER_BYTES)
  const filter = filterOf(bits)
  const start = async () => {
    fillFilter(files, index, filter)
    const ports = {
      files,
      index: fillFiltered(index, filter, files),
      now: () => clock.now(),
      segmentBytes,
      ...{ key, tell, remade: told !== null },
    }
    return startJournal(progress ? { ...ports, progress } : ports)
  }
  const end = await start()
    .catch((cause) => {
      files.close()
      throw cause instanceof JournalFault ? cause : new Error(storeFailure(cause, dataDir), { cause })
    })
    .finally(() => index.close())
  noteBegun(dataDir)
  trust(dataDir)
  const openIndexer = workerIndexer({ folder, file, secret, bits, pagesMax: pagesMax ?? null })
  const sqlite = openSqliteIndex(file)
  const ports = { files, index: askFiltered(sqlite, filter), openIndexer, seal, clock, segmentBytes }
  if (!rest) return openSegmentDisk(ports, end)
  const check = checkRest(dataDir, { file, secret, rest })
  const beside = { asked: askFiltered(check.guard(sqlite), filter), begin: check.begin }
  return openSegmentDisk({ ...ports, beside }, end)
}

/**
 * Before the index is opened, which counts what it keeps from its rows. All rows are held where a former run has found some
 * changed, or where the names of the filter come from them.
 */
function mended(client: Sqlite.Database, files: Files, { dataDir, seal, newest }: DiskSettings): Mended {
  try {
    const wholly = isDistrusted(dataDir) || !isNoted(files, { mark: exchangeMark(client) }, FILTER_BYTES)
    return mendIndex(client, seal.indexSecret, wholly, newest)
  } catch (cause) {
    client.close()
    files.close()
    throw cause instanceof JournalFault ? cause : new Error(storeFailure(cause, dataDir), { cause })
  }
}
