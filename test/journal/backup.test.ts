// @ts-nocheck Rewritten on the archive branch.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { backUp, restore } from '../../src/journal/backup.ts'
import { headFile } from '../../src/journal/chain-head.ts'
import { verifyJournal } from '../../src/journal/verify.ts'
import { freshFolder, journalOf, openDisk, settlement, tamper } from './integrity-support.ts'

describe.skip('backUp() (rewritten on the archive branch)', () => {
  it('takes one moment of a journal that is being written, in one file that nobody else may read', async () => {
    const file = await journalOf(400)
    const target = join(freshFolder(), 'backup.sqlite')
    const disk = await openDisk(file)
    let writing = true
    const writer = (async () => {
      for (let id = 401; writing; id += 1) await disk.commit(settlement(id))
    })()
    const found = await backUp(file, target)
    writing = false
    await writer
    await disk.close()
    expect(found).toMatchObject({ file: target, first: null })
    expect(found.exchanges).toBeGreaterThanOrEqual(400)
    expect(readdirSync(dirname(target))).toEqual(['backup.sqlite'])
    expect(verifyJournal(target)).toMatchObject({ first: null, records: found.records })
    expect(verifyJournal(file).records).toBeGreaterThan(found.records)
  })

  it('never overwrites, and keeps no copy that is not whole', async () => {
    const file = await journalOf(3)
    const folder = freshFolder()
    const target = join(folder, 'backup.sqlite')
    await expect(backUp(join(folder, 'none'), target)).rejects.toThrow('There is no journal')
    writeFileSync(target, 'mine')
    await expect(backUp(file, target)).rejects.toThrow('a backup never overwrites')
    expect(readFileSync(target, 'utf8')).toBe('mine')
    tamper(file, 'update outcome set total = 1 where id = 4')
    const found = await backUp(file, join(folder, 'second.sqlite'))
    expect(found.first).toMatchObject({ table: 'outcome', id: 4 })
    expect(readdirSync(folder)).toEqual(['backup.sqlite'])
  })
})

describe.skip('restore() (rewritten on the archive branch)', () => {
  it('puts a backup into an empty directory; the gateway goes on from there and the chain with it', async () => {
    const backup = join(freshFolder(), 'backup.sqlite')
    await backUp(await journalOf(5), backup)
    const target = join(freshFolder(), 'zhijie.sqlite')
    const { verification, former } = await restore(backup, target, false, 1)
    expect([verification.first, former]).toEqual([null, null])
    const disk = await openDisk(target)
    expect([disk.lastId(), disk.byKey('k5')?.settlement]).toEqual([5, 'S5'])
    await disk.commit(settlement(6))
    await disk.close()
    expect(verifyJournal(target)).toMatchObject({ first: null, links: 2, notLinked: 0 })
  })

  it('leaves a journal that is there alone, or sets it aside whole where told to replace', async () => {
    const backup = join(freshFolder(), 'backup.sqlite')
    await backUp(await journalOf(5), backup)
    const target = await journalOf(9)
    await expect(restore(backup, target, false, 1)).rejects.toThrow('--replace')
    expect(verifyJournal(target).exchanges).toBe(9)
    const { former } = await restore(backup, target, true, 77)
    expect(former).toBe(`${target}.replaced-77`)
    expect([verifyJournal(target).exchanges, verifyJournal(former!).exchanges]).toEqual([5, 9])
    expect([headFile(target), headFile(former!)].map((file) => existsSync(file))).toEqual([false, true])
  })

  it('verifies first, and touches nothing where the backup is not whole', async () => {
    const backup = await journalOf(5)
    tamper(backup, 'delete from exchange where id = 3')
    const target = await journalOf(9)
    const { verification, former } = await restore(backup, target, true, 1)
    expect([verification.first, former]).toEqual([{ table: 'exchange', id: 3, wrong: 'is missing' }, null])
    expect(verifyJournal(target).exchanges).toBe(9)
    const folder = freshFolder()
    await expect(restore(join(folder, 'none'), target, true, 1)).rejects.toThrow('There is no backup')
    writeFileSync(join(folder, 'text'), 'not SQLite '.repeat(500))
    await expect(restore(join(folder, 'text'), target, true, 1)).rejects.toThrow('is not an SQLite file')
    expect(readdirSync(dirname(target)).some((name) => name.includes('.part'))).toBe(false)
  })
})
