/**
 * Stays settled outside the gateway are also kept in the journal (rule 11): rows written to the store are copied
 * into it in small batches, and a store that lost them is refilled from there. A file beside the segments records
 * the progress; if it lags behind, rows are copied twice, which is harmless.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { anonymousIntent, type Journal } from '../journal/journal.ts'
import type { Clock } from '../ports.ts'
import type { Store } from '../store/parts.ts'
import {
  exchangesOf,
  lastStayId,
  putStaysBack,
  type StayValues,
  stayValues,
  stayValuesAfter,
} from '../store/queries/stay-records.ts'

/** File name of the progress record, in the folder of the journal. */
const NOTE = 'stays'

/** Transaction name of these journal entries; no national transaction corresponds to them. */
const TRANSACTION = 'stays'

/** Rows per entry, and the pause between two: bills at a counter are delayed by at most a millisecond. */
const ROWS = 200
const PAUSE_MS = 100
/** Poll interval if there was nothing to copy. */
const IDLE_MS = 1000

const noteForm = z.object({ upTo: z.int(), row: z.array(z.union([z.string(), z.number()])).nullable() })

/** Progress of the copy: the last row copied, which also identifies the store. */
type Note = z.output<typeof noteForm>

const NOTHING: Note = { upTo: 0, row: null }

/** @returns null if it is missing or unreadable; then everything is copied again */
function readNote(folder: string): Note | null {
  const file = join(folder, NOTE)
  if (!existsSync(file)) return null
  try {
    return noteForm.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null
  }
}

function writeNote(folder: string, note: Note): void {
  const file = join(folder, NOTE)
  writeFileSync(`${file}.part`, JSON.stringify(note), { mode: 0o600 })
  renameSync(`${file}.part`, file)
}

/** Dependencies. */
export interface StaysPorts {
  /** The store of one journal. */
  readonly database: Store
  /** Folder of that journal. */
  readonly folder: string
}

/**
 * Refills a store that lost rows: it is new, or does not contain the row copied last.
 *
 * @param journal decrypts sealed entries
 * @param tell reports what was restored and what cannot be
 */
export async function refillStays(
  { database: { $client }, folder }: StaysPorts,
  journal: Pick<Journal, 'byId'>,
  tell: (text: string) => void,
): Promise<void> {
  const note = readNote(folder)
  const last = lastStayId($client)
  const known = note && (note.row === null || same(note.row, stayValues($client, note.upTo)))
  if (known || (note === null && last > 0)) return
  const entries = exchangesOf($client, TRANSACTION)
  const put = putStaysBack($client)
  let [back, archived] = [0, 0]
  for (const id of entries) {
    const sealed = (await journal.byId(id))?.exchange.sealed
    if (sealed) back += put(JSON.parse(sealed.toString()) as StayValues[])
    else archived += 1
  }
  if (back > 0) tell(`The store had lost ${back} imported stays; they were put back from the journal`)
  if (archived > 0) tell(missing(archived))
  // Rows that were in the store already may be missing in the journal, so everything is copied again.
  writeNote(folder, last > 0 ? NOTHING : noteAt($client))
}

const missing = (entries: number) =>
  `The store had lost its imported stays, and ${entries} entries of the journal that hold some were archived: import their files again, or restore a backup`

const same = (noted: readonly (string | number)[], row: StayValues | undefined) =>
  JSON.stringify(noted) === JSON.stringify(row)

function noteAt(client: Store['$client']): Note {
  const last = lastStayId(client)
  return last > 0 ? { upTo: last, row: stayValues(client, last)! } : NOTHING
}

/**
 * Copies new rows of the store into the journal, whoever wrote them, until stopped.
 *
 * @returns a function that stops it; resolves when pending writes are durable
 */
export function keepStays(
  { database: { $client }, folder }: StaysPorts,
  journal: Pick<Journal, 'keep'>,
  clock: Pick<Clock, 'now' | 'after'>,
): () => Promise<void> {
  const next = stayValuesAfter($client, ROWS)
  let { upTo } = readNote(folder) ?? NOTHING
  let stopped = false
  let cancel = () => {}
  let running: Promise<void> = Promise.resolve()

  async function round(): Promise<void> {
    const rows = next(upTo)
    const last = rows.at(-1)
    if (!last) return
    const at = clock.now()
    const sealed = Buffer.from(JSON.stringify(rows))
    await journal.keep(
      { ...anonymousIntent(TRANSACTION, at), transaction: TRANSACTION, sealed },
      { state: 'accepted', at, hop: 'gateway' },
    )
    upTo = last[0]
    writeNote(folder, { upTo, row: last })
  }

  function look(pauseMs: number): void {
    cancel = clock.after(pauseMs, () => {
      const before = upTo
      // The journal reports its own write failures; the copy just retries.
      running = round()
        .catch(() => {})
        .then(() => {
          if (!stopped) look(upTo > before ? PAUSE_MS : IDLE_MS)
        })
    })
  }

  look(IDLE_MS)
  return async () => {
    stopped = true
    cancel()
    await running
  }
}
