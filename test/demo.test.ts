/** The demonstration on a fresh directory: a day is settled, it ends with one JSON line, and the books agree. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { AGREED, demoSummary } from './support/demo.ts'

let dataDir: string

beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'zhijie-demo-'))
})
afterAll(() => {
  rmSync(dataDir, { recursive: true, force: true })
})

it('npm run demo settles a day and ends with one JSON line, books in agreement', async () => {
  const summary = await demoSummary(dataDir, '--bills', '80')
  expect(summary).toMatchObject(AGREED)
  expect(summary.settled + summary.refused).toBe(80)
  expect(summary.settled).toBeGreaterThan(40)
  const lanes = Object.values(summary.byLane) as { settled: number }[]
  expect(summary.byLane.pharmacy.settled).toBeGreaterThan(0)
  expect(summary.beside).toEqual({ paid: 2, refunded: 1, dispensed: 1 })
  expect(lanes.reduce((sum, lane) => sum + lane.settled, 0)).toBe(summary.settled)
  expect(Object.keys(summary.byPair).length).toBeGreaterThan(5)
  expect(summary.rates.length).toBe(15)
  // Each list after the first of either has one box that was sold before; one box of each list comes back.
  expect(summary.goods).toEqual({ sold: 8, refusedRows: 6, returned: 8, lost: 0, doubled: 0, unknown: 0 })
  expect(summary.ownMs.p50).toBeGreaterThan(0)
  expect(summary.counterpartMs.p99).toBeGreaterThan(summary.counterpartMs.p50)
})
