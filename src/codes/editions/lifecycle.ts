/**
 * The lifecycle of an edition: maintained, reviewed, publicised, published. It takes at least two persons:
 * the maker may take none of the later steps. The gateway uses published editions only.
 */
import { type Day, dayOf } from '../../domain/day.ts'
import type { Clock } from '../../ports.ts'
import { EDITION_STATES, type EditionState, type ShelfEdition } from './catalogue.ts'
import type { EditionName, Editions } from './editions.ts'

/** A state that a person moves an edition to after its import. */
export type LaterState = Exclude<EditionState, 'maintained'>

/** A step that is not allowed, explained in one Chinese sentence for the person who asked. */
export class StepRefused extends Error {
  override readonly name = 'StepRefused'
}

/** Official Chinese names of the states. */
export const STATE_NAMES: Readonly<Record<EditionState, string>> = {
  maintained: '维护中',
  reviewed: '已审核',
  publicised: '公示中',
  published: '已发布',
}

/** Whether two names mean the same person, regardless of typing. */
export function isSamePerson(one: string, other: string): boolean {
  const plain = (name: string) => name.normalize('NFKC').replace(/\s+/g, '').toLowerCase()
  return plain(one) === plain(other)
}

/** Finds an edition. @throws {StepRefused} if there is none */
export function editionOn(shelf: Editions, { system, standard, version }: EditionName): ShelfEdition {
  const book = shelf.read().books.find((one) => one.system === system && one.standard === standard)
  const edition = book?.editions.find((one) => one.version === version)
  if (edition) return edition
  const known = book?.editions.map((one) => one.version).join('、') || '无'
  throw new StepRefused(`没有${system ? `${system}到` : ''}${standard}的${version}版，现有：${known}`)
}

/**
 * Moves an edition to its next state.
 *
 * @param by the person who takes the step; not the maker
 * @throws {StepRefused} if it is not the next state, or the person made the edition
 */
export function advance(
  shelf: Editions,
  of: EditionName,
  to: LaterState,
  by: string,
  clock: Pick<Clock, 'now'>,
): ShelfEdition {
  const edition = editionOn(shelf, of)
  const name = by.trim()
  if (name === '') throw new StepRefused('须写明经办人')
  const next = EDITION_STATES[EDITION_STATES.indexOf(edition.state) + 1]
  if (next !== to) {
    const now = `该版本现为“${STATE_NAMES[edition.state]}”`
    throw new StepRefused(next ? `${now}，下一步只能是“${STATE_NAMES[next]}”` : `${now}，没有下一步`)
  }
  if (isSamePerson(name, edition.maker)) {
    throw new StepRefused(`该版本由${edition.maker}维护，审核、公示、发布须由另一人办理`)
  }
  const published: Day | undefined =
    to === 'published' ? (edition.published ?? dayOf(clock.now())) : undefined
  shelf.mark(
    of,
    { state: to, by: name },
    { ...(to === 'reviewed' && { checker: name }), ...(published && { published }) },
  )
  return editionOn(shelf, of)
}
