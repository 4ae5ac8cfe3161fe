/**
 * The file port over the platter. A write takes a moment; a crash meanwhile leaves any part of its sectors. A new name is
 * there for good only after the directory was synced; a note may be lost or emptied by a crash. A full disk takes no new
 * segment, or nothing at all; a failing one says so when some, all or none of a write is there.
 */
import type { Files } from '../../src/journal/segment/files.ts'
import type { Dice } from './dice.ts'
import { type Inode, type Platter, SECTOR } from './platter.ts'
import type { Timeline } from './timeline.ts'

/** What may go wrong with a disk: no room for a new segment, no room at all, failing writes. */
export type DiskFault = 'no new segment' | 'ENOSPC' | 'EIO'

/** The files as one life of the gateway has them. */
export interface SimulatedFiles extends Files {
  /** From now on the disk is like this. */
  fail(fault: DiskFault): void
  failing(): boolean
  /** The power goes in the middle of the next write. */
  dieInWrite(): void
  /** The power goes: nothing resolves any more, and what was under way is there in parts. */
  crash(): void
}

/** Whom the files tell. */
interface FileEvents {
  /** The moment that was asked for with `dieInWrite`. */
  die(): void
  /** A moment at which the gateway may die. */
  step(): void
  happened(kind: string): void
}

/** A write takes a moment, now and then a long one. */
function syncMs(dice: Dice): number {
  return dice.chance(0.03) ? dice.between(50, 400) : 0.2 + dice.next() * 4
}

const failure = (code: string) => Object.assign(new Error(`${code}: simulated`), { code })

/** Opens the files for one life. */
export function openFiles(
  platter: Platter,
  timeline: Timeline,
  dice: Dice,
  events: FileEvents,
): SimulatedFiles {
  const live = new Map<string, Inode>(platter.names)
  /** Changes of names that no sync of the directory has followed. */
  let unsynced: (() => void)[] = []
  /** Notes that were put in place, with what stood there before. */
  const notes = new Map<string, Inode | undefined>()
  let under: { inode: Inode; bytes: Buffer; offset: number } | null = null
  let fault: DiskFault | null = null
  let alive = true
  let doomed = false

  /** Leaves some sectors of a write: all, none, or any of them. */
  function leaveParts(inode: Inode, bytes: Buffer, offset: number): string {
    const share = dice.pick([0, 0.5, 0.9, 1])
    let left = 0
    for (let at = 0; at < bytes.length; at += SECTOR) {
      if (share < 1 && !dice.chance(share)) continue
      bytes.copy(inode.bytes, offset + at, at, at + SECTOR)
      left += 1
    }
    const sectors = Math.ceil(bytes.length / SECTOR)
    return left === 0 ? 'write lost' : left === sectors ? 'write kept' : 'write torn'
  }

  function later(ms: number, act: () => void): Promise<void> {
    return new Promise((resolve, reject) => {
      timeline.after(ms, () => {
        if (!alive) return
        try {
          act()
          if (alive) resolve()
        } catch (cause) {
          reject(cause)
        }
      })
    })
  }

  function rename(from: string, to: string): void {
    const inode = live.get(from)!
    live.delete(from)
    live.set(to, inode)
    unsynced.push(() => {
      platter.names.delete(from)
      platter.names.set(to, inode)
    })
  }

  return {
    directory: 'journal',
    list: () => [...live.keys()].sort(),
    size: (name) => live.get(name)?.bytes.length ?? null,
    read(name, offset, length) {
      const bytes = live.get(name)?.bytes
      return bytes?.subarray(offset, offset + length) ?? null
    },
    async open(name) {
      const inode = live.get(name)
      if (!inode) throw failure('ENOENT')
      return {
        write(bytes, offset) {
          under = { inode, bytes, offset }
          events.step()
          if (doomed && alive) events.die()
          return later(syncMs(dice), () => {
            under = null
            if (fault === 'ENOSPC') throw failure(fault)
            if (fault === 'EIO') {
              events.happened(`EIO, ${leaveParts(inode, bytes, offset)}`)
              platter.refresh()
              throw failure(fault)
            }
            bytes.copy(inode.bytes, offset)
            platter.refresh()
            events.step()
          })
        },
        close: async () => {},
      }
    },
    async preallocate(name, bytes, rest = async () => {}) {
      const inode = { bytes: Buffer.alloc(0) }
      live.set(name, inode)
      unsynced.push(() => platter.names.set(name, inode))
      await rest()
      return later(dice.between(1, 300), () => {
        if (fault) throw failure(fault === 'EIO' ? 'EIO' : 'ENOSPC')
        inode.bytes = Buffer.alloc(bytes)
      })
    },
    rename: async (from, to) => rename(from, to),
    async remove(name) {
      live.delete(name)
      unsynced.push(() => platter.names.delete(name))
    },
    syncDirectory() {
      const done = unsynced.length
      return later(dice.next() * 5, () => {
        for (const change of unsynced.splice(0, done)) change()
        platter.refresh()
      })
    },
    async note(name, pieces) {
      if (fault) throw failure('ENOSPC')
      if (!notes.has(name)) notes.set(name, platter.names.get(name))
      const inode = { bytes: Buffer.concat(Array.from(pieces, (piece) => Buffer.from(piece))) }
      live.set(name, inode)
      platter.names.set(name, inode)
    },
    close() {},
    fail(which) {
      fault = which
    },
    failing: () => fault !== null,
    dieInWrite() {
      doomed = true
    },
    crash() {
      alive = false
      if (under) events.happened(leaveParts(under.inode, under.bytes, under.offset))
      const kept = dice.between(0, unsynced.length)
      if (kept < unsynced.length) events.happened('names lost')
      for (const change of unsynced.slice(0, kept)) change()
      unsynced = []
      for (const [name, before] of notes) leaveNote(name, before)
      platter.refresh()
    },
  }

  /** A note that was never synced: what it said, what it said before, or an empty file. */
  function leaveNote(name: string, before: Inode | undefined): void {
    const luck = dice.next()
    if (luck < 0.6) return
    events.happened('note lost')
    if (luck < 0.8 && before) platter.names.set(name, before)
    else platter.names.set(name, { bytes: Buffer.alloc(0) })
  }
}
