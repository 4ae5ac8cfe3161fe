/** A failure of the store is said plainly, and any other error keeps its own words. */
import { expect, it } from 'vitest'
import { storeFailure } from '../../src/store/failure.ts'

it.each([
  ['SQLITE_FULL', 'cannot grow: the disk is full'],
  ['SQLITE_IOERR_FSYNC', 'cannot be read or written: the disk reports an error'],
  ['SQLITE_CORRUPT_VTAB', 'is damaged or cut short'],
  ['SQLITE_NOTADB', 'is not an SQLite file'],
  ['SQLITE_BUSY_SNAPSHOT', 'is locked by another process'],
])('storeFailure() says %s plainly, and what SQLite said', (code, words) => {
  const cause = Object.assign(new Error('disk I/O error'), { code })
  expect(storeFailure(cause, 'data/zhijie.sqlite')).toBe(
    `data/zhijie.sqlite ${words} (${code}: disk I/O error)`,
  )
})

it('storeFailure() leaves every other error its own words', () => {
  const broken = Object.assign(new Error('UNIQUE constraint failed: exchange.key'), {
    code: 'SQLITE_CONSTRAINT',
  })
  expect([storeFailure(broken, 'f'), storeFailure('gone', 'f')]).toEqual([broken.message, 'gone'])
})
