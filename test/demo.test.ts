/** The demonstration ends in agreement on a fresh directory, again on the same one, and with kill -9 in the middle. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const run = promisify(execFile)
let dataDir: string

beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'zhijie-demo-'))
})
afterAll(() => {
  rmSync(dataDir, { recursive: true, force: true })
})

async function demo(...options: string[]) {
  const { stdout } = await run('npm', ['run', '--silent', 'demo', '--', ...options], {
    env: { ...process.env, ZHIJIE_DATA: dataDir, ZHIJIE_PORT: '0' },
    timeout: 110_000,
  })
  return stdout
}

async function summaryOf(...options: string[]) {
  const stdout = await demo('--json', ...options)
  return JSON.parse(stdout.trimEnd().split('\n').at(-1)!)
}

const AGREED = { unknown: 0, lost: 0, doubled: 0, fenDifference: 0, answeredOtherwise: 0 }

describe('npm run demo', () => {
  it('settles a day and ends with one JSON line, books in agreement', { timeout: 120_000 }, async () => {
    const summary = await summaryOf('--bills', '80')
    expect(summary).toMatchObject(AGREED)
    expect(summary.settled + summary.refused).toBe(80)
    expect(summary.settled).toBeGreaterThan(40)
    const lanes = Object.values(summary.byLane) as { settled: number }[]
    expect(lanes.reduce((sum, lane) => sum + lane.settled, 0)).toBe(summary.settled)
    expect(Object.keys(summary.byPair).length).toBeGreaterThan(5)
    expect(summary.rates.length).toBe(15)
    expect(summary.ownMs.p50).toBeGreaterThan(0)
    expect(summary.counterpartMs.p99).toBeGreaterThan(summary.counterpartMs.p50)
  })

  it('works again on the same directory, with kill -9 of the gateway in the middle', {
    timeout: 120_000,
  }, async () => {
    const summary = await summaryOf('--bills', '80', '--seed', '2', '--kill')
    expect(summary).toMatchObject({ ...AGREED, restarts: 1 })
    expect(summary.settled + summary.refused).toBe(80)
  })

  it('prints tables for a person', { timeout: 120_000 }, async () => {
    const text = await demo('--bills', '30', '--seed', '3')
    for (const part of [
      'inpatient',
      'Direct-settlement rate',
      "the gateway's own work",
      'agree to the fen',
      'npm start',
    ]) {
      expect(text).toContain(part)
    }
  })
})
