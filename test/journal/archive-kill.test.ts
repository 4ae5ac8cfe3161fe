/** kill -9 of a process that archives loses nothing at whichever change it comes, and the next run goes on. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, watch } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { check, freshFolder, KEY, openDisk, SEGMENT_BYTES, writeSettlements } from './integrity-support.ts'
import { AT } from './support.ts'

const SETTLEMENTS = 200
const LATER = AT + 10 * 86_400_000

let sound: string

beforeAll(async () => {
  sound = mkdtempSync(join(tmpdir(), 'zhijie-kill-'))
  await writeSettlements(sound, SETTLEMENTS)
  mkdirSync(join(sound, 'archive'))
})
afterAll(() => rmSync(sound, { recursive: true }))

/** Starts the process. @param killAt after how many changes in the archive and the journal it is killed; null: never */
async function run(dataDir: string, killAt: number | null): Promise<{ killed: boolean; archived: number }> {
  const child = fork(join(import.meta.dirname, 'archive-kill.ts'), [
    ...[dataDir, KEY, String(LATER), String(SEGMENT_BYTES)],
  ])
  let changes = 0
  let archived = 0
  let killed = false
  const watchers = ['archive', 'journal'].map((name) =>
    watch(join(dataDir, name), () => {
      changes += 1
      if (changes !== killAt) return
      killed = true
      child.kill('SIGKILL')
    }),
  )
  child.on('message', (message) => {
    if (typeof message === 'number') archived = message
    else changes = 0
  })
  await once(child, 'exit')
  for (const watcher of watchers) watcher.close()
  return { killed, archived }
}

describe.skipIf(process.platform === 'win32')('kill -9 while archiving', () => {
  it.each([1, 2, 3, 4, 5, 7, 10, 14])('at change %i loses nothing and the next run goes on', async (at) => {
    const dataDir = freshFolder()
    cpSync(sound, dataDir, { recursive: true })
    const { killed } = await run(dataDir, at)
    expect(killed).toBe(true)
    expect(await check(dataDir)).toMatchObject({ first: null, exchanges: SETTLEMENTS, notHere: 0 })
    const { archived } = await run(dataDir, null)
    expect(archived).toBeGreaterThan(1)
    const left = readdirSync(join(dataDir, 'archive'))
    expect(left.filter((name) => name.endsWith('.part'))).toEqual([])
    expect(left).toHaveLength(archived)
    expect(existsSync(join(dataDir, 'journal', '0000000001.segment'))).toBe(false)
    expect(await check(dataDir)).toMatchObject({ first: null, archivedSegments: archived, notHere: 0 })
    const disk = await openDisk(dataDir)
    expect(disk.byKey('k1')).toMatchObject({ archived: true, state: 'accepted' })
    await disk.close()
  })
})
