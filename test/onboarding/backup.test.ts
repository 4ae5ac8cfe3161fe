/** A backup takes the steps of openings along; a restore puts them back, but never over steps that are there. */
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { backup } from '../../src/commands/backup.ts'
import { restore } from '../../src/commands/restore.ts'
import { type Instant, parseDay } from '../../src/domain/day.ts'
import type { BookedStep } from '../../src/onboarding/book.ts'
import { readSteps, writeSteps } from '../../src/onboarding/file.ts'
import { freshFolder, KEY, writeSettlements } from '../journal/integrity-support.ts'
import { runCommand } from '../support/command.ts'

const opened: BookedStep = {
  ...{ institution: 'H43090290001', lane: 'outpatient', reach: 'cross', population: 'employee' },
  ...{ state: 'opened', from: parseDay('2026-11-01'), by: '张三', reason: '试点', at: 1 as Instant },
}
const suspended: BookedStep = { ...opened, state: 'suspended', reason: '协议处理' }
const env = (dataDir: string) => ({ ZHIJIE_DATA: dataDir, ZHIJIE_KEY: KEY })

it('the steps go into a backup and back, and a suspension since then stays', async () => {
  const dataDir = freshFolder()
  await writeSettlements(dataDir, 1)
  writeSteps(dataDir, [opened])
  const copy = join(freshFolder(), 'copy')
  expect(await runCommand(backup, env(dataDir), [copy])).toMatchObject({ code: 0 })

  const fresh = freshFolder()
  const done = await runCommand(restore, env(fresh), [copy])
  expect(done).toMatchObject({ code: 0, said: expect.stringContaining('1 steps of openings were put back') })
  expect(readSteps(fresh)).toEqual([opened])

  writeSteps(dataDir, [opened, suspended])
  expect(await runCommand(restore, env(dataDir), [copy, '--replace'])).toMatchObject({ code: 0 })
  expect(readSteps(dataDir)).toEqual([opened, suspended])
})
