/** Whatever sentences name is there: transactions, addresses, commands and options that are offered, and no others. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import national from '../adapters/000000-national/index.ts'

const ROOT = join(import.meta.dirname, '..')
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')

function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter((file) => file.isFile() && file.name.endsWith(ending))
    .map((file) => join(file.parentPath, file.name).slice(ROOT.length + 1))
}

/** Pages that tell what the interface has, and not what is offered; those written from the catalogue have a test of their own. */
const FACTS = ['docs/facts/', 'docs/transactions']
const PAGES = [...['README.md', 'README.zh-CN.md'], ...filesBelow('docs', '.md')].filter(
  (file) => !file.includes('node_modules') && !FACTS.some((folder) => file.startsWith(folder)),
)
/** Texts that a platform sends stand with the source of each beside it: not sentences of ours. */
const HEARD = 'adapters/000000-national/refusals.ts'
const SOURCES = ['src', 'adapters']
  .flatMap((folder) => filesBelow(folder, '.ts'))
  .filter((file) => file !== HEARD)

const HAN = /\p{Script=Han}/u

/** The sentences that a program can say: its texts with Chinese in them, without comments. */
function sentencesOf(source: string): string[] {
  const code = source.replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '')
  const texts = code.match(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\[\s\S])*`/g) ?? []
  return texts.filter((text) => HAN.test(text))
}

/** Four digits that are no transaction: days and years, documents of the IETF, sizes, examples of fields. */
const NO_TRANSACTION = [
  /\d{4}-\d{2}(?:-\d{2})?/g,
  /\d{4}年(?:\d{1,2}月)?|〔\d{4}〕|\b(?:19[7-9]|20[1-9]|21[4-9])\d\b|years 2000/g,
  /RFC \d{4}/g,
  /^\| `ZHIJIE_.*$|`ms`(?: \(1000\)|（默认1000）)|默认1000，最多5000/gm,
  /[\d,.:/-]*\d{5,}\d*/g,
  /\d+(?:\.\d+)+/g,
  /\d{4}(?=个|行|项|字|条|KB|MB)/g,
  /\$\{[^}]*\}/g,
]

/** Where a page says of a transaction that it is not offered, or why it is not asked. */
const SAID_TO_BE_ABSENT: Readonly<Record<string, readonly string[]>> = {
  'README.md': ['9101', '9102'],
  'README.zh-CN.md': ['9101', '9102'],
  'docs/design.md': ['3202'],
}

/** Files of the national catalogues, which the import takes by their number; the first and the last of the span. */
const DOWNLOADS = ['1301', '1307', '1315']

const offered = new Set([...Object.keys(national.operations), ...DOWNLOADS])

function transactionsIn(text: string): string[] {
  const rest = NO_TRANSACTION.reduce((left, pattern) => left.replaceAll(pattern, ' '), text)
  return [...new Set(rest.match(/(?<![\d.,A-Za-z:#&-])[1-9]\d{3}(?![\d.,]?\d|[A-Za-z%])/g) ?? [])]
}

describe('sentences name only what is offered', () => {
  it('transactions in texts of the program', () => {
    const strange = SOURCES.flatMap((file) =>
      sentencesOf(read(file)).flatMap((text) =>
        transactionsIn(text)
          .filter((infno) => !offered.has(infno))
          .map((infno) => `${file}: ${infno} in ${text}`),
      ),
    )
    expect(strange).toEqual([])
  })

  it('transactions in pages', () => {
    const strange = PAGES.flatMap((page) => {
      const prose = read(page).replaceAll(/^```[\s\S]*?^```/gm, '')
      return prose.split('\n').flatMap((line) =>
        transactionsIn(line)
          .filter((infno) => !offered.has(infno) && !SAID_TO_BE_ABSENT[page]?.includes(infno))
          .map((infno) => `${page}: ${infno} in ${line}`),
      )
    })
    expect(strange).toEqual([])
  })

  it('commands in texts of the program', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    for (const file of SOURCES) {
      for (const [, name] of read(file).matchAll(/npm run (?:-s )?([a-z][\w:-]*)/g))
        expect(scripts, `${file}: npm run ${name}`).toHaveProperty(name!)
    }
  })

  it('sub-commands of npm run codes and npm run report', () => {
    const known = {
      codes: wordsOf('src/commands/codes.ts', /^ {2}'?([a-z-]+)'?: \w+/gm),
      report: wordsOf('src/reports/command.ts', /'(import|settlement-rate)'/g),
    }
    for (const file of [...PAGES, ...SOURCES]) {
      for (const [, command, name] of read(file).matchAll(
        /npm run (?:-s )?(codes|report) -- ([a-z][a-z-]*)/g,
      ))
        expect([...known[command as 'codes' | 'report']], `${file}: ${command} ${name}`).toContain(name)
    }
  })

  it('options in texts of the program and in pages', () => {
    const taken = new Set(
      ['src', 'load-tests', 'test/simulation']
        .flatMap((folder) => filesBelow(folder, '.ts'))
        .flatMap((file) => [
          ...wordsOf(file, /'?([a-z][a-z-]*)'?: (?:\{ type: '|TEXT|FLAG)/g),
          ...wordsOf(file, /includes\('--([a-z-]+)'\)/g),
        ])
        .concat([...FOREIGN_OPTIONS]),
    )
    const named = [
      ...PAGES.map((page) => ({ where: page, text: read(page) })),
      ...SOURCES.flatMap((file) => sentencesOf(read(file)).map((text) => ({ where: file, text }))),
    ]
    const strange = named.flatMap(({ where, text }) =>
      [...text.matchAll(/(?<![\w-])--([a-z][a-z-]+)/g)]
        .filter(([, option]) => !taken.has(option!))
        .map(([option]) => `${where}: ${option}`),
    )
    expect([...new Set(strange)]).toEqual([])
  })
})

/** Options of programs that are not ours, which the pages show: curl. */
const FOREIGN_OPTIONS = ['data-binary']

function wordsOf(file: string, pattern: RegExp): Set<string> {
  return new Set([...read(file).matchAll(pattern)].map(([, word]) => word!))
}
