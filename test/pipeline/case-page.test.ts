/** Open cases by the page: shown as reading every record would show them, none left out or told twice. */
import { beforeEach, describe, expect, it } from 'vitest'
import { type CasePage, readCasePage, readCaseRows } from '../../src/pipeline/recovery/case-page.ts'
import { type Database, openDatabase } from '../../src/store/database.ts'
import { joined } from '../../src/store/parts.ts'
import type { CaseRow } from '../../src/store/queries/open-cases.ts'
import { exchange, openCase, outcome } from '../../src/store/schema.ts'
import { type Bench, bench } from './recovery-support.ts'

const PLACE = { segment: 1, offset: 512, length: 0 }

describe('shown()', () => {
  const rowsOf = async ({ journal }: Bench): Promise<CaseRow[]> =>
    (await journal.unresolved()).flatMap(
      ({ exchange: { id, transaction, institution, message, destination, at }, state }) =>
        state === 'open' ? [] : [{ id, transaction, institution, message, destination, at, state }],
    )

  it('shows a case as reading its record would, at every moment between two steps and after a restart', async () => {
    let made = bench()
    await made.settle()
    const seen = new Set<string>()
    for (let round = 0; round < 400; round += 1) {
      await made.pass(997)
      const worker = made.workers[0]!
      const cases = await worker.cases()
      if (cases.some(({ leasedBy }) => leasedBy !== null)) continue
      expect(await worker.shown(await rowsOf(made))).toEqual(cases)
      for (const { nextStep, notFound } of cases) seen.add(`${nextStep} ${notFound}`)
      if (round === 3) {
        const { timeline, disk } = made
        made = bench({ timeline, earlier: disk.batches })
        for (const { exchange } of await made.journal.recover()) made.workers[0]!.watch(exchange.id)
      }
    }
    expect([...seen]).toContain('ask 1')
  })

  it('reads no record of the journal', async () => {
    const made = bench()
    await made.settle()
    const rows = await rowsOf(made)
    const known = await made.workers[0]!.cases()
    Object.assign(made.journal, {
      byId: () => {
        throw new Error('a record was read')
      },
    })
    expect(await made.workers[0]!.shown(rows)).toEqual(known)
  })
})

describe('readCaseRows()', () => {
  const CASES = 7
  let store: Database

  /** A store with open cases 2, 4, 6 … and what has ended between them. */
  function withCases(institution: string): Database {
    const database = openDatabase(':memory:')
    for (let id = 1; id <= 2 * CASES; id += 1) {
      const state = id % 2 === 0 ? 'unknown' : 'accepted'
      database
        .insert(exchange)
        .values({ id, key: `k${id}`, institution, at: id, ...PLACE })
        .run()
      database
        .insert(outcome)
        .values({ exchange: id, state: 'open', at: id, ...PLACE })
        .run()
      database
        .insert(outcome)
        .values({ exchange: id, state, at: id, ...PLACE })
        .run()
      if (id % 2 === 0) database.insert(openCase).values({ exchange: id }).run()
    }
    return database
  }
  beforeEach(() => {
    const [one, two] = [withCases('H1'), withCases('H2')]
    store = joined(one, { all: () => [one, two], of: () => one })
  })

  const idsOf = (worker: number, page: CasePage) => {
    const { rows, ...more } = readCaseRows(store, worker, page)
    return { ids: rows.map(({ id }) => id), ...more }
  }

  it('gives a page of one worker in order, how many there are, and whether more follow', () => {
    expect(readCaseRows(store, 1, { limit: 1, after: null }).rows).toEqual([
      {
        ...{ id: 2, institution: 'H1', message: null, transaction: null, destination: null, at: 2 },
        state: 'unknown',
      },
    ])
    expect(idsOf(1, { limit: 3, after: null })).toEqual({ ids: [2, 4, 6], total: CASES, more: true })
    expect(idsOf(1, { limit: 3, after: { worker: 1, exchange: 8 } })).toEqual({
      ...{ ids: [10, 12, 14], total: CASES, more: false },
    })
    expect(idsOf(1, { limit: CASES, after: null })).toMatchObject({ more: false })
  })

  it('goes from worker to worker: none of one that comes before, all of one that comes after', () => {
    const page = { limit: 3, after: { worker: 1, exchange: 12 } }
    expect(idsOf(1, page).ids).toEqual([14])
    expect(idsOf(2, page).ids).toEqual([2, 4, 6])
    expect(idsOf(1, { limit: 3, after: { worker: 2, exchange: 2 } })).toEqual({
      ...{ ids: [], total: CASES, more: false },
    })
  })
})

describe('readCasePage()', () => {
  it('takes 100 cases from the first where nothing is asked', () => {
    expect(readCasePage(undefined, undefined)).toEqual({ limit: 100, after: null })
    expect(readCasePage('1000', '2-4711')).toEqual({ limit: 1000, after: { worker: 2, exchange: 4711 } })
  })

  it.each([
    ['0', undefined],
    ['1001', undefined],
    ['-1', undefined],
    ['1e2', undefined],
    ['', undefined],
    ['10', ''],
    ['10', '4711'],
    ['10', '1-x'],
  ])('refuses limit %j after %j', (limit, after) => {
    expect(() => readCasePage(limit, after)).toThrow(expect.objectContaining({ code: 'invalid-field' }))
  })
})
