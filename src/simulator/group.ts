/** Group commit: what arrives while a commit is on its way becomes durable with the next one, together. */
import type { Store } from './database.ts'

/** Works in one transaction at most. */
const GROUP_MAX = 256

interface Waiting {
  readonly work: () => unknown
  readonly done: (value: unknown) => void
  readonly failed: (error: unknown) => void
}

/** Collects works on one store; each is atomic by itself and durable when its promise is kept. */
export class Group {
  readonly #store: Store
  #waiting: Waiting[] = []

  constructor(store: Store) {
    this.#store = store
  }

  /** Runs a work; a throw undoes that work alone. */
  run<T>(work: () => T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#commit())
      this.#waiting.push({ work, done: resolve as (value: unknown) => void, failed: reject })
    })
  }

  #commit(): void {
    const group = this.#waiting.slice(0, GROUP_MAX)
    this.#waiting = this.#waiting.slice(GROUP_MAX)
    if (this.#waiting.length > 0) setImmediate(() => this.#commit())
    const answers: (() => void)[] = []
    try {
      this.#store.atomically(() => {
        for (const { work, done, failed } of group) {
          try {
            const value = this.#store.atomically(work)
            answers.push(() => done(value))
          } catch (error) {
            answers.push(() => failed(error))
          }
        }
      })
    } catch (error) {
      for (const { failed } of group) failed(error)
      return
    }
    for (const answer of answers) answer()
  }
}
