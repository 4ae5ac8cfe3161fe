/**
 * Keys of the REST door in flight. Such a key names no institution, so two workers could take up the same key for
 * different requests: rule 2 asks for one judge. The primary is it while a key is in flight; from then on the indexes of
 * the journals are, in which a worker looks before it goes on.
 */

/** Who works under which key. */
export interface KeyClaims {
  /** @returns false where another worker works under this key */
  claim(key: string, worker: number): boolean
  /** To be told only when the worker's index holds what became of the key. */
  release(key: string, worker: number): void
  /** A worker has recovered: its index holds whatever its former run had taken up. */
  recovered(worker: number): void
}

/** Makes the judge. What a worker that died has claimed stays claimed until it has recovered. */
export function createKeyClaims(): KeyClaims {
  const held = new Map<string, { readonly worker: number; times: number }>()
  return {
    claim(key, worker) {
      const one = held.get(key)
      if (one && one.worker !== worker) return false
      if (one) one.times += 1
      else held.set(key, { worker, times: 1 })
      return true
    },
    release(key, worker) {
      const one = held.get(key)
      if (one?.worker !== worker) return
      one.times -= 1
      if (one.times === 0) held.delete(key)
    },
    recovered(worker) {
      for (const [key, one] of held) if (one.worker === worker) held.delete(key)
    },
  }
}
