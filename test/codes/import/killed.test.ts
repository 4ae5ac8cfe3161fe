/** A kill -9 in the middle of an import leaves the shelf as it was, or with the whole new edition. */
import { spawnSync } from 'node:child_process'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openEditions } from '../../../src/codes/editions/editions.ts'
import { temporaryFiles } from '../../support/files.ts'

const SCRIPT = join(import.meta.dirname, '..', '..', 'support', 'killed-import.ts')
const ROWS = 4000
const MOMENTS = 8

const files = temporaryFiles()

/** Invented rows; the name is that of the edition. */
const table = (name: string) =>
  `code,name\n${Array.from({ length: ROWS }, (_, index) => `A${String(index % 90).padStart(2, '0')}.0${String(index % 100).padStart(2, '0')}x${String(Math.floor(index / 90)).padStart(3, '0')},${name}${index}`).join('\n')}\n`

function run(moment: number, dataDir: string, file: string, version: string, day: string) {
  const edition = ['--standard', 'diagnosis', '--edition', version, '--effective', day]
  return spawnSync(process.execPath, [SCRIPT, String(moment), 'import', file, ...edition, '--json'], {
    env: { ...process.env, ZHIJIE_DATA: dataDir },
    encoding: 'utf8',
  })
}

/** Versions on the shelf, each packed file read and checked. */
function versionsOf(dataDir: string): string[] {
  const shelf = openEditions(dataDir)
  return shelf.read().books.flatMap((book) => shelf.open(book).editions.map(({ version }) => version))
}

it('an import that is killed at any moment has changed nothing or everything, and can be made again', () => {
  const [first, second] = [files.write('1.csv', table('旧')), files.write('2.csv', table('新'))]
  const former = files.path('former')
  expect(run(0, former, first, '1', '2020-01-01').status).toBe(0)
  const whole = files.path('whole')
  cpSync(former, whole, { recursive: true })
  const lived = run(0, whole, second, '2', '2021-01-01')
  expect(lived.status, lived.stderr).toBe(0)
  const calls = Number(lived.stderr.trim().split('\n').at(-1))
  expect(calls).toBeGreaterThan(MOMENTS)

  const ends: string[] = []
  let last = former
  for (let step = 0; step < MOMENTS; step += 1) {
    // The last calls, where the catalogue is switched, each get their kill; those before are spread.
    const late = step >= MOMENTS / 2
    const moment = late ? calls - (MOMENTS - 1 - step) : 1 + Math.floor((step * calls) / (MOMENTS / 2))
    const dataDir = files.path(`killed-${step}`)
    cpSync(former, dataDir, { recursive: true })
    expect(run(moment, dataDir, second, '2', '2021-01-01').signal).toBe('SIGKILL')
    const versions = versionsOf(dataDir)
    ends.push(versions.join())
    last = versions.length === 1 ? dataDir : last
  }
  // The latest kill that changed nothing left the most behind; it hinders nobody.
  expect(run(0, last, second, '2', '2021-01-01').status).toBe(0)
  expect(versionsOf(last)).toEqual(['1', '2'])
  // Kills on both sides of the switch were met, else the moments prove nothing.
  expect(new Set(ends)).toEqual(new Set(['1', '1,2']))
})
