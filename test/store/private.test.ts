/** Whoever comes first makes the data directory: none of them leaves it open to others of the machine. */
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { nodeFiles } from '../../src/journal/segment/files.ts'
import { readKey } from '../../src/journal/segment/seal.ts'
import { startPlatform } from '../../src/simulator/platform.ts'
import { takeDirectory } from '../../src/store/data-dir-lock.ts'
import { openDatabase } from '../../src/store/database.ts'
import { noteWorkers } from '../../src/workers/layout.ts'

let around: string
let dataDir: string
beforeEach(() => {
  around = mkdtempSync(join(tmpdir(), 'zhijie-private-'))
  dataDir = join(around, 'a', 'data')
})
afterEach(() => rmSync(around, { recursive: true }))

/** Rights of a file or directory. */
const rightsOf = (path: string) => (statSync(path).mode & 0o777).toString(8)

// Windows has no modes: there a directory has the rights of the one above it.
it.skipIf(process.platform === 'win32').each<[string, () => unknown]>([
  ['takeDirectory()', () => takeDirectory(dataDir)()],
  ['readKey()', () => readKey({ key: null, keyFile: null, dataDir })],
  ['openDatabase()', () => openDatabase(join(dataDir, 'zhijie.sqlite')).$client.close()],
  ['noteWorkers()', () => noteWorkers(dataDir, 2)],
  ['nodeFiles()', () => nodeFiles(join(dataDir, 'journal')).close()],
  ['startPlatform()', async () => (await startPlatform({ platform: '620000', dataDir, port: 0 })).close()],
])('%s makes a data directory that is its owner’s alone', async (_what, make) => {
  await make()
  expect(rightsOf(dataDir)).toBe('700')
})

it.skipIf(process.platform === 'win32').each<[string, () => unknown, string]>([
  ['openDatabase()', () => openDatabase(join(dataDir, 'index')).$client.close(), 'index'],
  ['readKey()', () => readKey({ key: null, keyFile: null, dataDir }), 'key'],
  ['nodeFiles()', () => noted(), 'head'],
])('%s makes a file that is its owner’s alone, whatever the directory is', async (_what, make, file) => {
  await make()
  expect(rightsOf(join(dataDir, file))).toBe('600')
})

async function noted(): Promise<void> {
  const files = nodeFiles(dataDir)
  await files.note('head', [Buffer.from('a')])
  files.close()
}
