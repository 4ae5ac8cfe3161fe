/** Chance with weights, for a mix of visits. */
import type { Draw } from '../../src/seeded-random.ts'

/** One of the keys, each as often as its weight says. */
export function pickWeighted<Key extends string>(weights: Readonly<Record<Key, number>>, next: Draw): Key {
  const entries = Object.entries(weights) as [Key, number][]
  let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [key, weight] of entries) {
    left -= weight
    if (left < 0) return key
  }
  return entries.at(-1)![0]
}
