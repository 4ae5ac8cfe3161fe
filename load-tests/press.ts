/**
 * Asks a heavy route again and again, on a thread of its own: files of megabytes would hold up the samples of `heavy.ts`, and
 * not only the gateway. Tells that it begins, and when it is told to end how often it was answered with what.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { Pool } from 'undici'

/** Files that are posted: rows that are not there yet, rows that are refused, lines of one letter. */
export type FileKind = 'new' | 'refused' | 'letters'

/** What is asked, and by how many at once. */
export interface Press {
  readonly gateway: string
  readonly path: string
  readonly file?: FileKind
  readonly askers: number
}

/** Rows of a file, and lines of one letter: some 4 MB each. */
export const [FILE_ROWS, LETTERS] = [50_000, 2_000_000]

/** As `Retry-After` says to people; here sooner, so that the lane stays full. */
const BUSY_MS = 200
const HEAD = 'stay,person,insured_area,treatment_area,institution,admitted,discharged,event,at'

/** A file of so many lines. */
export const linesOf = (count: number, line: (index: number) => string) =>
  `${[HEAD, ...Array.from({ length: count }, (_, index) => line(index))].join('\n')}\n`

/** A row. @param admitted a day that is none refuses it */
export const stayLine = (stay: string, person: number, admitted = '2025-01-02') =>
  `${stay},LP${person},621025,340104,H34010490001,${admitted},2025-01-10,D,2025-01-10`

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

async function press({ gateway, path, file, askers }: Press): Promise<Record<number, number>> {
  let files = 0
  const named = Date.now().toString(36)
  const bodies = {
    new() {
      files += 1
      return linesOf(FILE_ROWS, (index) => stayLine(`LN${named}-${files}-${index}`, index))
    },
    refused: () => linesOf(FILE_ROWS, (index) => stayLine(`LR${index}`, index, '2025-13-02')),
    letters: () => linesOf(LETTERS, () => 'x'),
  }
  const same = file && file !== 'new' ? Buffer.from(bodies[file]()) : null
  const asked = () =>
    file
      ? ({ method: 'POST', body: same ?? bodies[file](), headers: { 'content-type': 'text/csv' } } as const)
      : ({ method: 'GET' } as const)
  let on = true
  const pool = new Pool(gateway, { connections: askers, headersTimeout: 0, bodyTimeout: 0 })
  parentPort!.once('message', () => {
    on = false
    // Whoever goes away is not waited for: the next window measures no answers of this one.
    void pool.destroy()
  })
  parentPort!.postMessage('ready')
  const answers: Record<number, number> = {}
  const one = async () => {
    while (on) {
      const { statusCode, body } = await pool.request({ ...asked(), path })
      await body.dump({ limit: Number.POSITIVE_INFINITY })
      answers[statusCode] = (answers[statusCode] ?? 0) + 1
      if (statusCode === 503) await pause(BUSY_MS)
    }
  }
  const ended = (cause: unknown) => {
    if (on) throw cause
  }
  await Promise.all(Array.from({ length: askers }, () => one().catch(ended)))
  return answers
}

if (parentPort) parentPort.postMessage(await press(workerData as Press))
