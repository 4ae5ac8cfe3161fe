/** Stays are read from the journal and imported records together, and each counts as it stands in the end. */
import { Readable } from 'node:stream'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Area } from '../../src/domain/area.ts'
import { type Day, instantFromShanghai } from '../../src/domain/day.ts'
import { importStays } from '../../src/reports/import.ts'
import { readStays } from '../../src/reports/stays.ts'
import { type Database, openDatabase } from '../../src/store/database.ts'
import { exchange, outcome } from '../../src/store/schema.ts'
import { ask, HEADER, importContext, STAYS } from './support.ts'

let database: Database
let id = 0
beforeEach(() => {
  database = openDatabase(':memory:')
  id = 0
})

const KINDS = {
  2304: 'settlement',
  2305: 'cancellation',
  2401: 'admission',
  2402: 'discharge',
  2207: 'settlement',
}

/** Writes an exchange and its outcomes: `journal('2304', 'accepted 2025-02-01 10:00:00')`. */
function journal(
  number: keyof typeof KINDS,
  outcomes: string | string[],
  changes: Partial<typeof exchange.$inferInsert> = {},
) {
  id += 1
  const opening = number === 2401
  const values = {
    id,
    kind: KINDS[number],
    transaction: String(number),
    institution: 'H1',
    treatmentArea: '310101',
    insuredArea: '621025',
    encounter: opening ? null : 'E1',
    person: 'pseudonym-P1',
    lane: 'inpatient',
    at: 0,
    ...PLACE,
    ...changes,
  }
  database.insert(exchange).values(values).run()
  for (const text of [outcomes].flat()) {
    tell(id, text, opening)
  }
  return id
}

function tell(
  exchangeId: number,
  text: string,
  opening = false,
  total: number | null = 10_000,
  settlement: string | null = null,
) {
  const [state = '', ...time] = text.split(' ')
  const at = instantFromShanghai(time.join(' '))
  database
    .insert(outcome)
    .values({
      exchange: exchangeId,
      state,
      at,
      total,
      settlement,
      encounter: opening ? 'E1' : null,
      ...PLACE,
    })
    .run()
}

/** Where a record would rest; nobody reads it here. */
const PLACE = { segment: 1, offset: 512, length: 0 }

const events = () =>
  readStays(database, STAYS).map((stay) => stay.events.map(({ event, at }) => `${event} ${at}`).join(', '))

