/** Writes a stay as it is now, and the difference that makes to the figures. */
import type { Relation } from '../../domain/area.ts'
import type { StayMoney } from '../../store/queries/figures/sources.ts'
import type { FigureWrites, KnownStay, MomentRow, StayRowOf } from '../../store/queries/figures/writes.ts'
import type { Stay } from '../stay.ts'
import type { Moment } from './timeline.ts'

/** A stay with what follows from it. */
export interface FoldedStay {
  readonly part: number
  readonly platform: string
  readonly stay: Stay
  readonly relation: Relation
  readonly moments: readonly Moment[]
  readonly money: StayMoney
}

/** @param known its row of before; @param found null where it is no stay any more */
export function writeStay(
  writes: FigureWrites,
  known: KnownStay | undefined,
  found: FoldedStay | null,
): void {
  if (known) change(writes, known, writes.moments(known.id), -1)
  if (!found) {
    if (known) writes.dropStay(known.id)
    return
  }
  const row = rowOfStay(found)
  const rows = found.moments.map(momentRow)
  writes.putStay(row, rows, known)
  change(writes, row, rows, 1)
}

function rowOfStay({ part, platform, stay, relation, money }: FoldedStay): StayRowOf {
  const { institution, person, insuredArea, treatmentArea, admitted, discharged } = stay
  return {
    ...{ part, institution, stay: stay.stay, platform, person, relation, admitted, discharged },
    insured: insuredArea,
    treatment: treatmentArea,
    filed: stay.events.some(({ event }) => event === 'D') ? 1 : 0,
    ...money,
  }
}

function momentRow({ since, before, state, miss }: Moment): MomentRow {
  return {
    since,
    before,
    state,
    category: miss?.category ?? '',
    code: miss?.code ?? '',
    hop: miss?.hop ?? '',
  }
}

/** Each moment adds a stay of its kind, and takes that of the moment before it away. Local stays are in no rate. */
function change(
  writes: FigureWrites,
  { insured, treatment, discharged, relation }: StayRowOf,
  rows: readonly MomentRow[],
  sign: 1 | -1,
): void {
  if (relation === 'local') return
  const add = (at: string, { state, category }: MomentRow, n: number) => {
    writes.addChange('outbound', insured, discharged, at, relation, state, category, n)
    writes.addChange('inbound', treatment, discharged, at, relation, state, category, n)
    const provinces = [insured, treatment].map((area) => `${area.slice(0, 2)}0000`) as [string, string]
    writes.addFlow(discharged.slice(0, 7), ...provinces, at, state, n)
  }
  for (const [index, row] of rows.entries()) {
    const former = rows[index - 1]
    if (former) add(row.since, former, -sign)
    add(row.since, row, sign)
  }
}
