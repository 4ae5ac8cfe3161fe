/** Everything is put together here, and only here. */
import { setImmediate } from 'node:timers/promises'
import { openLiveCodes } from './codes/live/hot-reload.ts'
import { loadShipped } from './codes/load.ts'
import type { Config } from './config.ts'
import { dayOf } from './domain/day.ts'
import { EventLoop } from './event-loop.ts'
import { loadRegistry, type Registry } from './extension/registry.ts'
import { Admission } from './http/admission.ts'
import { openDoors } from './http/doors.ts'
import { createMapImporter } from './http/fhir/importer.ts'
import { createSystemNames, readNamedSystems } from './http/fhir/systems.ts'
import { openGate } from './http/gate.ts'
import { type Listener, partyBy } from './http/listener.ts'
import { createMetrics } from './http/metrics.ts'
import { createRestFormat } from './http/rest/answer-format.ts'
import { createStrangers } from './http/strangers.ts'
import { type Archiver, createArchiver, finishArchiving } from './journal/archive/archive.ts'
import { archiveDaily } from './journal/archive/archive-daily.ts'
import { readRestored } from './journal/backup/restored.ts'
import { createEmbeddedEngine } from './journal/embedded/embedded-engine.ts'
import { createJournal } from './journal/journal.ts'
import { keyFor } from './journal/key-for.ts'
import { type DiskSettings, journalFolder, openDisk } from './journal/open-disk.ts'
import { createSeal, keyPlace } from './journal/segment/seal.ts'
import type { Log } from './log.ts'
import { createOffload } from './offload/offload.ts'
import { createShelf } from './offload/shelf.ts'
import { workerThreads } from './offload/thread.ts'
import { openLiveOnboarding } from './onboarding/live.ts'
import { shippedSteps } from './onboarding/shipped.ts'
import { dialectFormat } from './pipeline/answer-format.ts'
import { readCallers } from './pipeline/callers.ts'
import type { Services } from './pipeline/context.ts'
import { readCredentials } from './pipeline/credentials.ts'
import { createFence } from './pipeline/fence.ts'
import { createIds } from './pipeline/ids.ts'
import { createInstitutionDirectory } from './pipeline/institution-directory.ts'
import { probeOf } from './pipeline/probe.ts'
import { createRecovery, type Recovery } from './pipeline/recovery/recover.ts'
import { createSpeaks } from './pipeline/spoken.ts'
import { recoverThenOpen, takeOver } from './pipeline/startup.ts'
import type { Clock, Random } from './ports.ts'
import { keepStays, refillStays } from './reports/stays-in-journal.ts'
import { takeOwnDirectory } from './store/data-dir-lock.ts'
import { databaseFile, openDatabase } from './store/database.ts'
import type { Network } from './transport/network.ts'
import { createTransport } from './transport/transport.ts'
import { gatherRoutes } from './workers/gather.ts'
import type { Neighbours } from './workers/neighbours.ts'
import { standTogether } from './workers/together.ts'

/** What comes from outside. */
export interface Outside {
  readonly config: Config
  readonly clock: Clock
  readonly random: Random
  readonly network: Network
  /** Addresses by platform: those of the configuration, or the simulator's. */
  readonly addresses: Readonly<Record<string, string>>
  readonly log: Log
  /** Told how far the start of the journal is. */
  readonly progress?: DiskSettings['progress']
  /** Told what the start is at, to be read after `Waiting for it: `. */
  readonly step?: (text: string) => void
  /** The others, where this is one of several workers. */
  readonly neighbours?: Neighbours
  /** Dialects and code tables, where not those of this project's folders. */
  readonly registry?: Registry
  /** Starts the threads of heavy work, where not those of this process. */
  readonly openThread?: typeof workerThreads
}

/** A gateway that has recovered and may open its door. */
export interface App {
  /** Answers what comes to a Node server; resolves when it has. */
  readonly listener: Listener
  readonly recovery: Recovery
  /** Every route behind the doors of hospital systems: `GET /v1/tally`. */
  readonly routes: readonly string[]
  readonly archiver: Pick<Archiver, 'run'>
  /** Resolves when the tables hold everything that has been answered. */
  indexed(): Promise<void>
  /** Refuses what comes, lets finish what is in flight, closes the journal. */
  close(): Promise<void>
}

/**
 * Puts the gateway together and recovers what a former run left. The door may be opened when this resolves.
 *
 * @throws where the registry, the key, the callers or the journal are not usable
 */
