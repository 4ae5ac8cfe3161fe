/** A journal over files and an index in memory, in one thread, with a hand on its indexer and its clock. */
import type { Disk } from '../../src/journal/embedded/disk.ts'
import { inProcessIndexer } from '../../src/journal/index/indexer.ts'
import { createSeal } from '../../src/journal/segment/seal.ts'
import { openSegmentDisk } from '../../src/journal/segment/segment-disk.ts'
import { startJournal } from '../../src/journal/segment/start.ts'
import { KEY } from './integrity-support.ts'
import { createMemoryFiles, type MemoryFiles } from './memory-files.ts'
import { createMemoryIndex, type MemoryIndex } from './memory-index.ts'
import { AT } from './support.ts'

/** The rig. */
export interface Rig {
  files: MemoryFiles
  index: MemoryIndex
  /** What the start has told. */
  readonly told: string[]
  /** Starts the journal as it stands. */
  open(): Promise<Disk>
  /** The indexer does nothing from now on, until it is let go. */
  hold(): void
  release(): void
  /** Nothing was written for a while. */
  idle(): void
}

const seal = createSeal(KEY)
const key = { check: seal.check, place: 'data/key', open: seal.open }

/** Makes an empty journal. */
export function createRig(segmentBytes = 16 * 1024): Rig {
  let held: (() => void)[] | null = null
  let idle = () => {}
  const told: string[] = []
  const soon = (work: () => void) => (held ? held.push(work) : queueMicrotask(work))
  const clock = {
    now: () => AT,
    after(_ms: number, callback: () => void) {
      idle = callback
      return () => {
        if (idle === callback) idle = () => {}
      }
    },
  }
  const rig: Rig = {
    files: createMemoryFiles(),
    index: createMemoryIndex(),
    told,
    async open() {
      const { files, index } = rig
      const ports = { files, index, now: clock.now }
      const end = await startJournal({ ...ports, ...{ segmentBytes, key }, tell: (text) => told.push(text) })
      const openIndexer = inProcessIndexer({ ...ports, soon })
      return openSegmentDisk({ files, index, openIndexer, seal, clock, segmentBytes }, end)
    },
    hold() {
      held ??= []
    },
    release() {
      const works = held ?? []
      held = null
      for (const work of works) work()
    },
    idle: () => idle(),
  }
  return rig
}
