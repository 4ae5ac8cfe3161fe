/** Which bill of a day goes which way: by its lane, its place and its person, and never one that goes wrong already. */
import { describe, expect, it } from 'vitest'
import type { Bill } from '../../src/demo/bills.ts'
import { type Way, wayOf } from '../../src/demo/ways.ts'

type Given = Omit<Bill, 'way'>

const person = (more: Partial<Bill['person']> = {}): Bill['person'] => ({
  ...{ psn_no: 'P', credentials: [], filings: [], chronic: [] },
  insurance: [{ insutype: '390', psn_type: '1501', psn_insu_stas: '1', insuplc_admdvs: '430902' }],
  ...more,
})
const place = (area: string, level = 'level2') => ({
  code: `H${area}90001`,
  name: '',
  attributes: { area, level },
})
const filed = [{ kind: '12', destination: '340100', from: '2024-01-01', until: null }]

const bill = (more: Partial<Given> = {}): Given => ({
  ...{ number: 2, lane: 'outpatient', disease: '', twist: 'none', days: 3 },
  person: person(),
  institution: place('430104'),
  diagnosis: { code: 'I10.x00x002', name: '高血压' },
  lines: [1, 2].map(() => ({ item: 'Y0001', price: '1.00', count: 1 })),
  ...more,
})

describe('wayOf()', () => {
  const rows: readonly [string, Given, Way | null][] = [
    ['a stay within the province', bill({ lane: 'inpatient' }), 'interim'],
    ['every third of them', bill({ lane: 'inpatient', number: 3 }), 'birth'],
    [
      'a stay across without a filing',
      bill({ lane: 'inpatient', institution: place('340102') }),
      'late filing',
    ],
    [
      'a stay across with one',
      bill({ lane: 'inpatient', institution: place('340102'), person: person({ filings: filed }) }),
      null,
    ],
    [
      'every fifth of them',
      bill({
        lane: 'inpatient',
        number: 5,
        institution: place('340102'),
        person: person({ filings: filed }),
      }),
      'trauma',
    ],
    ['a chronic bill of several lines', bill({ lane: 'chronic' }), 'disease apart'],
    ['a resident at a smaller hospital of the province', bill(), 'two diseases'],
    ['the same at a big one', bill({ institution: place('430104', 'level3') }), null],
    ['the same across', bill({ institution: place('340102') }), null],
    ['who has a family account', bill({ number: 3, person: person({ family: true }) }), 'family account'],
    ['a purchase', bill({ lane: 'pharmacy' }), null],
    ['a bill that is cancelled', bill({ lane: 'inpatient', twist: 'cancelled' }), null],
  ]

  it.each(rows)('%s', (_what, given, way) => {
    expect(wayOf(given)).toBe(way)
  })
})
