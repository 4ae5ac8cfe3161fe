/** No command goes on with another journal's key: each names the key by its check and changes nothing. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { backup } from '../../src/commands/backup.ts'
import { restore } from '../../src/commands/restore.ts'
import { verify } from '../../src/commands/verify.ts'
import { keyFor } from '../../src/journal/key-for.ts'
import { createSeal, keyCheckOf } from '../../src/journal/segment/seal.ts'
import { HEADER_BYTES } from '../../src/journal/segment/segment-header.ts'
import { runCommand } from '../support/command.ts'
import {
  check,
  freshFolder,
  journalOf,
  KEY,
  openDisk,
  segmentFile,
  writeSettlements,
} from './integrity-support.ts'

const OTHER = 'b2'.repeat(32)
const NAMED =
  /data\/key .*is not the key of this journal: journal\/0000000001\.segment was written with another key/
const withKey = (dataDir: string, key: string, told: string[] = []) =>
  openDisk(dataDir, {
    ...{ seal: createSeal(key), keyPlace: './data/key' },
    tell: (text) => told.push(text),
  })

/** Makes a segment one of the form from before checks were named. */
function takeCheckAway(file: string): void {
  const bytes = readFileSync(file)
  bytes.fill(0, 32, HEADER_BYTES)
  bytes.writeUInt32BE(2, 8)
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 32)), 32)
  writeFileSync(file, bytes)
}

/** Makes a segment one of another key. */
function nameOtherKey(file: string): void {
  const bytes = readFileSync(file)
  bytes.write(keyCheckOf(OTHER), 32, 16, 'hex')
  bytes.writeUInt32BE(crc32(bytes.subarray(0, 48)), 48)
  writeFileSync(file, bytes)
}

describe('the check of a key', () => {
  it('tells keys apart and says nothing of them', () => {
    expect(keyCheckOf(KEY)).toMatch(/^[0-9a-f]{32}$/)
    expect(keyCheckOf(KEY)).not.toBe(keyCheckOf(OTHER))
    expect(KEY).not.toContain(keyCheckOf(KEY))
    expect(createSeal(KEY).check).toBe(keyCheckOf(KEY))
  })
})

describe('startJournal() with another key', () => {
  it('does not start, names key and file, and changes nothing', async () => {
    const dataDir = await journalOf(3)
    const before = readFileSync(segmentFile(dataDir))
    await expect(withKey(dataDir, OTHER)).rejects.toThrow(NAMED)
    await expect(withKey(dataDir, OTHER)).rejects.not.toThrow(OTHER)
    expect(readFileSync(segmentFile(dataDir)).equals(before)).toBe(true)
    await (await withKey(dataDir, KEY)).close()
  })

  it.each([1, 2])('does not start where segment %i alone names another one', async (segment) => {
    const dataDir = await journalOf(60)
    expect(existsSync(segmentFile(dataDir, 3))).toBe(true)
    nameOtherKey(segmentFile(dataDir, segment))
    await expect(withKey(dataDir, KEY)).rejects.toThrow(
      `journal/000000000${segment}.segment was written with another key (check ${keyCheckOf(OTHER).slice(0, 8)})`,
    )
  })

  it('does not start on a journal that names no key where a message cannot be opened with it', async () => {
    const dataDir = await journalOf(3)
    takeCheckAway(segmentFile(dataDir))
    await expect(withKey(dataDir, OTHER)).rejects.toThrow(NAMED)
    const told: string[] = []
    await (await withKey(dataDir, KEY, told)).close()
    expect(told.join()).toContain('of a form without the check of their key')
    expect(await check(dataDir)).toMatchObject({ first: null, keyChecks: [null] })
  })

  it('names its check in every further segment', async () => {
    const dataDir = await journalOf(3)
    takeCheckAway(segmentFile(dataDir))
    await writeSettlements(dataDir, 40, 4)
    expect(await check(dataDir)).toMatchObject({ first: null, keyChecks: [null, keyCheckOf(KEY)] })
  })
})

describe('verifyJournal() of a journal of two keys', () => {
  it('says that they are mixed, and where', async () => {
    const dataDir = await journalOf(60)
    nameOtherKey(segmentFile(dataDir, 2))
    const { first } = await check(dataDir)
    expect(first).toMatchObject({ what: 'segment 2', file: 'journal/0000000002.segment' })
    expect(first?.wrong).toContain('two keys are mixed')
  })
})

describe('keyFor()', () => {
  const settings = (dataDir: string) => ({ key: null, keyFile: null, dataDir })

  it('makes no key where there is a journal, of one process or of workers', async () => {
    const dataDir = await journalOf(1)
    expect(() => keyFor(settings(dataDir))).toThrow(
      `The key file ${join(dataDir, 'key')} is missing. There is a journal`,
    )
    expect(existsSync(join(dataDir, 'key'))).toBe(false)
    const workers = freshFolder()
    await writeSettlements(join(workers, 'worker-2'), 1)
    expect(() => keyFor(settings(workers))).toThrow('no new key was made')
  })

  it('refuses the key of another journal', async () => {
    const dataDir = await journalOf(1)
    writeFileSync(join(dataDir, 'key'), OTHER)
    expect(() => keyFor(settings(dataDir))).toThrow('is not the key of this journal')
    writeFileSync(join(dataDir, 'key'), KEY)
    expect(keyFor(settings(dataDir))).toBe(KEY)
  })
})

describe('verify, backup and restore with another key', () => {
  const run = (command: (args: string[]) => Promise<number>, dataDir: string, args: string[]) =>
    runCommand(command, { ZHIJIE_DATA: dataDir }, args)

  it('name the place of the key and both checks, never a key', async () => {
    const dataDir = await journalOf(3)
    const copy = join(freshFolder(), 'copy')
    writeFileSync(join(dataDir, 'key'), OTHER)
    const wrong = `The key in ${join(dataDir, 'key')} (check ${keyCheckOf(OTHER).slice(0, 8)}) is NOT the key of the journal (check ${keyCheckOf(KEY).slice(0, 8)})`
    const verified = await run(verify, dataDir, [dataDir])
    const backed = await run(backup, dataDir, [copy])
    for (const { code, said } of [verified, backed]) {
      expect(code).toBe(1)
      expect(said).toContain(wrong)
      expect(said).not.toMatch(/(a1|b2){8}/)
    }
    expect(existsSync(copy)).toBe(true)
    const target = freshFolder()
    const missing = await run(restore, target, [copy])
    expect(missing).toMatchObject({ code: 0 })
    expect(missing.said).toContain(`there is no key in ${join(target, 'key')} to compare`)
    writeFileSync(join(target, 'key'), OTHER)
    const restored = await run(restore, target, [copy, '--replace'])
    expect(restored.said).toContain(`The key in ${join(target, 'key')} (check`)
    expect(restored.said).toContain('is NOT the key of the journal')
  })

  it('say that it is the key of the journal where it is', async () => {
    const dataDir = await journalOf(3)
    writeFileSync(join(dataDir, 'key'), KEY)
    const { code, said } = await run(verify, dataDir, [dataDir])
    expect(code).toBe(0)
    expect(said).toContain('is the key of the journal')
  })
})
