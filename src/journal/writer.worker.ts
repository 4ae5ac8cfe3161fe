/**
 * The thread that writes the journal: one batch, one transaction, one sync. Between batches it links what it has written
 * to the hash chain, a few records at a time, so that no batch waits for more than one slice of hashing; a link that is
 * ready goes into the next batch's transaction, and only an idle journal syncs for a link alone.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { openDatabase } from '../store/database.ts'
import { storeFailure } from '../store/failure.ts'
import { createChain } from './chain.ts'
import { headFault, noteHead, readHead } from './chain-head.ts'
import type { Entry } from './entry.ts'
import { batchWriter } from './rows.ts'
import { createSeal } from './seal.ts'
import type { Committed, WriterData } from './sqlite-disk.ts'

/** Under load a link is begun each time so many entries have been written. */
const LINK_ENTRIES = 1024
/** Records hashed at a time: some 0.2 ms. */
const SLICE_RECORDS = 16
/** How long nothing is written before the rest is linked. */
const IDLE_MS = 250

const { file, key, pagesMax } = workerData as WriterData
const port = parentPort!
const database = openDatabase(file)
const client = database.$client
if (pagesMax) client.pragma(`max_page_count = ${pagesMax}`)
const fault = headFault(client, readHead(file))
if (fault) {
  throw new Error(
    `The journal ${file} is not whole: ${fault}. Verify it, and restore the last backup if need be`,
  )
}

const chain = createChain(client)
const write = batchWriter(database, createSeal(key), chain.add)
const link = client.transaction(() => chain.add())
/** Why a link could not be added. Nobody waited for it, so the next batch is told, and nothing is written any more. */
let failure: string | null = null
let written = 0
let idle = false
let hashing: NodeJS.Immediate | null = null
const timer = setTimeout(linkRest, IDLE_MS)

port.on('message', (message: { batch: number; entries: readonly Entry[] } | null) => {
  if (message === null) return end()
  const carriesLink = chain.ready()
  const error = failure ?? failureOf(() => write(message.entries))
  port.postMessage({ batch: message.batch, error } satisfies Committed)
  if (error) return
  if (carriesLink) linked()
  idle = false
  written += message.entries.length
  if (written >= LINK_ENTRIES && !chain.working()) begin()
  timer.refresh()
})
port.postMessage('ready')

function linkRest(): void {
  idle = true
  if (!chain.working()) begin()
  else hash()
}

function begin(): void {
  written = 0
  if (chain.begin()) hash()
}

function hash(): void {
  hashing ??= setImmediate(() => {
    hashing = null
    let more = false
    failure ??= failureOf(() => {
      more = chain.advance(SLICE_RECORDS)
    })
    if (failure) return
    if (more) hash()
    else if (idle) linkAlone()
  })
}

function linkAlone(): void {
  if (!chain.ready()) return
  failure ??= failureOf(() => link.immediate())
  if (!failure) linked()
}

function linked(): void {
  const head = chain.added()
  // A head that cannot be noted is only behind.
  failureOf(() => noteHead(file, head))
}

/** Links everything and closes. What cannot be linked any more stays durable, and `verify` counts it. */
function end(): void {
  clearTimeout(timer)
  if (hashing) clearImmediate(hashing)
  failure ??= failureOf(() => {
    while (chain.working() || chain.begin()) {
      while (chain.advance(SLICE_RECORDS));
      link.immediate()
      linked()
    }
  })
  client.close()
  port.close()
}

function failureOf(work: () => void): string | null {
  try {
    work()
    return null
  } catch (cause) {
    return storeFailure(cause, file)
  }
}
