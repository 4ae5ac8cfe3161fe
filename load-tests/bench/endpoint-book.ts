/**
 * The book of a platform of the bench: what each message came to, by the number of its id. Typed memory outside the heap,
 * so that millions of settlements do not give the platform pauses that would be taken for the gateway's.
 */

/** What stands in a book. */
export interface Standing {
  readonly standing: number
  readonly standingFen: number
}

/** A book. */
export interface Book {
  /** Books a settlement. One that was undone before it came stays undone; a second time changes nothing. */
  book(serial: number, fen: number): void
  /** What a message came to; null if it does not stand. */
  fenOf(serial: number): number | null
  /** Undoes a message, whether it has come or not. */
  undo(serial: number): void
  standing(): Standing
}

const FIRST_ROOM = 1 << 16
const UNDONE = 0xff_ff_ff_ff

/** Opens an empty one. */
export function createBook(): Book {
  /** Fen and one; 0 where nothing has come. */
  let held = new Uint32Array(FIRST_ROOM)

  function makeRoom(serial: number): void {
    if (serial < held.length) return
    const wider = new Uint32Array(Math.max(held.length * 2, serial + 1))
    wider.set(held)
    held = wider
  }

  return {
    book(serial, fen) {
      makeRoom(serial)
      if (held[serial] === 0) held[serial] = fen + 1
    },
    fenOf(serial) {
      const value = held[serial] ?? 0
      return value === 0 || value === UNDONE ? null : value - 1
    },
    undo(serial) {
      makeRoom(serial)
      held[serial] = UNDONE
    },
    standing() {
      let standing = 0
      let standingFen = 0
      for (const value of held) {
        if (value === 0 || value === UNDONE) continue
        standing += 1
        standingFen += value - 1
      }
      return { standing, standingFen }
    },
  }
}
