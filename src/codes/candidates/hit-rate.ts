/**
 * How often the right code stands first, and among the first five, for what equal names leave over of a crosswalk. The
 * left-overs are parted by their code: the weights and synonyms were made with one half in view, the other is reported.
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

/** Halves of the left-overs. */
export const HALVES = ['seen', 'reported'] as const

/** One of `HALVES`. */
export type Half = (typeof HALVES)[number]

/** What was hit. */
export interface HitRate {
  /** Rows of the crosswalk that have a target. */
  readonly rows: number
  /** Rows whose name no row of the table has. */
  readonly leftOver: number
  /** Those of them that were asked: the half. */
  readonly asked: number
  /** Those whose target may not be used (grey, or not in the table), so that it is never offered. */
  readonly unreachable: number
  readonly first: number
  readonly amongFive: number
}

const hashOf = (code: string) => createHash('sha1').update(code).digest()

/**
 * Measures.
 *
 * @param names names of the national table, whether usable or not
 * @param ask candidates for a row, best first
 * @param usable whether a national code may be offered at all
 * @param oneIn asks only one in so many of the half, always the same ones
 * @param progress told after each question: how many were asked, of how many
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
