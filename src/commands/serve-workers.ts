/** Several gateway processes behind one port: this process starts them and gives each connection to its worker. */
import type { Config } from '../config.ts'
import { keyFor } from '../journal/key-for.ts'
import { createLog } from '../log.ts'
import { SILENCE_MS } from '../patience.ts'
import { readCallers } from '../pipeline/callers.ts'
import { systemClock } from '../ports.ts'
import { isTaken, takeOwnDirectory } from '../store/data-dir-lock.ts'
import { partsIn, settleLayout } from '../workers/layout.ts'
import { startPrimary } from '../workers/primary.ts'
import { untilEnded } from './until-ended.ts'

/** The pause between two looks at what a former run has left, and how many there are. */
const LOOK_MS = 100
const LOOKS_MAX = SILENCE_MS / LOOK_MS
/** Looks after which is said for what we wait. */
const SAY_LOOKS = 50

/** Workers of a primary that was killed end a moment after it, on a busy machine a long one. @throws if they do not */
async function untilFree(directories: readonly string[], say: (text: string) => void): Promise<void> {
  for (let look = 1; directories.some(isTaken); look += 1) {
    const taken = directories.find(isTaken)
    if (look > LOOKS_MAX) throw new Error(`A worker of a former run still works in ${taken}; end it first`)
    if (look % SAY_LOOKS === 0) say(`Waiting for the end of a worker of a former run in ${taken}`)
    await new Promise<void>((resolve) => setTimeout(resolve, LOOK_MS))
  }
}

/** Serves with several workers until told to end. @throws if a worker ends again and again */
export async function serveWorkers(
  config: Config,
  addresses: Readonly<Record<string, string>>,
  listening: (
    config: Config,
    port: number,
    addresses: Readonly<Record<string, string>>,
    more: string,
  ) => void,
  step: (text: string) => void,
): Promise<void> {
  const { dataDir, workers, port, host } = config
  const log = createLog(config.logLevel)
  const releaseLock = takeOwnDirectory(dataDir)
  settleLayout(dataDir, workers)
  // Made here where there is none yet: all workers read the same.
  keyFor(config)
  const parts = partsIn(dataDir, config.archiveDir).map((part) => part.dataDir)
  step('waits for the end of a former run')
  await untilFree(parts, (text) => log.warn(text))
  const primary = await startPrimary({
    workers,
    port,
    host,
    addresses,
    paused: config.recoveryPaused,
    callers: readCallers(config.callersFile),
    clock: systemClock,
    tell: (text) => log.error(text),
    step,
  })
  listening(config, primary.port, addresses, `, ${workers} workers: processes ${primary.pids().join(', ')}`)
  await Promise.race([untilEnded(), primary.broken])
  log.info('draining')
  await primary.stop()
  releaseLock()
  log.flush()
}