describe('readStays() from the journal', () => {
  it('gathers one stay with its admission, discharge and settlement', () => {
    journal(2401, 'accepted 2024-12-20 09:00:00', { day: '2024-12-20' })
    journal(2402, 'accepted 2025-01-05 09:00:00', { day: '2025-01-04' })
    journal(2402, 'accepted 2025-01-05 11:00:00', { day: '2025-01-05' })
    journal(2304, ['open 2025-01-05 12:00:00', 'accepted 2025-01-06 00:00:00'], { day: '2025-01-06' })
    expect(readStays(database, STAYS)).toEqual([
      {
        stay: 'E1',
        person: 'pseudonym-P1',
        insuredArea: '621025',
        treatmentArea: '310101',
        institution: 'H1',
        admitted: '2024-12-20',
        discharged: '2025-01-05',
        events: [{ event: 'D', at: '2025-01-06' }],
      },
    ])
  })

  it.each([
    ['2025-01-06', '2025-01-06'],
    [null, '2025-01-07'],
  ])('without a discharge takes the day of the settlement: %s', (day, discharged) => {
    journal(2402, 'refused 2025-01-05 09:00:00', { day: '2025-01-05' })
    journal(2304, 'accepted 2025-01-07 09:00:00', { day })
    expect(readStays(database, STAYS)).toMatchObject([{ discharged, admitted: discharged }])
  })

  it('counts the Shanghai day of an outcome', () => {
    journal(2304, 'accepted 2025-02-01 23:59:59')
    journal(2305, 'accepted 2025-02-02 00:00:00')
    expect(events()).toEqual(['D 2025-02-01, R 2025-02-02'])
  })

  it.each([
    ['reversed', [['accepted 2025-02-01', 'reversed 2025-02-02']], ['D 2025-02-01, R 2025-02-02']],
    ['found after doubt', [['unknown 2025-02-01', 'accepted 2025-02-02']], ['D 2025-02-02']],
    ['told twice', [['accepted 2025-02-01', 'accepted 2025-02-02']], ['D 2025-02-01']],
    ['refused', [['refused 2025-02-01']], []],
    ['unknown', [['unknown 2025-02-01']], []],
    ['reversed out of doubt', [['unknown 2025-02-01', 'reversed 2025-02-02']], []],
  ])('a settlement %s', (_name, exchanges, expected) => {
    for (const outcomes of exchanges) journal(2304, outcomes)
    expect(events()).toEqual(expected)
  })

  it('a withdrawal that is itself reversed restores the settlement', () => {
    journal(2304, 'accepted 2025-02-01')
    journal(2305, ['accepted 2025-02-03', 'reversed 2025-02-04'], { insuredArea: null })
    expect(events()).toEqual(['D 2025-02-01, R 2025-02-03, D 2025-02-04'])
  })

  /** 2304 with settlement id S1 on 1 February, 2305 of it on the 3rd. @returns the numbers of both */
  function settledAndWithdrawn() {
    const settled = journal(2304, [])
    tell(settled, 'accepted 2025-02-01', false, 10_000, 'S1')
    const withdrawn = journal(2305, 'accepted 2025-02-03', { settlement: 'S1' })
    return { settled, withdrawn }
  }

  it('a reversal of what is withdrawn changes nothing: settled anew, the stay counts as settled', () => {
    const { settled } = settledAndWithdrawn()
    tell(settled, 'reversed 2025-02-04')
    journal(2304, 'accepted 2025-02-05')
    expect(events()).toEqual(['D 2025-02-01, R 2025-02-03, D 2025-02-05'])
  })

  it('a withdrawal that is reversed restores the settlement, also after a reversal that changed nothing', () => {
    const { settled, withdrawn } = settledAndWithdrawn()
    tell(settled, 'reversed 2025-02-04')
    tell(withdrawn, 'reversed 2025-02-05')
    expect(events()).toEqual(['D 2025-02-01, R 2025-02-03, D 2025-02-05'])
  })

  it('a withdrawal of what was reversed before changes nothing', () => {
    const settled = journal(2304, [])
    tell(settled, 'accepted 2025-02-01', false, 10_000, 'S1')
    tell(settled, 'reversed 2025-02-02')
    const withdrawn = journal(2305, 'accepted 2025-02-03', { settlement: 'S1' })
    tell(withdrawn, 'reversed 2025-02-04')
    expect(events()).toEqual(['D 2025-02-01, R 2025-02-02'])
  })

  it('tells apart two stays to which two platforms gave one id', () => {
    journal(2401, 'accepted 2025-01-20', { day: '2025-01-20' })
    journal(2401, 'accepted 2025-01-21', { day: '2025-01-21', insuredArea: '430102', person: 'pseudonym-P2' })
    journal(2304, 'accepted 2025-02-01', { person: 'pseudonym-P1' })
    journal(2304, 'accepted 2025-02-02', { insuredArea: '430102', person: 'pseudonym-P2' })
    journal(2305, 'accepted 2025-02-03', { insuredArea: '430102', person: 'pseudonym-P2' })
    const told = readStays(database, STAYS).map(({ person, admitted, events: all }) => [
      person,
      admitted,
      all.length,
    ])
    expect(told.toSorted()).toEqual([
      ['pseudonym-P1', '2025-01-20', 1],
      ['pseudonym-P2', '2025-01-21', 2],
    ])
  })

  it('leaves out outpatient settlements and stays of zero fee', () => {
    journal(2207, 'accepted 2025-02-01', { encounter: 'E2', lane: 'outpatient' })
    tell(journal(2304, []), 'accepted 2025-02-01', false, 0)
    expect(events()).toEqual([])
  })

  it('tells encounters, institutions and areas apart', () => {
    journal(2304, 'accepted 2025-02-01', { encounter: 'E1' })
    journal(2304, 'accepted 2025-02-02', { encounter: 'E2', insuredArea: '621002' })
    journal(2304, 'accepted 2025-02-03', { encounter: 'E1', institution: 'H2', insuredArea: '340103' })
    journal(2305, 'accepted 2025-02-04', { encounter: 'E2' })
    expect(events().toSorted()).toEqual(['D 2025-02-01', 'D 2025-02-02, R 2025-02-04', 'D 2025-02-03'])
    const count = (area: string) => readStays(database, STAYS, { area: area as Area }).length
    expect(['621025', '621000', '620000', '340000', '110000'].map(count)).toEqual([1, 2, 2, 1, 0])
    const day = '2025-02-02' as Day
    expect(readStays(database, STAYS, { from: day, to: day })).toMatchObject([{ stay: 'E2' }])
  })

  it('takes the areas of the latest settlement, so a corrected area counts', () => {
    journal(2304, ['accepted 2025-02-01', 'reversed 2025-02-02'])
    journal(2304, 'accepted 2025-02-02', { treatmentArea: '621002' })
    expect(readStays(database, STAYS)).toMatchObject([{ treatmentArea: '621002' }])
  })

  it('counts as a stay what the operations say is one, whatever their numbers', () => {
    journal(2401, 'accepted 2024-12-20', { transaction: 'ZY01', day: '2024-12-20' })
    journal(2402, 'accepted 2025-01-05', { transaction: 'CY01', day: '2025-01-05' })
    journal(2304, 'accepted 2025-01-06', { transaction: 'JS01' })
    journal(2305, 'accepted 2025-01-07', { transaction: 'CX01' })
    const numbers = { admission: ['ZY01'], discharge: ['CY01'], settlement: ['JS01'], cancellation: ['CX01'] }
    expect(readStays(database, numbers)).toMatchObject([
      { admitted: '2024-12-20', discharged: '2025-01-05', events: [{ event: 'D' }, { event: 'R' }] },
    ])
    expect(readStays(database, STAYS)).toEqual([])
  })

  it('finds the stays of an area by the index over inpatient settlements', () => {
    const prepared: string[] = []
    const prepare = database.$client.prepare.bind(database.$client)
    database.$client.prepare = ((sql: string) => {
      prepared.push(sql)
      return prepare(sql)
    }) as typeof prepare
    readStays(database, STAYS, { area: '621025' as Area })
    const visits = prepared.find((sql) => sql.includes('with visit as'))!
    const plan = prepare(`explain query plan ${visits}`).all({ low: '62', high: '62:' }) as {
      detail: string
    }[]
    expect(plan.map(({ detail }) => detail).join('\n')).toContain('USING INDEX exchange_insured')
  })
})

