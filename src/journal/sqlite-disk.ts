/**
 * The disk port over SQLite. A worker thread commits (WAL, full sync), so that a sync never stands in the way of the
 * event loop; this thread only reads, through a connection of its own.
 */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { and, asc, desc, eq, inArray, isNotNull, isNull, sql } from 'drizzle-orm'
import { openDatabaseForReading } from '../store/database.ts'
import { exchange, outcome } from '../store/schema.ts'
import type { Disk, Entry, Remembered } from './entry.ts'
import { UNRESOLVED } from './life.ts'
import { remember } from './rows.ts'
import type { Seal } from './seal.ts'

/** What the worker answers to a batch. */
export interface Committed {
  readonly batch: number
  readonly error: string | null
}

/** What the worker is started with. */
export interface WriterData {
  readonly file: string
  readonly key: string
  /** The most pages that the file may have: a commit beyond fails as on a full disk. Null: as the disk allows. */
  readonly pagesMax: number | null
}

/**
 * Opens the journal.
 *
 * @param file the SQLite file; made where it is absent
 * @param key 64 hexadecimal digits, for the worker
 * @param seal the same key's seal, for reading
 * @param pagesMax the most pages that the file may have
 * @throws where the file is damaged, or ends before the head of its chain
 */
export async function openSqliteDisk(
  file: string,
  key: string,
  seal: Seal,
  pagesMax: number | null = null,
): Promise<Disk> {
  const workerData: WriterData = { file, key, pagesMax }
  const execArgv = ['--import', new URL('../loading.ts', import.meta.url).href]
  const worker = new Worker(new URL('./writer.worker.ts', import.meta.url), { workerData, execArgv })
  const waiting = new Map<number, { resolve: () => void; reject: (error: Error) => void }>()
  let ended: Error | null = null
  const fail = (error: Error) => {
    ended ??= error
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  await once(worker, 'message')
  worker.on('message', ({ batch, error }: Committed) => {
    const waiter = waiting.get(batch)
    waiting.delete(batch)
    if (error) waiter?.reject(new Error(error))
    else waiter?.resolve()
  })
  worker.on('error', fail)
  worker.on('exit', () => fail(new Error('the writer of the journal has ended')))

  const database = openDatabaseForReading(file)
  const outcomesOf = database
    .select()
    .from(outcome)
    .where(eq(outcome.exchange, sql.placeholder('id')))
    .orderBy(asc(outcome.id))
    .prepare()
  const byKey = database
    .select()
    .from(exchange)
    .where(eq(exchange.key, sql.placeholder('key')))
    .prepare()
  const byId = database
    .select()
    .from(exchange)
    .where(eq(exchange.id, sql.placeholder('id')))
    .prepare()
  const byMessage = database
    .select()
    .from(exchange)
    .where(
      and(
        eq(exchange.message, sql.placeholder('message')),
        eq(exchange.institution, sql.placeholder('institution')),
        eq(exchange.transaction, sql.placeholder('transaction')),
        isNotNull(exchange.key),
      ),
    )
    .prepare()
  const opener = database
    .select({ id: exchange.id, institution: exchange.institution })
    .from(outcome)
    .innerJoin(exchange, eq(exchange.id, outcome.exchange))
    // The request that opens an encounter does not name it yet; its outcome does.
    .where(
      and(
        eq(outcome.encounter, sql.placeholder('encounter')),
        eq(outcome.state, 'accepted'),
        isNull(exchange.encounter),
        isNotNull(exchange.key),
      ),
    )
    .orderBy(asc(outcome.id))
    .limit(1)
    .prepare()
  const settledLane = database
    .select({ lane: exchange.lane })
    .from(outcome)
    .innerJoin(exchange, eq(exchange.id, outcome.exchange))
    .where(and(eq(outcome.settlement, sql.placeholder('settlement')), eq(exchange.kind, 'settlement')))
    .limit(1)
    .prepare()

  const remembered = (row: typeof exchange.$inferSelect | undefined): Remembered | null =>
    row ? remember(row, outcomesOf.all({ id: row.id }), seal) : null
  let batches = 0

  return {
    commit(batch: readonly Entry[]) {
      if (ended) return Promise.reject(ended)
      batches += 1
      const number = batches
      return new Promise<void>((resolve, reject) => {
        waiting.set(number, { resolve, reject })
        worker.postMessage({ batch: number, entries: batch })
      })
    },
    byKey: (key) => remembered(byKey.get({ key })),
    byId: (id) => remembered(byId.get({ id })),
    byMessage: (institution, message, transaction) =>
      remembered(byMessage.get({ institution, message, transaction })),
    unresolved() {
      const last = sql`(select state from outcome o where o.exchange = ${exchange.id} order by o.id desc limit 1)`
      return database
        .select()
        .from(exchange)
        .where(and(isNotNull(exchange.key), inArray(sql`coalesce(${last}, 'open')`, [...UNRESOLVED])))
        .orderBy(asc(exchange.id))
        .all()
        .map((row) => remembered(row)!)
    },
    institutionOf: (encounter) => opener.get({ encounter })?.institution ?? null,
    opening(encounter) {
      const opened = opener.get({ encounter })
      return opened ? remembered(byId.get({ id: opened.id })) : null
    },
    laneOfSettlement: (settlement) => settledLane.get({ settlement })?.lane ?? null,
    lastId: () =>
      database.select({ id: exchange.id }).from(exchange).orderBy(desc(exchange.id)).limit(1).get()?.id ?? 0,
    async close() {
      if (!ended) {
        worker.postMessage(null)
        await once(worker, 'exit')
      }
      database.$client.close()
    },
  }
}