export async function createApp(outside: Outside): Promise<App> {
  const { config, clock, random, network, addresses, log, neighbours, step = () => {} } = outside
  step('reads the code tables')
  const registry = outside.registry ?? (await loadRegistry())
  const shipped = loadShipped(registry)
  const fault = (cause: unknown) => log.error({ err: cause }, 'fault')
  const codes = await openLiveCodes({
    dataDir: config.commonDir,
    shipped,
    clock,
    fault,
    taken: (revision) => log.info({ revision }, 'codes'),
  })
  const stepsAt = { dataDir: config.commonDir, shipped: shippedSteps() }
  const onboarding = openLiveOnboarding({ ...stepsAt, clock, fault })
  const credentials = readCredentials(config.credentialsFile)
  const speaks = createSpeaks(registry.dialects, config.dialects, { clock, random, credentials })
  const callers = readCallers(config.callersFile)
  const named = readNamedSystems(config.fhirSystemsFile)
  const names = createSystemNames(named)
  const releaseLock = takeOwnDirectory(config.dataDir)
  const seal = createSeal(keyFor(config))
  const tell = (text: string) => log.warn(text)
  const { dataDir, segmentBytes } = config
  const progress = (done: number, total: number) => {
    step(`reads its journal, ${done} of ${total} bytes`)
    outside.progress?.(done, total)
  }
  step('opens its journal')
  const disk = await openDisk({
    ...{ dataDir, seal, keyPlace: keyPlace(config), clock, segmentBytes, tell, progress },
  })
  const engine = createEmbeddedEngine({ disk, clock, turn: setImmediate })
  const journal = createJournal({ engine, clock })
  const database = openDatabase(databaseFile(dataDir))
  const together = neighbours && standTogether(neighbours, journal)
  const indexed = together?.indexed ?? journal.indexed
  const files = neighbours
    ? Array.from({ length: neighbours.workers }, (_, index) => neighbours.directoryOf(index + 1)).map(
        databaseFile,
      )
    : [databaseFile(dataDir)]
  const openThread = outside.openThread ?? workerThreads
  const offload = createOffload({
    ...{ openThread: openThread({ files }), clock },
    codes: () => codes.shared(),
    done: (done) => log.debug(done, 'offloaded'),
  })
  const ids = createIds(clock, random, neighbours?.own)
  const loop = new EventLoop(clock)
  const transport = createTransport({
    network,
    clock,
    random,
    loop,
    addresses,
    probe: (message) => probeOf({ ...speaks, ids, clock }, message),
  })
  const admission = new Admission({
    clock,
    loop,
    atPlatforms: transport.pending,
    log,
    partyOf: partyBy(callers),
  })
  const metrics = createMetrics(transport.status, transport.breakerCounts, () => admission.turnedAway)
  const strangers = createStrangers({
    clock,
    count: metrics.stranger,
    note: (refused) => log.warn({ refused }, 'refused before it was known who called, in the last minute'),
  })
  const formats = new Map(
    [...registry.dialects.map(dialectFormat), createRestFormat(speaks.dialect.catalogue)].map((format) => [
      format.id,
      format,
    ]),
  )
  const directory = createInstitutionDirectory(onboarding)
  let open = false

  const services: Services = {
    ...speaks,
    transport,
    clock,
    deadlineMs: config.deadlineMs,
    queryDeadlineMs: config.queryDeadlineMs,
    codes,
    journal: together?.journal ?? journal,
    fence: createFence({ read: () => readRestored(journalFolder(dataDir)), journal, clock, tell }),
    ids,
    ...(neighbours && { shards: neighbours }),
    pseudonym: seal.pseudonym,
    bodyHash: seal.bodyHash,
    earlierBodyHash: seal.earlierBodyHash,
    directory,
    ...(config.shelf && { shelf: createShelf(offload) }),
    formats,
    trackUnknown: (exchange) => recovery.watch(exchange),
    observe: metrics.observe,
    reportFault: fault,
  }
  const recovery = createRecovery({
    ...services,
    random,
    pauseMs: config.recoveryPauseMs,
    paused: config.recoveryPaused,
  })
  const { archiveDir: archive, archiveAfterDays } = config
  step('finishes what a former run left')
  for (const text of await finishArchiving(disk, archive)) tell(text)
  const archiver = createArchiver({ disk, journal, clock, dataDir, archive })
  const stays = { database, folder: journalFolder(dataDir) }
  await refillStays(stays, journal, tell)
  const endStays = keepStays(stays, journal, clock)
  const left = await recoverThenOpen(journal, recovery, () => {
    open = true
  })
  const endTakingOver = takeOver(journal, recovery, clock, fault)
  const endDaily = archiveAfterDays
    ? archiveDaily({ archiver, clock, olderThanDays: archiveAfterDays, idle: left === 0, log, fault })
    : () => {}

  const ready = () => open
  const today = () => dayOf(clock.now())
  const isKnownArea = (code: string) => codes.current().lookup('area', code, today()).found
  const doors = openDoors({
    ...{ services, ...speaks, dialects: registry.dialects, callers, strangers, admission, metrics, fault },
    ...{ journal, recovery, archiver, offload, database, indexed, ready, today, isKnownArea, codes },
    ...{ named, names, publicUrl: config.publicUrl },
    gate: openGate(config),
    onboarding: { ...stepsAt, live: onboarding, directory, now: clock.now },
    destinations: transport.status,
    ...{ clock, peopleDir: config.commonDir, note: log.info.bind(log) },
    pseudonymKey: () => seal.pseudonymKey,
    importer: createMapImporter({ dataDir: config.commonDir, named }),
    placing: together?.placing,
    ...(neighbours && {
      worker: neighbours.own,
      isPassed: neighbours.isPassed,
      first: gatherRoutes({ neighbours, journal, recovery, metrics }),
    }),
  })
  return {
    ...doors,
    recovery,
    archiver,
    indexed: () => journal.indexed(),
    async close() {
      open = false
      endDaily()
      endTakingOver()
      await archiver.stop()
      await endStays()
      await offload.close()
      const limit = clock.now() + config.deadlineMs + 1000
      while (admission.underWay > 0 && clock.now() < limit)
        await new Promise<void>((resolve) => setTimeout(resolve, 20))
      codes.stop()
      onboarding.stop()
      await recovery.stop()
      await transport.close()
      await journal.close()
      together?.close()
      database.$client.close()
      releaseLock()
    },
  }
}
