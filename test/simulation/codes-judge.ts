/** Rule 9: every code that leaves is national and was valid on the day of the fee; what is refused deserved it. */
import type { MappedRow } from '../../src/codes/evidence.ts'
import { editionsOn, isNational, oracle } from './catalogue.ts'
import type { Sent } from './sent.ts'

interface LineRow {
  readonly feedetl_sn: string
  readonly med_list_codg: string
  readonly medins_list_codg: string
  readonly fee_ocur_time: string
}

/** What is wrong with the codes of lines that leave, and with the note of how they became national. */
export function* sentCodesFault(
  name: string,
  lines: readonly LineRow[],
  rows: string | null,
): Generator<string> {
  const mapped = JSON.parse(rows ?? '[]') as MappedRow[]
  for (const { feedetl_sn, med_list_codg, medins_list_codg, fee_ocur_time } of lines) {
    const day = fee_ocur_time.slice(0, 10)
    const right = oracle(medins_list_codg, day)
    if (med_list_codg !== right)
      yield `${name}: ${medins_list_codg} of ${day} left as ${med_list_codg}, not as ${right}`
    if (isNational(medins_list_codg)) continue
    const row = mapped.find(([, , , , ...places]) => places.includes(feedetl_sn))
    const [given, national, map] = row ?? []
    if (!map?.endsWith(`@${editionsOn(day).map}`) || national !== right || given !== medins_list_codg)
      yield `${name}: the journal says ${row} of ${medins_list_codg} on ${day}`
  }
}

/** A refusal names every bad line and no good one. */
export function* refusalFault({ name, lines }: Sent, text: string): Generator<string> {
  const bad = lines.filter(({ code, day }) => oracle(code, day) === null)
  if (bad.length === 0) yield `${name}: good codes were refused: ${text.slice(0, 200)}`
  for (const line of lines) {
    if (text.includes(`${line.serial} `) !== bad.includes(line))
      yield `${name}: the refusal ${bad.includes(line) ? 'forgets' : 'blames'} ${line.serial} ${line.code}`
  }
}
