/** Several gateway processes behind one port: this process starts them and gives each connection to its worker. */
import type { Config } from '../config.ts'
import { readKey } from '../journal/seal.ts'
import { createLog } from '../log.ts'
import { readCallers } from '../pipeline/callers.ts'
import { systemClock } from '../ports.ts'
import { isTaken, takeDirectory } from '../store/single.ts'
import { partsIn, settleLayout } from '../workers/layout.ts'
import { startPrimary } from '../workers/primary.ts'
import { untilEnded } from './until-ended.ts'

/** Looks at what a former run has left, and the pause between two. */
const LOOKS_MAX = 50
const LOOK_MS = 100

/** Workers of a primary that was killed end a moment after it. @throws where they do not */
async function untilFree(directories: readonly string[]): Promise<void> {
  for (let look = 1; directories.some(isTaken); look += 1) {
    if (look > LOOKS_MAX) {
      throw new Error(`A worker of a former run still works in ${directories.find(isTaken)}; end it first`)
    }
    await new Promise<void>((resolve) => setTimeout(resolve, LOOK_MS))
  }
}

/** Serves with several workers until told to end. @throws where a worker ends again and again */
export async function serveWorkers(
  config: Config,
  addresses: Readonly<Record<string, string>>,
  listening: (
    config: Config,
    port: number,
    addresses: Readonly<Record<string, string>>,
    more: string,
  ) => void,
): Promise<void> {
  const { dataDir, workers, port, host } = config
  const log = createLog(config.logLevel)
  const letGo = takeDirectory(dataDir)
  settleLayout(dataDir, workers)
  // Made here where there is none yet: all workers read the same.
  readKey(config)
  await untilFree(partsIn(dataDir, config.archiveDir).map((part) => part.dataDir))
  const primary = await startPrimary({
    workers,
    port,
    host,
    addresses,
    paused: config.recoveryPaused,
    callers: readCallers(config.callersFile),
    clock: systemClock,
    tell: (text) => log.error(text),
  })
  listening(config, primary.port, addresses, `, ${workers} workers: processes ${primary.pids().join(', ')}`)
  await Promise.race([untilEnded(), primary.broken])
  log.info('draining')
  await primary.stop()
  letGo()
  log.flush()
}
