/** `npm run codes -- import` tells a script by exit code and output what became of each row. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { temporaryFiles } from '../../support/files.ts'

const ROOT = join(import.meta.dirname, '..', '..', '..')
const files = temporaryFiles()

function run(...args: string[]) {
  return spawnSync(process.execPath, ['src/zhijie.mjs', 'codes', ...args], {
    cwd: ROOT,
    env: { ...process.env, ZHIJIE_DATA: files.path('data') },
    encoding: 'utf8',
  })
}

const EDITION = ['--standard', 'diagnosis', '--edition', '1', '--effective', '2021-01-14']
const TEXT = 'code,name\nA00.000,霍乱\n"A0,0","名""称"\n'

describe('codes import', () => {
  it('ends with 1 where a row is refused, names it on standard error, and lists it beside', () => {
    const file = files.write('table.csv', TEXT)
    const rejected = files.path('rejected.csv')
    const { status, stdout, stderr } = run('import', file, ...EDITION, '--rejected', rejected)
    expect(status).toBe(1)
    expect(stderr).toContain('第3行 A0,0：编码不符合该标准的形式')
    expect(stdout).toContain('没有写入任何内容：有拒收的行')
    expect(readFileSync(rejected, 'utf8')).toBe(
      '\ufeff文件,行号,编码,原因代码,原因,详情\ntable.csv,3,"A0,0",wrong-shape,编码不符合该标准的形式,\n',
    )
    expect(run('import', file, ...EDITION, '--rejected', rejected).stderr).toContain('不会覆盖')
  })

  it('ends with 0 and one line of JSON, then with 2 where the edition is there', () => {
    const file = files.write('table.csv', TEXT)
    const { status, stdout } = run('import', file, ...EDITION, '--skip-rejected', '--json')
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      written: true,
      read: 2,
      taken: 1,
      refused: 1,
      refusedRows: [{ line: 3, code: 'A0,0', reason: 'wrong-shape' }],
      files: [{ encoding: 'UTF-8', columns: { code: 'code', name: 'name' } }],
      changes: { added: 1 },
    })
    const again = run('import', file, ...EDITION)
    expect([again.status, again.stderr]).toEqual([2, expect.stringContaining('医保疾病诊断已有1版')])
  })

  it('ends with 2 where the file is not there, or the question is none', () => {
    expect(run('import', files.path('nowhere.csv'), ...EDITION).stderr).toContain('文件不存在')
    expect(run('import').stderr).toContain('须给出要导入的文件')
    expect(run('import-map', 'x.csv', ...EDITION)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('缺少--system'),
    })
  })
})
