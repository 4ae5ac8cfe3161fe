/** Shared by the tests of the journal: intents of invented persons, and a clock that stands still. */
import type { Instant } from '../../src/domain/day.ts'
import type { Disk } from '../../src/journal/embedded/disk.ts'
import { createEmbeddedEngine } from '../../src/journal/embedded/embedded-engine.ts'
import { anonymousIntent, createJournal, type Intent, type Journal } from '../../src/journal/journal.ts'
import type { Clock } from '../../src/ports.ts'

export const AT = Date.parse('2025-03-12T00:00:07Z') as Instant

/** A clock that stands still. */
export const still: Clock = { now: () => AT, elapsed: () => 0, after: () => () => {} }

/** The journal of one gateway over a disk. */
export function journalOver(disk: Disk, clock: Clock = still): Journal {
  return createJournal({ engine: createEmbeddedEngine({ disk, clock }), clock })
}

/** An intent to settle an outpatient bill, with some of it changed. */
export function intent(changes: Partial<Intent> = {}): Intent {
  return {
    ...anonymousIntent('000000-national', AT),
    key: 'caller/2207/M1',
    caller: 'his-1',
    institution: 'H62010200001',
    transaction: '2207',
    kind: 'settlement',
    message: 'M1',
    lane: 'outpatient',
    treatmentArea: '620102',
    insuredArea: '440106',
    destination: 'national/440000',
    encounter: 'E1',
    bodyHash: 'hash-1',
    ...changes,
  }
}

/** Resolves once everything that is ready to run has run. */
export const settled = () => new Promise<void>((resolve) => setImmediate(resolve))
