/**
 * Rows of a file that wait until it was read to its end: a file has the rows of a stay in any order, and may be larger than
 * the memory. They rest in a temporary file that SQLite makes and that is gone with its connection, however that ends.
 */
import type { Area } from '../domain/area.ts'
import type { Day } from '../domain/day.ts'
import { openTemporary } from '../store/client.ts'
import type { StayRow } from './import-row.ts'
import type { StayEventKind } from './stay.ts'

/** Rows of one file. */
export interface Staged {
  /** @param row with the pseudonym of its person: what is read here is written to a file */
  add(row: StayRow): void
  /** The rows of each stay together, in the order of the file; stays of one institution follow each other. */
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

/** Opens a place for the rows of one file. */
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
