/** Pauses between tries. */
import type { Random } from './ports.ts'

/** The pause before the next try: twice as long each time, from the first up to the longest. @param tries made so far */
export function backoffMs(tries: number, firstMs: number, longestMs: number): number {
  return Math.min(longestMs, firstMs * 2 ** Math.min(tries, 30))
}

/** A quarter of it up or down by chance, so that those who wait for one thing do not all come at once. */
export function jittered(pauseMs: number, random: Pick<Random, 'next'>): number {
  return pauseMs * (0.75 + random.next() / 2)
}
