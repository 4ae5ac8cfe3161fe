/** A backup is one whole moment of a journal that is being written, and a restored gateway goes on from it. */
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { backUp, restore } from '../../src/journal/backup/backup.ts'
import { databaseFile } from '../../src/store/database.ts'
import {
  batchesOf,
  check,
  flip,
  freshFolder,
  journalOf,
  openDisk,
  segmentFile,
  settlement,
  withSqlite,
  writeSettlements,
} from './integrity-support.ts'

const target = () => join(freshFolder(), 'copy')
const copyOf = (dataDir: string, to: string) => backUp(dataDir, join(dataDir, 'archive'), to)

describe('backUp()', () => {
  it('takes one moment of a journal that is being written, and nobody else may read it', async () => {
    const dataDir = freshFolder()
    const disk = await openDisk(dataDir)
    const to = target()
    let written = 0
    let copying = true
    const writer = (async () => {
      while (copying) {
        written += 1
        await disk.commit(settlement(written))
      }
    })()
    while (written < 50) await new Promise((resolve) => setImmediate(resolve))
    const found = await copyOf(dataDir, to)
    copying = false
    await writer
    await disk.close()
    expect(found).toMatchObject({ first: null, directory: to })
    expect(found.exchanges).toBeGreaterThanOrEqual(50)
    expect(found.exchanges).toBeLessThanOrEqual(written)
    expect(await check(to)).toMatchObject({ first: null, exchanges: found.exchanges })
    expect(readdirSync(to).sort()).toEqual(['journal', 'zhijie.sqlite'])
    for (const name of ['zhijie.sqlite', 'journal/0000000001.segment']) {
      if (process.platform !== 'win32') expect(statSync(join(to, name)).mode & 0o077).toBe(0)
    }
  })

  it('takes of the present segment only what is written', async () => {
    const dataDir = await journalOf(30)
    const to = target()
    await copyOf(dataDir, to)
    const last = batchesOf(dataDir).at(-1)!
    expect(statSync(segmentFile(to, last.segment)).size).toBe(last.end)
  })

  it('never overwrites, and keeps no copy that is not whole', async () => {
    const dataDir = await journalOf(30)
    const to = target()
    mkdirSync(to)
    await expect(copyOf(dataDir, to)).rejects.toThrow(/never overwrites/)
    flip(segmentFile(dataDir), 3000)
    const other = target()
    const found = await copyOf(dataDir, other)
    expect(found.first?.what).toMatch(/^record \d+/)
    expect(existsSync(other)).toBe(false)
    expect(existsSync(`${other}.part`)).toBe(false)
  })
})

describe('restore()', () => {
  it('puts a backup into an empty directory; the gateway goes on from there and the chain with it', async () => {
    const from = target()
    await copyOf(await journalOf(30), from)
    const dataDir = freshFolder()
    const { verification, former } = await restore(from, dataDir, false, 1)
    expect(verification).toMatchObject({ first: null, exchanges: 30, directory: dataDir })
    expect(former).toBeNull()
    await writeSettlements(dataDir, 30, 31)
    expect(await check(dataDir)).toMatchObject({ first: null, exchanges: 60, notLinked: 0 })
  })

  it('leaves a journal that is there alone, or sets it aside whole where told to replace', async () => {
    const from = target()
    await copyOf(await journalOf(5), from)
    const dataDir = await journalOf(9)
    await expect(restore(from, dataDir, false, 1)).rejects.toThrow(/--replace/)
    expect(await check(dataDir)).toMatchObject({ exchanges: 9 })
    const { former } = await restore(from, dataDir, true, 1)
    expect(await check(dataDir)).toMatchObject({ first: null, exchanges: 5 })
    expect(await check(former!)).toMatchObject({ first: null, exchanges: 9 })
  })

  it('verifies first, and touches nothing where the backup is not whole', async () => {
    const from = target()
    await copyOf(await journalOf(5), from)
    withSqlite(databaseFile(from), (client) => client.exec('update outcome set total = 1 where id = 3'))
    const dataDir = await journalOf(9)
    const { verification, former } = await restore(from, dataDir, true, 1)
    expect(verification.first).toMatchObject({ sequence: 3 })
    expect(former).toBeNull()
    expect(await check(dataDir)).toMatchObject({ first: null, exchanges: 9 })
    expect(existsSync(join(dataDir, 'restored.part'))).toBe(false)
  })
})
