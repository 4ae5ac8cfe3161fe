/** A data directory of which parts are gone does not start as if it were new. */
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { noteBegun, refuseEmptied } from '../../src/journal/first-start.ts'
import { noteWorkers, partOf } from '../../src/workers/layout.ts'
import { freshFolder } from './integrity-support.ts'

/** Looks before a start of a directory. @returns what was told */
function looked(dataDir: string): string[] {
  const told: string[] = []
  refuseEmptied(dataDir, join(dataDir, 'journal'), (text) => told.push(text))
  return told
}

it('a worker whose whole directory is gone does not start; the others, and one that never was, do', () => {
  const dataDir = freshFolder()
  noteWorkers(dataDir, 2)
  const [one, two] = [1, 2].map((worker) => partOf(dataDir, join(dataDir, 'archive'), worker).dataDir) as [
    string,
    string,
  ]
  expect(looked(one).join()).toContain('a new one begins')
  mkdirSync(one)
  noteBegun(one)
  expect(looked(two).join()).toContain('a new one begins')
  rmSync(one, { recursive: true })
  expect(() => looked(one)).toThrow(
    /There is no journal in .*worker-1, and there was one: .*worker-1\.begun is there\. The gateway does not start/,
  )
})

it('nothing is written beside a directory of one process, whatever its name is', () => {
  const dataDir = join(freshFolder(), 'worker-1')
  mkdirSync(dataDir)
  noteBegun(dataDir)
  rmSync(dataDir, { recursive: true })
  expect(looked(dataDir).join()).toContain('a new one begins')
})
