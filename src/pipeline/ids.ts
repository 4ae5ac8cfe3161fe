/** Ids that the gateway makes: message ids of its own messages, and the ids of its answers. */
import { compactTime } from '../domain/day.ts'
import type { Clock, Random } from '../ports.ts'

/** Makes ids. */
export interface Ids {
  /** Message id `msgid`: institution (12), time (14), serial (4). [F] */
  message(institution: string): string
  /** Answer id `inf_refmsgid`: area (6), time (14), serial (10). [F] */
  answer(area: string): string
}

const SERIALS = 10_000
/** Serials of answers that each of several workers has for itself. */
const ANSWERS = 100_000_000

/**
 * Serials count up from a drawn start, so that two windows in one second never share an id.
 *
 * @param worker number of this one where there are several, from 1: a message id is of an institution and so of one worker,
 * an answer id is not
 */
export function createIds(clock: Clock, random: Random, worker = 0): Ids {
  let serial = Math.floor(random.next() * SERIALS)
  let second = { number: Number.NaN, text: '' }
  // Hundreds of ids are made in one second.
  const time = () => {
    const now = clock.now()
    const number = Math.floor(now / 1000)
    if (number !== second.number) second = { number, text: compactTime(now) }
    return second.text
  }
  const next = () => {
    serial += 1
    return serial
  }
  return {
    message(institution) {
      const code = institution.padEnd(12, '0').slice(0, 12)
      return code + time() + String(next() % SERIALS).padStart(4, '0')
    },
    answer: (area) =>
      area.slice(0, 6).padEnd(6, '0') +
      time() +
      String(worker * ANSWERS + (next() % ANSWERS)).padStart(10, '0'),
  }
}
