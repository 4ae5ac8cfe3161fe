/** The thread that writes the journal: one batch, one transaction, one sync. */
import { parentPort, workerData } from 'node:worker_threads'
import { openDatabase } from '../store/database.ts'
import type { Entry } from './entry.ts'
import { batchWriter } from './rows.ts'
import { createSeal } from './seal.ts'
import type { Committed } from './sqlite-disk.ts'

const { file, key } = workerData as { file: string; key: string }
const port = parentPort!
const database = openDatabase(file)
const write = batchWriter(database, createSeal(key))

port.on('message', (message: { batch: number; entries: readonly Entry[] } | null) => {
  if (message === null) {
    database.$client.close()
    port.close()
    return
  }
  const answer: Committed = { batch: message.batch, error: failureOf(message.entries) }
  port.postMessage(answer)
})
port.postMessage('ready')

function failureOf(entries: readonly Entry[]): string | null {
  try {
    write(entries)
    return null
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause)
  }
}
