/** `npm run onboarding` takes an institution from application to opening, and says what it will not do. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { onboarding } from '../../src/commands/onboarding.ts'
import { runCommand } from '../support/command.ts'

let dataDir: string
beforeAll(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'zhijie-onboarding-'))
})
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

const run = (...args: string[]) => runCommand(onboarding, { ZHIJIE_DATA: dataDir }, args)
const WHAT = [
  '--institution',
  'H43092190002',
  '--lane',
  'outpatient',
  '--reach',
  'cross',
  '--population',
  'all',
]
const WHO = ['--by', '张三', '--reason', '试点']

describe('onboarding', () => {
  it('lists Yiyang as it starts: 7 opened, 28 applied', async () => {
    const { code, said } = await run('list', '--area', '430900')
    expect(code).toBe(0)
    expect(said).toContain('已申请28家')
    expect(said).toContain('已开通7家')
  })

  it('takes the steps one after another, a test with its score, and shows the history', async () => {
    const file = join(dataDir, 'score.txt')
    writeFileSync(file, 'progress\n{"passed":12,"failed":1,"transactions":4,"lanes":2}\n')
    expect(await run('change', ...WHAT, ...WHO)).toMatchObject({ code: 0 })
    const failed = await run('test', ...WHAT, ...WHO, '--score', file)
    expect(failed).toMatchObject({ code: 2, said: expect.stringContaining('未通过1项；没有变更') })
    writeFileSync(file, '{"passed":13,"failed":0,"transactions":4,"lanes":2}')
    expect((await run('test', ...WHAT, ...WHO, '--score', file)).said).toContain('符合性检查通过13项')
    expect(await run('open', ...WHAT, ...WHO)).toMatchObject({ code: 0 })
    const { said } = await run('suspend', ...WHAT, ...WHO, '--json')
    const { openings } = JSON.parse(said) as { openings: { steps: { state: string; by: string }[] }[] }
    expect(openings).toHaveLength(2)
    expect(openings[0]!.steps.map(({ state }) => state)).toEqual(
      'applied changed tested opened suspended'.split(' '),
    )
    const listed = JSON.parse((await run('list', '--state', 'suspended', '--json')).said)
    expect(listed.institutions).toMatchObject({ suspended: 1, applied: 0 })
  })

  it.each<[string, string[], string]>([
    ['no command', [], '请指定命令'],
    ['another command', ['close'], '没有命令“close”'],
    ['another option', ['list', '--nmae'], '没有选项“--nmae”'],
    ['another lane', ['list', '--lane', 'dental'], '不正确：--lane'],
    ['nobody', ['apply', ...WHAT, '--reason', '试点'], '缺少--institution、--by或--reason'],
    ['no lane', ['apply', '--institution', 'H43092190002', ...WHO], '缺少--lane'],
    ['no day', ['apply', ...WHAT, ...WHO, '--from', '2026-02-30'], '不正确：--from'],
    ['no score', ['test', ...WHAT, ...WHO, '--score', '/nowhere'], '不正确：--score'],
    [
      'a leap',
      ['open', ...WHAT.with(1, 'H43092190003'), ...WHO],
      '现为“已申请”，下一步只能是“已完成系统改造”',
    ],
    [
      'a stranger',
      ['apply', ...WHAT.with(1, 'H43092199999'), ...WHO],
      '定点医药机构H43092199999未登记，没有变更',
    ],
  ])('refuses %s with 2 and a sentence', async (_what, args, says) => {
    const { code, said } = await run(...args)
    expect(code).toBe(2)
    expect(said).toContain(says)
  })
})
