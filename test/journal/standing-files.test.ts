/** The journal takes nothing more once a file that it writes was taken away or replaced, and says so once. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { nodeFiles } from '../../src/journal/segment/files.ts'
import { watchFiles } from '../../src/journal/segment/standing-files.ts'
import { freshFolder, openDisk, settlement } from './integrity-support.ts'
import { still } from './support.ts'

/** A clock whose timers run when the test says so. */
function handClock() {
  let due: (() => void)[] = []
  return {
    ...still,
    after(_ms: number, work: () => void) {
      due.push(work)
      return () => {
        due = due.filter((one) => one !== work)
      }
    },
    tick() {
      for (const work of due.splice(0)) work()
    },
  }
}

describe('watchFiles()', () => {
  const SEGMENT = '0000000001.segment'
  let dataDir = ''
  let folder = ''
  beforeEach(() => {
    dataDir = freshFolder()
    folder = join(dataDir, 'journal')
    mkdirSync(folder)
    for (const name of [SEGMENT, 'head', '../gateway.lock']) writeFileSync(join(folder, name), name)
  })

  /** Watches, does something to the files, looks. @returns what was told */
  function after(harm: () => void): string[] {
    const clock = handClock()
    const told: string[] = []
    const files = nodeFiles(folder)
    watchFiles({ files, clock, open: () => SEGMENT, gone: (cause) => told.push(cause.message) })
    clock.tick()
    expect(told).toEqual([])
    harm()
    for (let look = 0; look < 3; look += 1) clock.tick()
    files.close()
    return told
  }

  it.each<[string, string, () => void]>([
    ['the open segment is removed', SEGMENT, () => rmSync(join(folder, SEGMENT))],
    [
      'another file lies under the name of the open segment',
      SEGMENT,
      () => {
        writeFileSync(join(folder, 'other'), '')
        renameSync(join(folder, 'other'), join(folder, SEGMENT))
      },
    ],
    ['the noted head is removed', 'head', () => rmSync(join(folder, 'head'))],
    ['the lock is removed', '../gateway.lock', () => rmSync(join(dataDir, 'gateway.lock'))],
    ['the folder is moved away', SEGMENT, () => renameSync(folder, `${folder}.away`)],
  ])('says so once where %s', (_, name, harm) => {
    expect(after(harm)).toEqual([`${folder}/${name} was taken away or replaced under the running gateway`])
  })

  it('says nothing where the head is noted anew', () => {
    const renewed = () => {
      writeFileSync(join(folder, 'head.new'), '')
      renameSync(join(folder, 'head.new'), join(folder, 'head'))
    }
    expect(after(renewed)).toEqual([])
  })
})

it('the journal takes nothing more once its open segment was taken away; an emptied directory does not start', async () => {
  const clock = handClock()
  const dataDir = freshFolder()
  const told: string[] = []
  const disk = await openDisk(dataDir, { clock, tell: (text) => told.push(text) })
  expect(told.join()).toContain('a new one begins')
  await disk.commit(settlement(1))
  for (const name of readdirSync(dataDir)) {
    if (name === 'journal' || name.startsWith('zhijie.sqlite'))
      rmSync(join(dataDir, name), { recursive: true })
  }
  clock.tick()
  await expect(disk.commit(settlement(2))).rejects.toThrow('was taken away or replaced')
  await disk.close().catch(() => {})
  rmSync(join(dataDir, 'journal'), { recursive: true, force: true })
  await expect(openDisk(dataDir)).rejects.toThrow(
    /There is no journal in .*, and there was one: .*journal\.begun is there/,
  )
  expect(existsSync(join(dataDir, 'journal'))).toBe(false)
})
