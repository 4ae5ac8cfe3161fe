/**
 * A thread that kills a process at the moment at which something is to be seen in its files. It looks without a pause:
 * such a moment lasts a few milliseconds, and the main thread has proxies and counters to run.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { checkpointOf, isSegment, namesIn } from './files.ts'

/** What is looked for: a checkpoint under way, a file that is being made, or a segment that was not there. */
export type Look =
  | { readonly at: 'checkpoint'; readonly file: string; readonly attemptedAtStart: number }
  | { readonly at: 'part' | 'new-segment'; readonly directory: string }

/** What the thread is told. */
export interface KillerData {
  readonly look: Look
  readonly pid: number
  readonly limitMs: number
}

const { look, pid, limitMs } = workerData as KillerData

function eyes(): () => boolean {
  if (look.at === 'checkpoint') {
    const { file, attemptedAtStart } = look
    return () => {
      const { done, attempted } = checkpointOf(file)
      return attempted > done && attempted !== attemptedAtStart
    }
  }
  const { at, directory } = look
  if (at === 'part') return () => namesIn(directory).some((name) => name.endsWith('.part'))
  const before = new Set(namesIn(directory))
  return () => namesIn(directory).some((name) => isSegment(name) && !before.has(name))
}

const seen = eyes()
parentPort!.postMessage('looking')
const end = Date.now() + limitMs
let found = false
while (!found && Date.now() < end) found = seen()
if (found) process.kill(pid, 'SIGKILL')
parentPort!.postMessage(found)
