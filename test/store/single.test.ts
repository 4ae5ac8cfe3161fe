/** One gateway a data directory, whatever becomes of the process that has it. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { takeDirectory } from '../../src/store/data-dir-lock.ts'

const MODULE = new URL('../../src/store/data-dir-lock.ts', import.meta.url).href

it('takeDirectory() refuses a directory that another process has, until that process is killed', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'zhijie-single-'))
  const code = `import { takeDirectory } from '${MODULE}'; takeDirectory(process.argv[1]); process.send('taken'); setInterval(() => {}, 1e6)`
  const other = spawn(process.execPath, ['--input-type=module', '-e', code, dataDir], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  await once(other, 'message')
  expect(() => takeDirectory(dataDir)).toThrow(/Another gateway works in/)
  other.kill('SIGKILL')
  await once(other, 'exit')
  const releaseLock = takeDirectory(dataDir)
  releaseLock()
  takeDirectory(dataDir)()
  rmSync(dataDir, { recursive: true })
})
