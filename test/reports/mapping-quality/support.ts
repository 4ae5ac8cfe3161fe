/** A journal and codes for the reports about codes: a hospital with its own items and diagnoses. */
import { createCodes } from '../../../src/codes/codes.ts'
import type { CodeEvidence, CodeFault, WarnedCode } from '../../../src/codes/evidence.ts'
import { type Day, instantFromShanghai, parseDay } from '../../../src/domain/day.ts'
import type { Codebook, Source } from '../../../src/extension/codebook.ts'
import type { Database } from '../../../src/store/database.ts'
import { exchange, outcome } from '../../../src/store/schema.ts'
import { illness, illnessMap, treatment, treatmentMap } from '../../codes/fixture.ts'

const source: Source = { grade: 'A', text: 'Invented for a test' }

/** The hospital, its systems named after it. */
export const HOSPITAL = 'H62010290001'

const register: Codebook = {
  ...illness,
  id: 'institution',
  shape: null,
  editions: [
    {
      version: '1',
      from: parseDay('2020-01-01'),
      source,
      entries: [
        { code: HOSPITAL, name: '试验医院', attributes: { system: 'H', diagnosisSystem: 'H' } },
        { code: 'H62010290002', name: '另一医院', attributes: {} },
      ],
    },
  ],
}

/** Diagnoses and treatments of the fixture under the names that a bill asks for. */
export const codes = createCodes({
  codebooks: [register, treatment, { ...illness, id: 'diagnosis' }],
  maps: [{ ...illnessMap, standard: 'diagnosis' }, treatmentMap],
})

let id = 0

/** Where the record would be in the journal; nobody looks there. */
const PLACE = { segment: 1, offset: 0, length: 0 }

/** What is said of the codes of a message. */
interface Said {
  readonly lines?: number
  readonly diagnoses?: number
  readonly faults?: readonly CodeFault[]
  readonly further?: readonly WarnedCode[]
}

/** Writes a message with codes and its outcome. @returns its number */
export function message(
  database: Database,
  day: Day,
  { lines = 0, diagnoses = 0, faults, further }: Said,
  changes: Partial<typeof exchange.$inferInsert> = {},
): number {
  id += 1
  const at = instantFromShanghai(`${day} 10:00:00`)
  const whole: CodeEvidence = {
    codes: { item: lines, diagnosis: diagnoses },
    editions: {},
    ...(faults && { faults }),
    ...(further && { warned: further }),
  }
  const values = {
    ...{ id, institution: HOSPITAL, kind: 'write', transaction: '2204', encounter: 'E1', at, ...PLACE },
    evidence: JSON.stringify(whole),
    ...changes,
  }
  database.insert(exchange).values(values).run()
  const state = faults ? 'rejected' : 'accepted'
  database
    .insert(outcome)
    .values({ exchange: id, state, at, ...PLACE })
    .run()
  return id
}

/** Writes a settlement of a visit over so many fen. */
export function settlement(database: Database, day: Day, encounter: string, total: number): void {
  id += 1
  const at = instantFromShanghai(`${day} 11:00:00`)
  const values = {
    id,
    institution: HOSPITAL,
    kind: 'settlement',
    transaction: '2207',
    encounter,
    at,
    ...PLACE,
  }
  database.insert(exchange).values(values).run()
  database
    .insert(outcome)
    .values({ exchange: id, state: 'accepted', encounter, total, at, ...PLACE })
    .run()
}
