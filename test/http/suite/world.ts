/** A small invented world in which every role of the suite's codes has somebody to play it. */
import { createCodes } from '../../../src/codes/codes.ts'
import type { CodeMap } from '../../../src/extension/codebook.ts'
import { fhirRoutes } from '../../../src/http/fhir/routes.ts'
import { createSystemNames } from '../../../src/http/fhir/systems.ts'
import { illness, on, treatment } from '../../codes/fixture.ts'
import { offloadHere } from '../../offload/support.ts'
import { served } from '../codes-support.ts'

const DAY = on('2026-01-01')
const source = { grade: 'A', text: 'Invented for a test' } as const

/** One local code that is mapped; any other is not. */
const map: CodeMap = {
  system: 'old',
  standard: 'illness',
  editions: [
    {
      version: '1',
      from: on('2020-01-01'),
      source,
      rows: [{ code: 'L1', name: '伤寒', targets: ['A01.000'], relation: 'equivalent' }],
    },
  ],
}
const codes = createCodes({ codebooks: [illness, treatment], maps: [map] })
const names = createSystemNames({ standards: {}, systems: {} })

const ILLNESS = names.urlOf({ kind: 'national', standard: 'illness' })
const TREATMENT = names.urlOf({ kind: 'national', standard: 'treatment' })

/** What stands for a code of the suite: ours of the same role, in its system. */
export const PLAYERS = {
  good: { system: ILLNESS, version: '2.0', code: 'A01.000', name: '伤寒' },
  /** Not in the table, though of its form. */
  unknown: { system: ILLNESS, version: '2.0', code: 'Z99.000' },
  /** Not even of the form of the table's codes. */
  malformed: { system: ILLNESS, version: '2.0', code: 'freetext' },
  /** Was in use, and is no more. */
  retired: { system: ILLNESS, version: '2.0', code: 'C01.000', name: '甲病' },
  /** A code that is right but for its case. */
  otherCase: { system: ILLNESS, version: '2.0', code: 'A01.X00' },
  /** A code put together: a national one and a part of the place's own. */
  composed: {
    system: TREATMENT,
    version: '1',
    code: '001102000010000-110200002.10',
    name: '普通门诊诊查费',
  },
  /** Put together wrongly. */
  badlyComposed: { system: TREATMENT, version: '1', code: '001102000010000-?' },
} as const satisfies Record<string, Player>

/** A code of ours. */
export interface Player {
  readonly system: string
  readonly version: string
  readonly code: string
  readonly name?: string
}

/** The name that the good code has in the edition before. */
export const OLD_NAME = '伤寒旧名'
/** Both sides of a translation. */
export const MAPPED = {
  map: names.mapUrl('old', 'illness'),
  source: { system: names.urlOf({ kind: 'local', system: 'old' }), code: 'L1', unmapped: 'L9' },
  target: PLAYERS.good,
} as const

/** The doors over this world, on a free port of this host. */
export function openDoor() {
  return served(
    fhirRoutes({
      codes: { current: () => codes },
      today: () => DAY,
      callers: { identify: () => ({ id: 'test', institutions: 'any' }) },
      ready: () => true,
      offload: offloadHere(null, () => codes),
      names,
      importer: { take: () => Promise.reject(new Error('nothing is imported here')) },
      fault: (cause) => {
        throw cause
      },
    }),
  )
}
