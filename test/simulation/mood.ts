/** What a province has of the world around it: the time, chance, ids, and how often it says no. */
import type { Dice } from './dice.ts'

/** It. */
export interface Mood {
  readonly dice: Dice
  /** UTC milliseconds. */
  now(): number
  /** The next id of a kind. */
  next(letter: string): string
  /** Whether it refuses, for no reason of the message. */
  refuses(): boolean
  /** Whether something befalls it that is its right, and yet a trouble for who waits. */
  happens(kind: string, probability: number): boolean
}
