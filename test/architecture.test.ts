/** The rules of docs/design.md and of the house style that a reader of one file cannot see. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'
import national from '../adapters/000000-national/index.ts'
import { SHORTENED, SLOW } from './slow.ts'
import { lineAt } from './support/syntax.ts'

const ROOT = join(import.meta.dirname, '..')
const LINES_MAX = 300
const FIRST_LINE_MAX = 120

interface Source {
  readonly path: string
  readonly text: string
  /** Paths from the root for files of ours, names for packages. */
  readonly imports: readonly string[]
}

const IMPORT =
  /^\s*(?:import|export)\s[^'"]*?from\s+'([^']+)'|^\s*import\s+'([^']+)'|\bimport\(\s*'([^']+)'/gm

function sourcesOf(folder: string): Source[] {
  if (!existsSync(join(ROOT, folder))) return []
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => {
      const path = join(folder, file)
      const text = readFileSync(join(ROOT, path), 'utf8')
      const named = [...text.matchAll(IMPORT)].map(([, from, alone, late]) => (from ?? alone ?? late)!)
      const imports = named.map((name) =>
        name.startsWith('.') ? normalize(join(dirname(path), name)) : name,
      )
      return { path, text, imports }
    })
}

const src = sourcesOf('src')
const adapters = sourcesOf('adapters')
const codebooks = sourcesOf('codebooks')
const tests = sourcesOf('test').filter(({ path }) => path.endsWith('.test.ts'))
const all = [...src, ...adapters, ...codebooks]
const within = (path: string, ...folders: string[]) => folders.some((folder) => path.startsWith(folder))
const ours = (path: string) => within(path, 'src/', 'adapters/', 'codebooks/')

/** Imports of these sources that the rule does not allow, as `file → import`. */
function breaches(
  sources: readonly Source[],
  allows: (imported: string, source: Source) => boolean,
): string[] {
  return sources.flatMap((source) =>
    source.imports
      .filter((imported) => !allows(imported, source))
      .map((imported) => `${source.path} → ${imported}`),
  )
}

describe('imports', () => {
  it('are found at all', () => {
    expect(src.length).toBeGreaterThan(50)
    expect(all.filter(({ imports }) => imports.length > 0).length).toBeGreaterThan(50)
    expect(adapters.find(({ path }) => path.endsWith('national/standard.ts'))!.imports).toContain(
      'src/domain/area.ts',
    )
  })

  it.each<[string, readonly string[]]>([
    ['src/domain/', ['src/domain/']],
    ['src/extension/', ['src/domain/', 'src/extension/', 'src/scanner/']],
    ['src/scanner/', ['src/domain/', 'src/extension/', 'src/scanner/']],
    // Whoever copies the client needs nothing of the gateway.
    ['src/client/', ['src/client/', 'src/domain/']],
    ['codebooks/', ['src/domain/', 'src/extension/', 'src/scanner/', 'codebooks/']],
    ['src/', ['src/']],
  ])('of %s stay in %j', (folder, allowed) => {
    const sources = all.filter(({ path }) => path.startsWith(folder))
    expect(breaches(sources, (imported) => !ours(imported) || within(imported, ...allowed))).toEqual([])
  })

  it('of an adapter stay in the domain, the extension, the national baseline and itself', () => {
    const allows = (imported: string, { path }: Source) => {
      const own = `${path.split('/').slice(0, 2).join('/')}/`
      return (
        !ours(imported) ||
        within(imported, 'src/domain/', 'src/extension/', 'src/scanner/', 'adapters/000000-national/', own)
      )
    }
    expect(breaches(adapters, allows)).toEqual([])
  })

  it('of the domain are of no package and nothing that does input or output', () => {
    const domain = src.filter(({ path }) => within(path, 'src/domain/'))
    expect(breaches(domain, ours)).toEqual([])
  })

  it('of the pipeline are of no network', () => {
    const pipeline = src.filter(({ path }) => within(path, 'src/pipeline/'))
    expect(
      breaches(pipeline, (imported) => !/^(?:undici|(?:node:)?(?:https?|http2|net|tls))$/.test(imported)),
    ).toEqual([])
  })

  it('of undici are in the transport, the simulator, the demo and what plays a hospital only', () => {
    const callers = ['src/transport/', 'src/simulator/', 'src/client/', 'src/conformance/', 'src/demo/']
    const others = all.filter(({ path }) => !within(path, ...callers))
    expect(breaches(others, (imported) => imported !== 'undici')).toEqual([])
    const fetching = others.filter(
      ({ path, text }) => path !== 'src/commands/demo.ts' && /\bfetch\(/.test(text),
    )
    expect(fetching.map(({ path }) => path)).toEqual([])
  })
})

describe('numbers of the national interface', () => {
  // Whoever asks for an operation asks by its name or its fields. Prose and the platforms of the simulator may name numbers.
  const EXCEPTIONS: Readonly<Record<string, string>> = {
    'src/commands/compared.ts': 'a sentence that names the list of a platform',
    'src/domain/lane.ts': 'value set `med_type`, whose codes look alike',
    'src/http/rest/document-national.ts': 'the example of a national message, as the document shows it',
    'src/http/rest/identity-names.ts': 'value set `psn_idet_type`, whose codes look alike',
  }
  const NUMBERS = Object.keys(national.operations).join('|')
  const HAN = String.raw`[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]`
  const NUMBER = new RegExp(String.raw`(?<!\w|${HAN})(?:${NUMBERS})(?!\w|${HAN})`)
  const COMMENT = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$|\s\/\/ .*$/gm

  it('stand as code nowhere outside adapters, simulator and what plays a hospital', () => {
    const naming = src
      .filter(({ path }) => !within(path, 'src/simulator/', 'src/client/', 'src/conformance/', 'src/demo/'))
      .filter(({ text }) => NUMBER.test(text.replaceAll(COMMENT, '')))
      .map(({ path }) => path)
    expect(naming.sort()).toEqual(Object.keys(EXCEPTIONS).sort())
  })

  it('have a name of our own each', () => {
    const names = Object.values(national.operations).map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })
})

describe('SQL', () => {
  // Whoever puts another engine under the store has one folder to read: nobody else says anything in SQL.
  const ROOM = 'src/store/queries/'
  const ELSEWHERE: Readonly<Record<string, string>> = {
    'src/store/schema.ts': 'the tables themselves, from which the migrations are written',
    'src/store/database.ts': 'opens drizzle over the file, and lets it migrate',
    'src/simulator/database.ts': 'books of a platform, which shares no store with the gateway',
    'src/reports/staged.ts':
      'a store of its own in a temporary file: rows of an import until its end is read',
    'src/demo/summary.ts': 'reads the times that a day took, as anyone beside a gateway may',
  }
  const COMMENT = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$|\s\/\/ .*$/gm
  const STATEMENT =
    /\b(?:select\b[^;]{1,400}?\bfrom|insert (?:or \w+ )?into|update \w+ set|delete from|create (?:table|index)|pragma) \w|\bbegin exclusive\b/i
  const CALL =
    /\.(?:prepare(?:<[^(]*>)?\((?!\))|pragma\(|pluck\(\)|raw\(\)\.(?:all|get|iterate)\()|\bfrom 'drizzle-orm/

  it('stands in src/store/queries', () => {
    const speaks = ({ text }: Source) => {
      const code = text.replaceAll(COMMENT, '')
      return STATEMENT.test(code) || CALL.test(code)
    }
    const speaking = src.filter(speaks).map(({ path }) => path)
    expect(speaking.filter((path) => path.startsWith(ROOM)).length).toBeGreaterThan(10)
    // The tables of the simulator's platforms are its own.
    const others = speaking.filter((path) => !within(path, ROOM, 'src/simulator/'))
    expect(others.filter((path) => !(path in ELSEWHERE))).toEqual([])
    expect(Object.keys(ELSEWHERE).filter((path) => !speaking.includes(path))).toEqual([])
  })
})

describe('names', () => {
  // Each of these is a program of its own with the words of its trade: a platform, and what plays a hospital.
  const OTHERS = ['src/simulator/', 'src/conformance/', 'src/demo/', 'src/client/']
  /** Names that two files export, and why that is no second meaning, or which stays. */
  const TWICE: Readonly<Record<string, string>> = {
    Asked: 'workers are frozen: the question that receive asks, and what is asked of their placement',
    Beginning: 'workers are frozen: the begin of an exchange, and the message that tells a worker to begin',
    Call: 'a call of the REST door, and one that leaves',
    Door: 'workers are frozen: what routes find in their context, and where a connection goes',
    Filing: 'the domain, and its form at the REST door',
    Heard: 'an answer as a dialect, the network and another worker give it',
    Sending: 'what is to be sent, as the REST door and the transport see it',
    Settlement: 'the domain, and its form at the REST door',
    named: 'of the fields of a request, and of the keys of a message',
    openCase: 'the table, and the case that recovery makes of its row',
    readBack: 'a record of the journal, and the message in it',
    restore: 'the command, and what it runs',
    rowsOf: 'rows of a file, of an answer and of an outcome: an array of whatever is not sure to be one',
    send: 'the step of the pipeline, and the way of the REST door to it',
    verify: 'the command, and the step of recovery',
  }
  const EXPORT =
    /^export (?:abstract )?(?:async )?(?:const|let|function\*?|class|interface|type|enum) (\w+)/gm

  it('stand for one thing: no two files of the gateway export the same', () => {
    const files = new Map<string, Set<string>>()
    for (const { path, text } of src.filter(({ path }) => !within(path, ...OTHERS)))
      for (const [, name] of text.matchAll(EXPORT))
        files.set(name!, (files.get(name!) ?? new Set()).add(path))
    expect(files.size).toBeGreaterThan(1000)
    const twice = [...files].filter(([, paths]) => paths.size > 1)
    const fresh = twice.filter(([name]) => !(name in TWICE))
    expect(fresh.map(([name, paths]) => `${name}: ${[...paths].join(', ')}`)).toEqual([])
    // What has gone from the code goes from the list.
    expect(twice.map(([name]) => name).sort()).toEqual(Object.keys(TWICE).sort())
  })
})

describe('bodies', () => {
  // A body that comes from outside is read where its limit is. What is read here otherwise is our own or a client's.
  const READERS = ['src/collect.ts', 'src/http/body.ts']
  const ELSEWHERE: Readonly<Record<string, string>> = {
    'src/workers/gather.ts': 'answers of its own routes, which are in memory',
    'src/simulator/server.ts': 'hono/body-limit stands before each',
    'src/simulator/route.ts': 'answers to its own calls, by undici with maxResponseSize',
    'src/journal/archive/archive-files.ts': 'a file of the archive',
    'src/codes/read/open.ts': 'a file that is imported',
  }
  const READING =
    /(?:\.req|request|\.body|\.raw|\banswer|\bres|\bresponse|\bpassed|clone\(\))\.(?:json|text|arrayBuffer|blob|formData|bytes)\(\)|\bparseBody\(|\.raw\.body\b|\.on\('(?:data|readable)'/

  it('are read by the one reader that has a limit', () => {
    const servers = src.filter(
      ({ path }) =>
        !within(path, 'src/client/', 'src/conformance/', 'src/demo/', 'src/commands/', 'src/transport/'),
    )
    const reading = servers.filter(({ text }) => READING.test(text)).map(({ path }) => path)
    const doors = ['src/workers/door.ts']
    expect(
      reading.filter((path) => ![...READERS, ...doors, ...Object.keys(ELSEWHERE)].includes(path)),
    ).toEqual([])
    // The exceptions are still such, and are bounded.
    expect(Object.keys(ELSEWHERE).filter((path) => !reading.includes(path))).toEqual([])
    const simulator = src.find(({ path }) => path === 'src/simulator/server.ts')!.text
    expect(simulator.match(/app\.post\('[^']+', /g)).toEqual(
      simulator.match(/app\.post\('[^']+', (?=bodyLimit)/g),
    )
    expect(src.find(({ path }) => path === 'src/simulator/route.ts')!.text).toContain('maxResponseSize')
  })
})

describe('sources', () => {
  it('of a fact are headings of a page in docs/facts, or public', () => {
    const pages = new Map<string, string[]>()
    const headingsOf = (page: string) => {
      const path = join(ROOT, 'docs/facts', page)
      const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
      return [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading!)
    }
    const cited = all.flatMap(({ path, text }) =>
      [...text.matchAll(/docs\/facts\/([\w-]+\.md), ([^[\]():;,.]+)/g)].map(([, page, heading]) => ({
        path,
        page: page!,
        heading: heading!.trim().replace(/\s+and When.*/, ''),
      })),
    )
    expect(cited.length).toBeGreaterThan(20)
    const missing = cited.filter(({ page, heading }) => {
      if (!pages.has(page)) pages.set(page, headingsOf(page))
      return !pages.get(page)!.some((one) => one.startsWith(heading.replace(/ *\*\/$/, '')))
    })
    expect(missing).toEqual([])
    const PRIVATE = /rules section|mapping-problems|rate definitions|SOURCES\.md|performance baselines/
    expect(all.filter(({ text }) => PRIVATE.test(text)).map(({ path }) => path)).toEqual([])
  })
})

describe('files', () => {
  it(`of src have at most ${LINES_MAX} lines`, () => {
    const long = src.filter(({ text }) => text.trimEnd().split('\n').length > LINES_MAX)
    expect(long.map(({ path }) => path)).toEqual([])
  })

  it(`of tests say in a first line of at most ${FIRST_LINE_MAX} characters what they prove`, () => {
    expect(tests.length).toBeGreaterThan(150)
    const silent = tests.filter(({ text }) => {
      const first = text.slice(0, text.indexOf('\n'))
      return first.length > FIRST_LINE_MAX || !/^\/\*\* \S.*\S \*\/$/.test(first)
    })
    expect(silent.map(({ path }) => path)).toEqual([])
  })

  it('of tests give no test and no hook less time than all have: a busy machine is no failure', () => {
    const config = readFileSync(join(ROOT, 'vitest.config.ts'), 'utf8')
    const every = Number(/testTimeout: ([\d_]+)/.exec(config)![1]!.replaceAll('_', ''))
    const given = /(?:\btimeout: |^ *\}, )([\d_]{4,})(?=,?\s*[)}])/gm
    const short = tests.flatMap(({ path, text }) =>
      [...text.matchAll(given)]
        .filter(([, ms]) => Number(ms!.replaceAll('_', '')) <= every)
        .map(({ index }) => `${path}:${lineAt(text, index)}`),
    )
    expect(short).toEqual([])
  })

  it('that are left to `npm run prove` are there', () => {
    const paths = new Set(tests.map(({ path }) => path))
    expect([...Object.keys(SLOW), ...SHORTENED].filter((path) => !paths.has(path))).toEqual([])
    const shortened = tests.filter(({ text }) => /\bruns\(/.test(text)).map(({ path }) => path)
    expect(shortened.filter((path) => !(path in SLOW)).sort()).toEqual([...SHORTENED].sort())
  })

  it('print nothing but in the commands', () => {
    const speakers = all.filter(({ path }) => !within(path, 'src/commands/', 'src/main.ts', 'src/runtime.ts'))
    expect(speakers.filter(({ text }) => /\bconsole\.log\(/.test(text)).map(({ path }) => path)).toEqual([])
  })

  it('of domain, extension, adapters and codebooks say of every export what it is', () => {
    const told = all.filter(({ path }) =>
      within(path, 'src/domain/', 'src/extension/', 'adapters/', 'codebooks/'),
    )
    const silent = told.flatMap(({ path, text }) => {
      const lines = text.split('\n')
      return lines.flatMap((line, index) => {
        // A default export is told by the comment that opens its file.
        const comment = /^export default\b/.test(line)
          ? lines[0]!.startsWith('/**')
          : lines[index - 1]?.endsWith('*/')
        return /^export\b/.test(line) && !comment ? [`${path}:${index + 1}`] : []
      })
    })
    expect(silent).toEqual([])
  })
})

describe('an installation without the tools of development', () => {
  it('brings at most 80 packages, none of them for a page that is one file', () => {
    const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as {
      readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly optional?: boolean }>>
    }
    const brought = Object.entries(packages).filter(
      ([path, { dev, optional }]) => path !== '' && !dev && !optional,
    )
    expect(brought.length).toBeGreaterThan(20)
    expect(brought.length).toBeLessThanOrEqual(80)
  })
})
