/** Calls and faults of the last ten seconds. */

const BUCKETS = 10
const BUCKET_MS = 1_000
/** Share of faults, and calls in the window, from which a destination counts as down. */
const FAULTS_SHARE = 0.5
const CALLS_MIN = 10

/** A window that moves by the clock of whoever asks; it needs no timer. */
export class FaultWindow {
  readonly #calls = new Uint32Array(BUCKETS)
  readonly #faults = new Uint32Array(BUCKETS)
  /** Number of the present bucket since the beginning of the clock. */
  #bucket = 0

  /** Counts a call that was answered. */
  answered(now: number): void {
    this.#move(now)
    this.#calls[this.#bucket % BUCKETS]! += 1
  }

  /** Counts a call that was not. @returns whether too many were not */
  failed(now: number): boolean {
    this.answered(now)
    this.#faults[this.#bucket % BUCKETS]! += 1
    let calls = 0
    let faults = 0
    for (let index = 0; index < BUCKETS; index += 1) {
      calls += this.#calls[index]!
      faults += this.#faults[index]!
    }
    return calls >= CALLS_MIN && faults > calls * FAULTS_SHARE
  }

  clear(): void {
    this.#calls.fill(0)
    this.#faults.fill(0)
  }

  #move(now: number): void {
    const bucket = Math.floor(now / BUCKET_MS)
    if (bucket === this.#bucket) return
    if (bucket - this.#bucket >= BUCKETS) this.clear()
    else
      for (let old = this.#bucket + 1; old <= bucket; old += 1) {
        this.#calls[old % BUCKETS] = 0
        this.#faults[old % BUCKETS] = 0
      }
    this.#bucket = bucket
  }
}
