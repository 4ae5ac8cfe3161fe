/**
 * The validity gate: a load run whose sums do not close has measured something else than a gateway, and its figures are
 * void. Exact integers, no tolerance.
 */

/** Messages of money at the gateway, as `GET /v1/tally` counts them. */
export interface Tally {
  readonly begun: number
  readonly ended: number
  readonly open: number
  readonly settled: number
  readonly reversed: number
  readonly standingFen: number
}

/** What stands in the books of the platforms. */
export interface Effects {
  readonly standing: number
  readonly standingFen: number
}

/** What the hospitals of the run sent and heard. */
export interface Heard {
  /** Messages of money sent under a key of their own, once each however often they were repeated. */
  readonly sent: number
  /** Of these, which were answered with a yes. */
  readonly yes: number
}

/** One moment of both sides. */
export interface Moment {
  readonly tally: Tally
  readonly effects: Effects
}

/**
 * Judges a run by what changed between two moments of rest.
 *
 * @returns what does not close, in words; empty if the run is valid
 */
export function faultsOf(before: Moment, after: Moment, heard: Heard): string[] {
  const tally = (key: keyof Tally) => after.tally[key] - before.tally[key]
  const effects = (key: keyof Effects) => after.effects[key] - before.effects[key]
  const sums: [string, number, number][] = [
    ['begun = ended + open', tally('begun'), tally('ended') + tally('open')],
    // A load run sends nothing that is turned away at the door: such a run would measure the door.
    ['sent = begun', heard.sent, tally('begun')],
    [
      'effects at the platforms = settled − reversed',
      effects('standing'),
      tally('settled') - tally('reversed'),
    ],
    ['fen at the platforms = fen here', effects('standingFen'), tally('standingFen')],
  ]
  const faults = sums
    .filter(([, one, other]) => one !== other)
    .map(([rule, one, other]) => `${rule}: ${one} ≠ ${other}`)
  if (heard.yes > tally('settled')) faults.push(`told yes ${heard.yes} times, settled ${tally('settled')}`)
  if (tally('begun') === 0) faults.push('no message of money was taken up: nothing was measured')
  return faults
}
