/** The demonstration with kill -9 of the gateway in the middle, and another day on the same directory. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { AGREED, demo, demoSummary } from './support/demo.ts'

let dataDir: string

beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'zhijie-demo-'))
})
afterAll(() => {
  rmSync(dataDir, { recursive: true, force: true })
})

it('npm run demo settles every bill though the gateway is ended with kill -9 in the middle', async () => {
  const summary = await demoSummary(dataDir, '--bills', '80', '--seed', '2', '--kill')
  expect(summary).toMatchObject({ ...AGREED, restarts: 1 })
  expect(summary.settled + summary.refused).toBe(80)
})

it('works again on the same directory, and prints tables for a person', async () => {
  const text = await demo(dataDir, '--bills', '30', '--seed', '3')
  const parts = [
    'inpatient',
    'Direct-settlement rate',
    "the gateway's own work",
    'agree to the fen',
    'npm start',
  ]
  for (const part of parts) expect(text).toContain(part)
})
