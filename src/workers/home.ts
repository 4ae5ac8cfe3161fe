/**
 * The home of an institution: the one worker that carries out its messages. Everything that refers to each other (keys,
 * encounters, reversals, open cases) is of one institution and so in one journal. Never to be changed: the journals of a
 * data directory are laid out by it.
 */
import { finish, fnv1a } from '../hash.ts'

/**
 * The home worker of an institution.
 *
 * @param institution `fixmedins_code`, `"H34010290001"`; any text has a home
 * @param workers how many there are, from 1
 * @returns a number from 1 to `workers`
 */
export function homeOf(institution: string, workers: number): number {
  return (finish(fnv1a(Buffer.from(institution))) % workers) + 1
}
