/**
 * The worker thread of heavy work: answers queries one after another over its own connection, which is read-only
 * unless a task writes. Imports here are paid for at the first query: drizzle alone would cost half a second of
 * CPU.
 */
import { parentPort, workerData } from 'node:worker_threads'
import type { Codes } from '../codes/codes.ts'
import type { SharedCodes } from '../codes/live/shared.ts'
import { giveWay } from '../give-way.ts'
import { openStoreForReading, openStoreForWriting } from '../store/client.ts'
import type { Store } from '../store/parts.ts'
import type { FiguresStore } from '../store/queries/figures/open.ts'
import { joinStores } from '../workers/join.ts'
import { packFault } from './fault.ts'
import type { Task, TaskAnswer, Tools } from './task.ts'
import { TASKS, type TaskName } from './tasks.ts'
import type { FromThread, ThreadData, ToThread } from './thread.ts'

const { files } = workerData as ThreadData
const port = parentPort!
const encoder = new TextEncoder()
let stores: Store | null = null
let storesToWrite: Store | null = null
let figures: FiguresStore | null = null

/** Loaded with the first task that needs codes. */
let codesOf: ((codes: SharedCodes) => Promise<Codes>) | null = null

const toolsFor = (codes: SharedCodes): Tools => ({
  database: () => (stores ??= joinStores(files.map(openStoreForReading))),
  storeToWrite: () => (storesToWrite ??= joinStores(files.map(openStoreForWriting))),
  async figures(numbers) {
    const fold = await import('../reports/figures/fold.ts')
    const sources = toolsFor(codes).database()
    if (figures) fold.bringAlong(figures, sources, numbers)
    else figures = fold.openBroughtAlong(sources, numbers)
    return figures
  },
  given: given(),
  async codes() {
    codesOf ??= (await import('../codes/live/shared.ts')).createSharedCodes()
    return codesOf(codes)
  },
})

giveWay()

const tell = (message: FromThread) =>
  port.postMessage(message, message.is === 'piece' ? [message.bytes.buffer as ArrayBuffer] : [])

/** Resolves when the last chunk was consumed. */
let taken = () => {}
const isTaken = () => new Promise<void>((resolve) => (taken = resolve))

/** Takes the next chunk of the query's upload. */
let take = (_piece: Uint8Array | null) => {}

async function* given(): AsyncGenerator<Uint8Array> {
  for (;;) {
    const next = new Promise<Uint8Array | null>((resolve) => (take = resolve))
    tell({ is: 'wanted' })
    const piece = await next
    if (!piece) return
    yield piece
  }
}

async function tellAnswer({ body, ...head }: TaskAnswer): Promise<void> {
  let bytes: Uint8Array<ArrayBuffer> | null = null
  // One chunk is held back, because the last one is flagged.
  for await (const piece of typeof body === 'string' || body instanceof Uint8Array ? [body] : body) {
    if (bytes) {
      tell({ is: 'piece', ...head, bytes, last: false })
      await isTaken()
    }
    bytes = typeof piece === 'string' ? encoder.encode(piece) : piece
  }
  tell({ is: 'piece', ...head, bytes: bytes ?? new Uint8Array(), last: true })
}

async function answer(name: TaskName, question: unknown, tools: Tools): Promise<void> {
  try {
    const task = TASKS[name] as Task<unknown>
    await tellAnswer(await task(question, tools))
  } catch (cause) {
    tell({ is: 'fault', fault: packFault(cause) })
  }
}

port.on('message', (message: ToThread) => {
  if ('more' in message) taken()
  else if ('given' in message) take(message.given)
  else void answer(message.ask, message.question, toolsFor(message.codes))
})
