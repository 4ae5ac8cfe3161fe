/** A copy of a data directory does not start beside what it was made from. */
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { takeOwnDirectory } from '../../src/store/data-dir-lock.ts'
import { OWN_FILE, refuseCopied } from '../../src/store/own-directory.ts'

let folder: string
let dataDir: string
let copy: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zhijie-copied-'))
  dataDir = mkdtempSync(join(folder, 'data-'))
  copy = join(folder, 'copy')
  refuseCopied(dataDir)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** As `cp -a` does. */
const copied = () => cpSync(dataDir, copy, { recursive: true, preserveTimestamps: true })

describe('a data directory that was copied', () => {
  it('does not start, and says that two of them settle a message twice and what to do', () => {
    copied()
    expect(() => takeOwnDirectory(copy)).toThrow(
      /is a copy of another data directory.*settle the same message twice; nothing was changed.*rm .*directory\.id/,
    )
    expect(() => takeOwnDirectory(copy)).toThrow('is a copy of another data directory')
  })

  it('starts when its file was taken away, and is the own one from then on', () => {
    copied()
    rmSync(join(copy, OWN_FILE))
    for (let start = 1; start <= 2; start += 1) takeOwnDirectory(copy)()
  })

  it('is not taken for one under the same file number where it was born at another time', () => {
    const file = join(dataDir, OWN_FILE)
    const own = JSON.parse(readFileSync(file, 'utf8')) as { born: string | null }
    if (own.born === null) return
    writeFileSync(file, JSON.stringify({ ...own, born: '1' }))
    expect(() => refuseCopied(dataDir)).toThrow('is a copy of another data directory')
  })

  it('starts on a disk that gives other numbers at each mount, where the file says so', () => {
    copied()
    writeFileSync(join(copy, OWN_FILE), 'unfenced\n')
    takeOwnDirectory(copy)()
  })

  it('is fenced where the file says nothing that can be read', () => {
    writeFileSync(join(dataDir, OWN_FILE), '')
    expect(() => refuseCopied(dataDir)).toThrow('is a copy of another data directory')
  })
})

it('a data directory is its own after a start, after it was renamed, and where it has no file yet', () => {
  for (let start = 1; start <= 2; start += 1) takeOwnDirectory(dataDir)()
  renameSync(dataDir, copy)
  takeOwnDirectory(copy)()
  rmSync(join(copy, OWN_FILE))
  takeOwnDirectory(copy)()
})
