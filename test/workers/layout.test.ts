/** A data directory keeps the number of workers that it was made for, and refuses any other. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { partsIn, settleLayout, workersOf } from '../../src/workers/layout.ts'

let dataDir: string

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'zhijie-layout-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

describe('settleLayout()', () => {
  it('writes nothing for one process, and its journal lies where it always did', () => {
    settleLayout(dataDir, 1)
    expect(workersOf(dataDir)).toBe(1)
    expect(partsIn(dataDir, 'old')).toEqual([{ worker: null, dataDir, archiveDir: 'old' }])
  })

  it('writes the number down with the first start, and takes the same number again', () => {
    settleLayout(dataDir, 3)
    settleLayout(dataDir, 3)
    expect(partsIn(dataDir, 'old').map((part) => [part.worker, part.dataDir, part.archiveDir])).toEqual(
      [1, 2, 3].map((worker) => [worker, join(dataDir, `worker-${worker}`), join('old', `worker-${worker}`)]),
    )
  })

  it.each([1, 2, 4])('refuses %i where it was made for 3, and says what to do', (workers) => {
    settleLayout(dataDir, 3)
    expect(() => settleLayout(dataDir, workers)).toThrow(
      /of 3 workers.*start with --workers 3.*or set ZHIJIE_DATA/,
    )
  })

  it.each(['journal', 'zhijie.sqlite'])('refuses workers where there is the %s of one process', (name) => {
    mkdirSync(join(dataDir, name))
    expect(() => settleLayout(dataDir, 2)).toThrow(/the journal of one process.*start without --workers/)
    expect(workersOf(dataDir)).toBe(1)
  })

  it.each(['', '{}', '{"workers":1}', '{"workers":65}', '{"workers":"2"}'])(
    'refuses a note that says %j',
    (text) => {
      writeFileSync(join(dataDir, 'workers.json'), text)
      expect(() => settleLayout(dataDir, 2)).toThrow(/workers\.json cannot be read/)
    },
  )

  it.each(['worker-3', 'worker-3.begun'])(
    'refuses any number where the note is missing and %s is there: each message has its journal',
    (name) => {
      mkdirSync(join(dataDir, name))
      for (const workers of [1, 2, 3]) {
        expect(() => settleLayout(dataDir, workers)).toThrow(
          /workers\.json is missing, and there are journals of workers \(worker-3\).*Put the file back/,
        )
      }
      expect(workersOf(dataDir)).toBe(1)
    },
  )
})
