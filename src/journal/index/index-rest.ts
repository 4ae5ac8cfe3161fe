/**
 * The older rows of a large index, held against their proof on a thread of their own behind the open door. Until that is
 * done, a key that the filter may hold and the index does not is told to come again: its row may have been taken away.
 */
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { GatewayError, type Terms } from '../../domain/problems.ts'
import { syncDirectory } from '../../fsync.ts'
import type { Rest } from './index-mend.ts'
import type { JournalIndex } from './journal-index.ts'

/** Says that the index was found changed: the next start holds all of it, and makes it anew. */
const DISTRUSTED = 'index.distrusted'

/** Whether a former run has found the index changed. */
export const isDistrusted = (dataDir: string) => existsSync(join(dataDir, DISTRUSTED))

/** The index is trusted again. */
export function trust(dataDir: string): void {
  rmSync(join(dataDir, DISTRUSTED), { force: true })
}

/** What the thread is started with. */
export interface RestData {
  readonly file: string
  readonly secret: string
  readonly rest: Rest
}

/** What the thread tells, once: where it is broken, in words, or null. */
export type FromRest = { readonly broken: string | null }

/** Older rows that are being held. */
export interface RestCheck {
  /** The index as messages ask it meanwhile. */
  guard(index: JournalIndex): JournalIndex
  /**
   * Begins.
   *
   * @param changed is told, in words, when the index is not what was written
   * @param held is told when it is
   * @returns ends it
   */
  begin(changed: (cause: Error) => void, held?: () => void): () => Promise<void>
}

/** Makes a check ready. */
export function checkRest(dataDir: string, data: RestData): RestCheck {
  let done = false
  const sure = <Found>(found: Found | null): Found | null => {
    if (found === null && !done) throw notYet()
    return found
  }
  return {
    guard: (index) => ({
      ...index,
      byKey: (key) => sure(index.byKey(key)),
      byMessage: (...name) => sure(index.byMessage(...name)),
    }),
    begin(changed, held = () => {}) {
      const worker = new Worker(new URL('./index-rest.worker.ts', import.meta.url), {
        workerData: data,
        execArgv: [],
      })
      worker.unref()
      worker.on('message', ({ broken }: FromRest) => {
        if (broken !== null) {
          distrust(dataDir)
          changed(new Error(changedText(broken)))
          return
        }
        done = true
        held()
      })
      worker.on('error', (cause) => changed(new Error('The index could not be checked', { cause })))
      return async () => void (await worker.terminate())
    },
  }
}

const changedText = (broken: string) =>
  `The index was not what was written (${broken}): nothing more is written. Start the gateway anew, and it makes the index anew from the journal, which was not touched. Find out who writes to zhijie.sqlite`

function distrust(dataDir: string): void {
  writeFileSync(join(dataDir, DISTRUSTED), 'The index was found changed.\n', { mode: 0o600, flush: true })
  syncDirectory(dataDir)
}

function notYet(): GatewayError {
  const detail = ({ key }: Terms) =>
    `网关刚启动，正在核对交易日志索引，本次未向平台发送，请稍后用同一${key}重发`
  return new GatewayError('journal-down', 'journal', detail)
}
