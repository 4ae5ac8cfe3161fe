/**
 * Holds the rows of a file until it is read to the end: rows of a stay come in any order, and a file may exceed
 * memory. SQLite keeps them in a temporary file that disappears with its connection, even after a crash.
 */
import type { Area } from '../domain/area.ts'
import type { Day } from '../domain/day.ts'
import { openTemporary } from '../store/client.ts'
import type { StayRow } from './import-row.ts'
import type { StayEventKind } from './stay.ts'

/** Rows of one file. */
export interface Staged {
  /** @param row with the pseudonym of the person, since it is written to disk */
  add(row: StayRow): void
  /** The rows of each stay together, in file order; stays of one institution are adjacent. */
  stays(): Generator<readonly StayRow[]>
  close(): void
}

const CREATE = `create table row (institution text, stay text, line integer, person text, insured_area text,
  treatment_area text, admitted text, discharged text, event text, at text)`
const INSERT = 'insert into row values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'
const SORTED = 'select * from row order by institution, stay, line'

type Columns = [string, string, number, string, string, string, string, string, string, string]

function rowOf([
  institution,
  stay,
  line,
  person,
  insured,
  treated,
  admitted,
  discharged,
  event,
  at,
]: Columns) {
  return {
    ...{ line, stay, person, institution, event: event as StayEventKind, at: at as Day },
    ...{ admitted: admitted as Day, discharged: discharged as Day },
    ...{ insuredArea: insured as Area, treatmentArea: treated as Area },
  } satisfies StayRow
}

/** Opens temporary storage for the rows of one file. */
export function openStaged(): Staged {
  const client = openTemporary()
  client.exec(`${CREATE}; begin`)
  const insert = client.prepare<Columns>(INSERT)
  return {
    add(row) {
      const { institution, stay, line, person, insuredArea, treatmentArea } = row
      const { admitted, discharged, event, at } = row
      insert.run(
        ...([institution, stay, line, person, insuredArea, treatmentArea] as const),
        ...([admitted, discharged, event, at] as const),
      )
    },
    *stays() {
      let rows: StayRow[] = []
      for (const columns of client.prepare<[], Columns>(SORTED).raw().iterate()) {
        const row = rowOf(columns)
        const [first] = rows
        if (first && (first.stay !== row.stay || first.institution !== row.institution)) {
          yield rows
          rows = []
        }
        rows.push(row)
      }
      if (rows.length > 0) yield rows
    },
    close: () => void client.close(),
  }
}
