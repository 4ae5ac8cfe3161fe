/**
 * Hit rate of the candidates: how often the right code comes first, and how often among the first five, for
 * the rows of a crosswalk that equal names do not settle. These rows are split by code: weights and synonyms
 * were tuned on one half, the other half is reported.
 */
import { createHash } from 'node:crypto'
import type { Candidate } from '../outcome.ts'
import { plain } from './name-normalisation.ts'

/** A row of a crosswalk. */
export interface Crossing {
  readonly source: string
  readonly sourceName: string
  readonly target: string
}

/** The two halves: tuning set and test set. */
export const HALVES = ['seen', 'reported'] as const

/** One of `HALVES`. */
export type Half = (typeof HALVES)[number]

/** Counts of one run. */
export interface HitRate {
  /** Rows of the crosswalk that have a target. */
  readonly rows: number
  /** Rows whose name matches no row of the table. */
  readonly leftOver: number
  /** Those of them that were asked: one half. */
  readonly asked: number
  /** Asked rows whose target can never be offered, because it is grey or missing from the table. */
  readonly unreachable: number
  readonly first: number
  readonly amongFive: number
}

const hashOf = (code: string) => createHash('sha1').update(code).digest()

/**
 * Measures the hit rate.
 *
 * @param names all names of the national table, usable or not
 * @param ask returns the candidates for a row, best first
 * @param usable whether a national code may be offered at all
 * @param oneIn asks only every n-th row of the half, always the same ones
 * @param progress called after each question with the number asked and the total
 */
export function hitRate(
  crossings: readonly Crossing[],
  names: Iterable<string>,
  half: Half,
  ask: (crossing: Crossing) => readonly Candidate[],
  usable: (code: string) => boolean,
  oneIn = 1,
  progress: (done: number, all: number) => void = () => {},
): HitRate {
  const known = new Set(Array.from(names, plain))
  const mapped = crossings.filter(({ source, target }) => source !== '' && target !== '')
  const left = mapped.filter(({ sourceName }) => !known.has(plain(sourceName)))
  const asked = left.filter(({ source }) => {
    const [parity = 0, spread = 0] = hashOf(source)
    return HALVES[parity % 2] === half && spread % oneIn === 0
  })
  const places = asked.map((crossing, index) => {
    const place = ask(crossing).findIndex(({ code }) => code === crossing.target)
    progress(index + 1, asked.length)
    return place
  })
  return {
    rows: mapped.length,
    leftOver: left.length,
    asked: asked.length,
    unreachable: asked.filter(({ target }) => !usable(target)).length,
    first: places.filter((place) => place === 0).length,
    amongFive: places.filter((place) => place >= 0 && place < 5).length,
  }
}
