/** A backup takes the code tables along with the journal, and a restore puts back all that it lists or nothing. */
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCatalogue } from '../../src/codes/editions/catalogue.ts'
import { copyShelf } from '../../src/codes/editions/copy.ts'
import { openEditions } from '../../src/codes/editions/editions.ts'
import { backup } from '../../src/commands/backup.ts'
import { restore } from '../../src/commands/restore.ts'
import type { Day } from '../../src/domain/day.ts'
import { databaseFile } from '../../src/store/database.ts'
import { runCommand } from '../support/command.ts'
import { check, flip, freshFolder, KEY, withSqlite, writeSettlements } from './integrity-support.ts'

const env = (dataDir: string) => ({ ZHIJIE_DATA: dataDir, ZHIJIE_KEY: KEY })

/** Puts an edition of three diagnoses on the shelf. */
function importCodes(dataDir: string, version = '1.0', from = '2024-01-01'): void {
  const build = openEditions(dataDir).beginTable('diagnosis', {
    ...{ version, from: from as Day, state: 'published', maker: '张三', checker: '李四' },
    source: { grade: 'A', text: '虚构' },
  })
  for (const code of ['A00.000', 'A00.100', 'A00.900']) build.add({ code, name: `虚构${code}` })
  build.commit()
}

/** A data directory with a journal and code tables, and its backup. */
const made = mkdtempSync(join(tmpdir(), 'zhijie-backup-'))
const dataDir = join(made, 'data')
let said = ''

beforeAll(async () => {
  await writeSettlements(dataDir, 3)
  importCodes(dataDir)
  const done = await runCommand(backup, env(dataDir), [join(made, 'copy')])
  expect(done.code).toBe(0)
  said = done.said
})
afterAll(() => rmSync(made, { recursive: true, force: true }))

/** The backup, to be hurt. */
function backedUp(): string {
  const copy = join(freshFolder(), 'copy')
  cpSync(join(made, 'copy'), copy, { recursive: true })
  return copy
}

const restored = (dataDir: string, args: string[]) => runCommand(restore, env(dataDir), args)

describe('backup and restore', () => {
  it('take the code tables along, and say what there is', async () => {
    const copy = backedUp()
    expect(said).toContain('In the backup: 1 imported editions of 1 code tables and maps, 3 rows')
    const target = freshFolder()
    const done = await restored(target, [copy])
    expect(done).toMatchObject({ code: 0 })
    expect(done.said).toContain('Restored: 1 imported editions of 1 code tables and maps, 3 rows')
    expect(readCatalogue(target)).toEqual(readCatalogue(copy))
    const [book] = readCatalogue(target).books
    expect(openEditions(target).open(book!).codes).toBe(3)
    expect(await check(target)).toMatchObject({ first: null, exchanges: 3 })
  })

  it('take the packed files that the catalogue names, and no other', () => {
    importCodes(dataDir, '2.0', '2025-01-01')
    const copy = freshFolder()
    copyShelf(dataDir, copy)
    const [book] = readCatalogue(dataDir).books
    expect(readdirSync(join(copy, 'codes')).sort()).toEqual([book!.file, 'shelf.json'].sort())
  })
})

describe('restore()', () => {
  it.each<[string, (copy: string) => void, string]>([
    ['a packed file is another', (copy) => flip(packed(copy), 100), 'is not the file that was copied'],
    ['a packed file is missing', (copy) => rmSync(packed(copy)), 'is missing'],
    [
      'the catalogue is missing',
      (copy) => rmSync(join(copy, 'codes/shelf.json')),
      'codes/shelf.json is missing',
    ],
    [
      'an imported stay is another',
      (copy) => withSqlite(databaseFile(copy), (client) => client.exec('pragma user_version = 7')),
      'zhijie.sqlite is not the file that was copied',
    ],
    [
      'a file is there that is not of it',
      (copy) => writeFileSync(join(copy, 'codes/more'), ''),
      'is not of it',
    ],
    ['its list cannot be read', (copy) => writeFileSync(join(copy, 'backup.json'), '{'), 'cannot be read'],
    ['it has no list', (copy) => rmSync(join(copy, 'backup.json')), 'has no backup.json'],
  ])('refuses a backup where %s, and puts nothing there', async (_, harm, told) => {
    const copy = backedUp()
    harm(copy)
    const target = freshFolder()
    const { code, said } = await restored(target, [copy])
    expect(code).toBe(1)
    expect(said).toContain(told)
    expect(said).toContain('Nothing was restored')
    expect(existsSync(join(target, 'journal'))).toBe(false)
    expect(existsSync(join(target, 'codes'))).toBe(false)
  })

  it('restores the journal alone of a backup without a list where told to', async () => {
    const copy = backedUp()
    rmSync(join(copy, 'backup.json'))
    const target = freshFolder()
    expect(await restored(target, [copy, '--unlisted'])).toMatchObject({ code: 0 })
    expect(existsSync(join(target, 'journal'))).toBe(true)
    expect(existsSync(join(target, 'codes'))).toBe(false)
  })

  it('leaves other code tables alone, or sets them aside whole where told to replace', async () => {
    const copy = backedUp()
    const target = freshFolder()
    importCodes(target, 'other')
    await expect(restored(target, [copy])).rejects.toThrow('There are other code tables')
    expect(existsSync(join(target, 'journal'))).toBe(false)
    const { said } = await restored(target, [copy, '--replace'])
    const former = /The former code tables are kept in (.*)/.exec(said)![1]!
    expect(readCatalogue(former).books[0]!.editions[0]!.version).toBe('other')
    expect(readCatalogue(target).books[0]!.editions[0]!.version).toBe('1.0')
  })
})

function packed(copy: string): string {
  return join(copy, 'codes', readCatalogue(copy).books[0]!.file)
}
