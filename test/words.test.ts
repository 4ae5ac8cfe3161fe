/** Words that no native speaker of the trade writes do not come back, and one thing has one word everywhere. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '..')

/** What must not appear in a sentence of the product, and what stands for it. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/流水账/, '交易日志'],
  [/未明/, '结果未知'],
  [/拒付/, '被拒绝（拒付是基金审核扣减）'],
  [/扇门/, '两种接入方式'],
  [/架上/, '已导入的版本'],
  [/可读的答复/, '未返回有效应答'],
  [/等候的请求/, '排队请求过多'],
  [/正忙/, '繁忙'],
  [/连接不上/, '无法连接'],
  [/（参保省/, '（参保地：广东省）'],
  [/同键同文/, '键与内容相同时返回首次结果'],
  [/原答复/, '首次结果'],
  [/(?:未|已|可以)收入|收入(?:\d|\$\{)/, '接收3行；未导入'],
  [/处数/, '明细数'],
  [/已看|不可能命中/, '调参集、测试集'],
  [/对码表/, '对照表（对码是动作）'],
  [/编码系统/, '编码体系'],
  [/医院编码“/, '院内编码“'],
  [/已发布对照(?!表)|提交对照(?!表)/, '对照表'],
  [/没有这个/, '没有该'],
  [/出错类型|出错一律/, '错误类型'],
  [/所问/, '查询日期'],
  [/给窗口看/, '供窗口显示'],
  [/怎么办'|怎么办"/, '下一步操作'],
  [/不能作数/, '无效'],
  [/收下/, '导入其余各行'],
  [/探询/, '探测'],
  [/运行人员/, '运维人员'],
  [/本地编码/, '院内编码'],
  [/编码目录|国家目录/, '编码表、国家编码表'],
  [/答复头|答复状态|清除答复|FHIR的?答复|延迟答复/, '应答'],
  [/\b[A-Za-z]+=“/, '列名用中文'],
]

/** Heads that files of others carry are data, whatever their words. */
const DATA = ['src/codes/import/columns.ts']

/** The sources without their comments. */
function sources(): { file: string; text: string }[] {
  const files = ['src', 'adapters', 'codebooks', 'load-tests'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  )
  return files
    .filter((file) => file.endsWith('.ts') && !DATA.includes(file.replaceAll('\\', '/')))
    .map((file) => ({
      file,
      text: read(file)
        .replaceAll(/\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ''))
        .replaceAll(/^\s*\/\/.*$/gm, ''),
    }))
}

const PAGES = [
  'README.zh-CN.md',
  'docs/bureau-officer.md',
  'docs/hospital-developer.md',
  'docs/hospital-developer.zh-CN.md',
  'docs/operator.zh-CN.md',
]

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')

const written = [...sources(), ...PAGES.map((file) => ({ file, text: read(file) }))]

describe('the words of the product', () => {
  it('are read from the sources and the Chinese pages', () => {
    expect(written.length).toBeGreaterThan(300)
  })

  it.each(WORDS)('%s is nowhere; it is %s', (word) => {
    const found = written.flatMap(({ file, text }) =>
      text
        .split('\n')
        .flatMap((line, index) => (word.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
    )
    expect(found).toEqual([])
  })
})
