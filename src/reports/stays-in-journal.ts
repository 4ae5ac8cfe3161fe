/**
 * Stays that did not pass through the gateway rest in the journal as well (rule 11): what was written to the store, by
 * whomever, is put into it afterwards, a few rows an entry, and a store that has lost them takes them from there. How far
 * that has come is noted in a file beside the segments: where the note is behind, rows are put in twice, which adds nothing.
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

/** Name of the note, in the folder of the journal. */
const NOTE = 'stays'

/** How the journal names these entries: there is no national transaction for them. */
const TRANSACTION = 'stays'

/** Rows of one entry, and the time between two: bills at a counter wait for no more than a millisecond of it. */
const ROWS = 200
const PAUSE_MS = 100
/** Between two looks where there was nothing. */
const IDLE_MS = 1000

const noteForm = z.object({ upTo: z.int(), row: z.array(z.union([z.string(), z.number()])).nullable() })

/** How far the rows of a store are in the journal: the last of them, by which the store is known again. */
type Note = z.output<typeof noteForm>

const NOTHING: Note = { upTo: 0, row: null }

/** @returns null if there is none that can be read: then nothing is known, and everything is put in */
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

/** What it works on. */
export interface StaysPorts {
  /** Of one journal. */
  readonly database: Store
  /** Folder of the journal. */
  readonly folder: string
}

/**
 * Puts back what a store has lost: where it does not know the row that was put in last, or is new.
 *
 * @param journal opens what is sealed
 * @param tell told of what was put back, and of what cannot be
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
  // What was there already may not be in the journal: then all is put in again.
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
 * Puts into the journal what is in the store and not in there yet, whoever has written it, and goes on until it is stopped.
 *
 * @returns stops it; resolves when what was under way is durable
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
      // A journal that cannot be written is told of by itself, and tried again.
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
