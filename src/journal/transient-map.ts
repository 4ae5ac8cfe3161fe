/** Large enough that moving costs nothing beside what came and went, small enough that no map grows old. */
const FRESH_FROM = 64

/**
 * A map for what only passes through: what was put in goes out a moment later. V8's own map makes itself a new table after
 * every few deletions and leaves a way to it in the old one; once one of them has grown old, all that follow it, and what
 * they held, live on until the whole heap is collected. Here what goes leaves its key behind, and after a while those that
 * are there move into a fresh map. In no order.
 */
export class TransientMap<Key, Value extends NonNullable<unknown> | null> {
  /** Undefined: it has gone. */
  #slots = new Map<Key, Value | undefined>()
  #size = 0
  readonly #freshFrom: number

  /** @param freshFrom how many keys it knows, those that have gone among them, before the others move on */
  constructor(freshFrom = FRESH_FROM) {
    this.#freshFrom = freshFrom
  }

  /** How many there are in it. */
  get size(): number {
    return this.#size
  }

  /** How many keys it knows, those that have gone among them. */
  get known(): number {
    return this.#slots.size
  }

  get(key: Key): Value | undefined {
    return this.#slots.get(key)
  }

  has(key: Key): boolean {
    return this.#slots.get(key) !== undefined
  }

  set(key: Key, value: Value): void {
    if (!this.has(key)) {
      this.#size += 1
      if (this.#slots.size >= this.#freshFrom && this.#slots.size >= 2 * this.#size) this.#moveOn()
    }
    this.#slots.set(key, value)
  }

  delete(key: Key): void {
    if (!this.has(key)) return
    this.#size -= 1
    this.#slots.set(key, undefined)
  }

  *[Symbol.iterator](): Generator<readonly [Key, Value]> {
    for (const [key, value] of this.#slots) if (value !== undefined) yield [key, value]
  }

  #moveOn(): void {
    const fresh = new Map<Key, Value | undefined>()
    for (const [key, value] of this) fresh.set(key, value)
    this.#slots = fresh
  }
}
