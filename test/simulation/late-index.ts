/** The index of the journal in memory: it outlives a crash whole, in an earlier state, or not at all. */
import type { PlacedRecord, Position } from '../../src/journal/index/journal-index.ts'
import { createMemoryIndex, type MemoryIndex } from '../journal/memory-index.ts'
import type { Dice } from './dice.ts'

interface Round {
  readonly records: readonly PlacedRecord[]
  readonly position: Position
}

/** Keeps the index between lives. */
export class LateIndex {
  present: MemoryIndex = createMemoryIndex()
  #rounds: Round[] = []

  constructor() {
    this.#watch()
  }

  /** What a crash leaves of it. @returns what happened, null where it is whole */
  crash(dice: Dice): string | null {
    const luck = dice.next()
    if (luck < 0.6) return null
    const kept = luck < 0.75 ? [] : this.#rounds.slice(0, dice.between(0, this.#rounds.length))
    const what = kept.length === 0 ? 'index lost' : 'index behind'
    this.#rounds = []
    this.present = createMemoryIndex()
    this.#watch()
    for (const { records, position } of kept) this.present.apply(records, position)
    return what
  }

  #watch(): void {
    const { present } = this
    const { apply } = present
    present.apply = (records, position) => {
      apply(records, position)
      if (present === this.present) this.#rounds.push({ records, position })
    }
  }
}