describe('journal and records of one stay', () => {
  const take = (...lines: string[]) =>
    importStays(database, Readable.from([`${HEADER}\n${lines.join('\n')}\n`]), importContext)
  const record = (event: string, at: string, person = 'P1', discharged = '2025-02-01') =>
    `E1,${person},621025,310101,H1,2025-01-20,${discharged},${event},${at}`
  const figure = async () => {
    const period = ['--from', '2025-01', '--to', '2025-03', '--scope', 'cross', '--basis', 'broad']
    const { numerator, denominator } = await ask(database, ...period)
    return `${numerator}/${denominator}`
  }

  it('a claim is refused while the journal’s settlement stands, and taken once it is withdrawn', async () => {
    journal(2304, 'accepted 2025-02-01', { day: '2025-02-01' })
    expect((await take(record('M', '2025-04-20'))).refused).toHaveLength(1)
    expect(await figure()).toBe('1/1')
    journal(2305, 'accepted 2025-02-03')
    expect(await take(record('M', '2025-04-20'))).toMatchObject({ accepted: 1, refused: [] })
    expect(await figure()).toBe('0/1')
    expect(events()).toEqual(['D 2025-02-01, R 2025-02-03, M 2025-04-20'])
  })

  it('an event that both tell counts once', async () => {
    expect(await take(record('D', '2025-02-01'))).toMatchObject({ accepted: 1 })
    journal(2304, 'accepted 2025-02-01', { day: '2025-02-01' })
    expect(events()).toEqual(['D 2025-02-01'])
    expect(await take(record('D', '2025-02-01'))).toMatchObject({ accepted: 0, duplicates: 1 })
    journal(2305, 'accepted 2025-02-03')
    expect(await figure()).toBe('0/1')
  })

  it('a record may not name another person than the journal', async () => {
    journal(2304, ['accepted 2025-02-01', 'reversed 2025-02-02'])
    const { refused } = await take(record('M', '2025-04-20', 'P2'))
    expect(refused).toEqual([{ line: 2, reason: '与同一住院的其他记录人员不一致' }])
  })

  it('the journal knows the discharge better than a record of another quarter', async () => {
    journal(2402, 'accepted 2025-03-31', { day: '2025-03-31' })
    journal(2304, ['accepted 2025-03-31', 'reversed 2025-04-01'])
    await take(record('M', '2025-04-20', 'P1', '2025-04-01'))
    expect(await figure()).toBe('0/1')
    expect(readStays(database, STAYS, { from: '2025-01-01' as Day, to: '2025-03-31' as Day })).toMatchObject([
      { discharged: '2025-03-31', events: [{ event: 'D' }, { event: 'R' }, { event: 'M' }] },
    ])
  })
})
