/** One language a command: `report` and `codes` speak Chinese, whatever is wrong; the others English. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import { argumentFault } from '../src/argument-fault.ts'

const ROOT = join(import.meta.dirname, '..')
const HAN = /\p{Script=Han}/u
/** Two English words in a row; names of options, files and standards stand alone. */
const ENGLISH = /\b[A-Za-z]{2,} [a-z]{2,}\b/

const dataDir = mkdtempSync(join(tmpdir(), 'zhijie-language-'))
afterAll(() => rmSync(dataDir, { recursive: true, force: true }))

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['src/zhijie.mjs', ...args], {
    cwd: ROOT,
    env: { ...process.env, ZHIJIE_DATA: dataDir, ZHIJIE_LOG: 'silent' },
    encoding: 'utf8',
    input: '',
  })
  return { status, stdout, stderr }
}

/** Without the usage, in which names of commands stand in a row. */
const sentences = (text: string) => text.split('用法：')[0] ?? ''

describe('argumentFault()', () => {
  const options = { name: { type: 'string' }, json: { type: 'boolean' } } as const
  it.each([
    [['--nmae', 'x'], '参数不正确：没有选项“--nmae”'],
    [['--name'], '参数不正确：选项“--name”缺少值，或不应有值'],
    [['--json=1'], '参数不正确：选项“--json”缺少值，或不应有值'],
    [['extra'], '参数不正确：多余的参数“extra”'],
  ])('says %j in Chinese', (args, sentence) => {
    let fault: unknown
    try {
      parseArgs({ args, options })
    } catch (error) {
      fault = error
    }
    expect(argumentFault(fault)).toBe(sentence)
  })

  it('leaves every other error alone', () => {
    expect(argumentFault(new Error('no such thing'))).toBeNull()
  })
})

describe('Chinese commands', () => {
  it.each([
    ['codes', 'list', '--nmae'],
    ['codes', 'candidates-score', '--nmae'],
    ['codes', 'translate', '--nmae'],
    ['codes', 'translate', '--standard', 'diagnosis', '--system', 'national', '--day', '2025-02-30'],
    ['codes', 'mapping-quality', '--nmae'],
    ['codes', 'rehearse', '--nmae'],
    ['codes', 'review', '--nmae'],
    ['codes', 'import', '--nmae'],
    ['codes', 'import-map', '--nmae'],
    ['report', 'settlement-rate', '--nmae'],
  ])('%s %s %s is refused in Chinese with exit code 2', (...args) => {
    const { status, stdout, stderr } = run(...args)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(sentences(stderr)).toMatch(HAN)
    expect(sentences(stderr)).not.toMatch(ENGLISH)
  })

  it('import names the columns in Chinese', () => {
    const edition = ['--standard', 'clinical-diagnosis', '--edition', '1.0', '--effective', '2024-01-01']
    const { stdout } = run('codes', 'import', 'docs/examples/clinical-diagnosis.csv', ...edition, '--dry-run')
    expect(stdout).toContain('启用日期取自“开始日期”，最后有效日取自“结束日期”，有效标志取自“有效标志”')
    expect(stdout).not.toMatch(/\w+=“/)
  })

  it('import-map says that code and name are those of the source', () => {
    const map = ['--standard', 'clinical-diagnosis', '--system', 'local-example', '--edition', '1']
    const { stdout } = run(
      ...['codes', 'import-map', 'docs/examples/clinical-map.csv', ...map, '--effective', '2024-01-01'],
      ...['--dry-run', '--allow-missing'],
    )
    expect(stdout).toContain('源编码取自“source_code”，源名称取自“source_name”，目标编码取自“target_code”')
  })

  it('codes list names every standard in Chinese beside its id', () => {
    expect(run('codes', 'list').stdout).toMatch(/diagnosis +│ 医保疾病诊断/)
  })
})

describe('English commands', () => {
  it.each([
    'demo/print',
    'commands/serve',
    'commands/simulate',
    'commands/verify',
    'commands/backup',
    'commands/restore',
  ])('src/%s.ts holds no Chinese sentence', (file) => {
    const text = readFileSync(join(ROOT, 'src', `${file}.ts`), 'utf8')
    const code = text.replaceAll(/\/\*[\s\S]*?\*\/|^ *\/\/.*$/gm, '')
    expect(code).not.toMatch(HAN)
  })
})
