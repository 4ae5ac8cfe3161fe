/** A province goes dark in a run of the kit against a whole system: judged valid, reported, and nobody named. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { peopleOf } from '../../src/simulator/people.ts'
import { type System, startSystem } from './support.ts'

const ROOT = join(import.meta.dirname, '..', '..')
let system: System

beforeAll(async () => {
  system = await startSystem()
})
afterAll(async () => {
  await system.stop()
})

it('plays one province dark, with money in doubt that is found at the end', async () => {
  const report = join(system.dataDir, 'reports', 'dark.html')
  const words = '--profile one-province-dark --rate 5 --minutes 0.1 --seed 4 --dark 620000 --json'.split(' ')
  const child = spawn(process.execPath, ['load-tests/settlements.ts', ...words, '--report', report], {
    cwd: ROOT,
    env: {
      ...process.env,
      ZHIJIE_GATEWAY: system.url(),
      ZHIJIE_PLATFORMS: `${system.insured.url},${system.treating.url}`,
    },
  })
  let [printed, said] = ['', '']
  child.stdout.on('data', (chunk) => {
    printed += chunk
  })
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  const [code] = await once(child, 'close')
  expect(code, said).toBe(0)
  const figures = JSON.parse(printed)
  expect(figures).toMatchObject({ profile: 'one-province-dark', valid: true, faults: [], open: 0 })
  expect(figures.settledDirectly).toBeGreaterThan(0)
  expect(figures.unclear).toBeGreaterThan(0)
  expect(figures.moneySent).toBeGreaterThanOrEqual(figures.standing)

  const page = readFileSync(report, 'utf8')
  for (const event of ['620000 停止应答', '620000 恢复应答', '恢复后首笔成功', '网关已没有结果未知的交易'])
    expect(page).toContain(event)
  const people = ['620000', '340000'].flatMap((province) => peopleOf(province))
  for (const { number, document, credentials } of people) {
    for (const secret of [number, document, ...credentials.map((shown) => shown.number)])
      if ((page + printed + said).includes(secret)) throw new Error('A person is named in what the kit says')
  }
  const left = (await (await fetch(`${system.insured.url}/faults`)).json()) as { faults: unknown[] }
  expect(left.faults).toEqual([])
})
