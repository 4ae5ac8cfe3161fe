/** A database from when it held the journal itself is refused in words and left as it is. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { databaseFile, openDatabase } from '../../src/store/database.ts'

it('refuses in words a file from when the journal itself was in it, and leaves it as it is', () => {
  const folder = mkdtempSync(join(tmpdir(), 'zhijie-store-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = databaseFile(folder)
  const former = new Sqlite(file)
  former.exec('create table exchange (id integer primary key, sealed blob)')
  former.close()
  expect(() => openDatabase(file)).toThrow(
    'holds a journal of an earlier form, which this version does not read',
  )
  const after = new Sqlite(file)
  expect(after.prepare('select name from sqlite_master').pluck().all()).toEqual(['exchange'])
  after.close()
})
