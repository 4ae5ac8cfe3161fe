/** What the READMEs and the manual pages say is so: their commands run, their tables are whole. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'
import { PROBLEMS } from '../src/domain/problems.ts'

const ROOT = join(import.meta.dirname, '..')
const READMES = ['README.md', 'README.zh-CN.md'] as const
/** In the order in which a reader runs them. */
const PAGES = ['README.md', 'docs/hospital-developer.md', 'docs/bureau-officer.md', 'docs/operator.md']

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')

/** The commands in the blocks marked `sh`. One goes on over the lines that an open single quote spans. */
function commandsOf(page: string): string[] {
  const blocks = [...read(page).matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block)
  const commands: string[] = []
  let open = ''
  for (const line of blocks.join('').split('\n')) {
    open += open ? `\n${line}` : line
    if (open.split("'").length % 2 === 0) continue
    if (open) commands.push(open)
    open = ''
  }
  return commands
}

/** What a shell is told besides the command: values that a reader copies out of an answer. */
const copied: Record<string, string> = {}

function field(output: string, name: string): string {
  const value = (JSON.parse(output) as Record<string, unknown>)[name]
  expect(value, output).toBeTypeOf('string')
  return value as string
}

/** How a command is checked: by `.ci/run`, as the gateway of this test, or by what it prints. */
type Check = 'ci' | 'serves' | ((output: string) => void)

const has = (text: string): Check => {
  return (output) => expect(output).toContain(text)
}

/** Every command of the pages, by its first line. */
const CHECKS: Readonly<Record<string, Check>> = {
  'npm ci && npm run demo': 'ci',
  'npm ci && npm test': 'ci',
  'npm start': 'serves',
  'curl -s http://127.0.0.1:8095/people': has('99000000ECTOKEN00000000044000001'),
  "curl -s http://127.0.0.1:8080/v1/eligibility -H 'content-type: application/json' -d '{":
    has('"entitled":true'),
  "curl -s http://127.0.0.1:8080/hss-call-service-interface -H 'content-type: application/json' -d '{":
    has('"infcode":0'),
  'npm run report -- import docs/examples/stays.csv': has('拒收0行'),
  'npm run report -- settlement-rate --area 621025 --from 2025-01 --to 2025-03': has('621025'),
  'npm run report -- settlement-rate --area 621025 --from 2025-01-01 --to 2025-03-31 --as-of 2025-04-05 --scope cross --basis broad --json':
    has('"numerator":2,"denominator":4,"rate":50'),
  "curl -s http://127.0.0.1:8080/v1/encounters -H 'content-type: application/json' -H 'idempotency-key: visit-1' -d '{":
    (output) => {
      copied.ENCOUNTER = field(output, 'encounter')
    },
  "curl -s http://127.0.0.1:8080/v1/encounters/$ENCOUNTER/lines -H 'content-type: application/json' -H 'idempotency-key: lines-1' -d '{":
    has('"split":{"totalFen":2500,"selfPaidFen":0,"overLimitFen":0,"firstSelfPayFen":250,"inScopeFen":2250}'),
  "curl -s http://127.0.0.1:8080/v1/encounters/$ENCOUNTER/pre-settlement -H 'content-type: application/json' -d '{":
    has('"settlement":null'),
  "curl -s http://127.0.0.1:8080/v1/encounters/$ENCOUNTER/settlement -H 'content-type: application/json' -H 'idempotency-key: settle-1' -d '{":
    (output) => {
      copied.SETTLEMENT = field(output, 'settlement')
    },
  "curl -s 'http://127.0.0.1:8080/v1/status?key=settle-1'": has('"state":"accepted"'),
  "curl -s http://127.0.0.1:8080/v1/settlements/$SETTLEMENT/cancellation -H 'content-type: application/json' -H 'idempotency-key: cancel-1' -d '{ \"encounter\": \"'$ENCOUNTER'\" }'":
    has('"totalFen":-2500'),
  "curl -s 'http://127.0.0.1:8080/v1/reports/settlement-rate?area=621025&from=2025-01&to=2025-03&asOf=2025-04-05&scope=cross&basis=broad'":
    has('"numerator":2,"denominator":4,"rate":50'),
  "curl -s http://127.0.0.1:8080/v1/reports/records -H 'content-type: text/csv' --data-binary @docs/examples/stays.csv":
    has('{"accepted":0,"duplicates":11,"refused":[]}'),
  "curl -s 'http://127.0.0.1:8080/v1/codes/diagnosis/I10.x00x002?day=2026-06-01'": has('"state":"active"'),
  "curl -s http://127.0.0.1:8080/v1/codes/translate -H 'content-type: application/json' -d '{":
    has('"reason":"not-mapped"'),
  "curl -s 'http://127.0.0.1:8080/fhir/r4/ConceptMap/$translate?system=urn:zhijie:system:H62010290001-diagnosis&code=I50.950&date=2026-06-01'":
    has('"equivalence","valueCode":"relatedto"'),
  "curl -s 'http://127.0.0.1:8080/fhir/r5/ConceptMap/$translate?system=urn:zhijie:standard:diagnosis&targetCode=N18.902&date=2026-06-01'":
    has('"code":"I50.950"'),
  "curl -s 'http://127.0.0.1:8080/fhir/r5/CodeSystem/$lookup?system=urn:zhijie:standard:diagnosis&code=I10.x00x002&date=2026-06-01'":
    has('"display","valueString":"高血压"'),
  'npm run -s codes -- list': has('diagnosis'),
  'echo I50.950 | npm run -s codes -- translate --standard diagnosis --system H62010290001-diagnosis --day 2026-06-01 --json':
    has('"code":"N18.902"'),
  'curl -s http://127.0.0.1:8080/health': has('"alive":true'),
  'curl -s http://127.0.0.1:8080/ready': has('"ready":true'),
  "printf %s 'a-long-random-key' | sha256sum": (output) => {
    expect(read('docs/operator.md')).toContain(`"keySha256": "${output.slice(0, 64)}"`)
  },
  'curl -s http://127.0.0.1:8080/v1/open-cases': has('{"paused":false,"cases":[]}'),
  'curl -s http://127.0.0.1:8080/v1/archive -d \'{ "olderThanDays": 400 }\'': has(
    '{"archived":[],"archivedUpTo":0,"stays":{"segment":1,"because":"present"}}',
  ),
  'curl -s http://127.0.0.1:8080/v1/destinations': has('"national/440000":"closed"'),
  'curl -s http://127.0.0.1:8080/metrics': has('zhijie_destination_down'),
  'curl -s http://127.0.0.1:8080/v1/tally': has('"open":0'),
  'npm run load -- --seconds 3': has('stand on both sides'),
  'npm run load -- --help': has('one-province-dark'),
  'npm run load -- --profile morning-peak --rate 5 --minutes 0.1': has('fen on both sides'),
  'curl -s http://127.0.0.1:8090/faults -d \'{ "kind": "reset", "transaction": "2207", "times": 1 }\'':
    has('"kind":"reset"'),
  'curl -s http://127.0.0.1:8095/faults -d \'[{ "kind": "stop", "area": "440000" }]\'': has('"kind":"stop"'),
  'npm run codes -- import docs/examples/clinical-diagnosis.csv --standard clinical-diagnosis --edition 1.0 --effective 2024-01-01 --dry-run':
    has('没有写入任何内容：这是检查'),
  "npm run codes -- import docs/examples/clinical-diagnosis.csv --standard clinical-diagnosis --edition 1.0 --effective 2024-01-01 --published 2023-12-01 --data-as-of 2023-11-30 --source '示例文件，虚构' --by 张三":
    has('读取3行，收入3行，拒收0行'),
  'npm run codes -- review --standard clinical-diagnosis --edition 1.0 --by 李四': has('已审核 李四'),
  'npm run codes -- publicise --standard clinical-diagnosis --edition 1.0 --by 李四': has('公示中 李四'),
  'npm run codes -- publish --standard clinical-diagnosis --edition 1.0 --by 李四': has('：已发布'),
  'npm run codes -- import-map docs/examples/clinical-map.csv --standard clinical-diagnosis --system local-example --edition 1 --effective 2024-01-01 --by 张三 --publish --checked-by 李四':
    has('文件注明国家目录中没有对应：1行'),
  "printf 'LOCAL-1\\nLOCAL-2\\nLOCAL-3\\n' | npm run -s codes -- translate --standard clinical-diagnosis --system local-example --day 2024-06-01 --json":
    has('"reason":"not-in-national-table"'),
  'npm run codes -- candidates-score --standard clinical-diagnosis': has('local-example'),
  'npm run -s codes -- conformance --from 2025-01-01 --to 2030-12-31': has('费用明细'),
  'npm run -s codes -- conformance --institution H62010290001 --csv': has('候选1'),
  "curl -s 'http://127.0.0.1:8080/v1/reports/conformance?institution=H62010290001'": has(
    '"institution":"H62010290001"',
  ),
  'npm run -s codes -- rehearse docs/examples/clinical-diagnosis.csv --standard clinical-diagnosis --edition 9.9 --effective 2030-01-01':
    has('没有变化'),
  "curl -s 'http://127.0.0.1:8080/v1/codes/diagnosis/changes?from=2.0'": has('"standard":"diagnosis"'),
  'curl -s http://127.0.0.1:8095/faults': has('"kind":"stop"'),
  'curl -s -X DELETE http://127.0.0.1:8090/faults': has('{"faults":[]}'),
  'curl -s -X DELETE http://127.0.0.1:8095/faults': has('{"faults":[]}'),
}

const firstLine = (command: string) => command.split('\n')[0] ?? ''

/** Platforms in the order of their documented ports. */
const PORTS = {
  national: '8090',
  620000: '8091',
  340000: '8092',
  640000: '8093',
  430000: '8094',
  440000: '8095',
}

const hasShell = process.platform !== 'win32'
const found = (tool: string) => hasShell && spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0

describe('documented commands', () => {
  it('READMEs begin with the two lines that CI runs', () => {
    for (const readme of READMES) {
      const [title, ...rest] = read(readme).split('\n')
      expect(title).toMatch(/^# /)
      const head = ['', '```sh', 'npm ci && npm run demo', 'npm ci && npm test', '```']
      expect(rest.slice(0, 5), readme).toEqual(head)
    }
    const ci = read('.ci/run')
    for (const line of ['npm ci && npm run demo', 'npm ci && npm test']) expect(ci).toContain(line)
  })

  it('READMEs hold the same commands', () => {
    expect(commandsOf(READMES[1])).toEqual(commandsOf(READMES[0]))
  })

  it('every command is in the table, and the table holds no other', () => {
    const pages = [...pagesBelow(''), ...pagesBelow('docs')]
    const written = new Set(pages.flatMap(commandsOf).map(firstLine))
    expect([...written].sort()).toEqual(Object.keys(CHECKS).sort())
    const runHere = new Set(PAGES.flatMap(commandsOf).map(firstLine))
    expect(runHere).toEqual(written)
  })
})

describe.skipIf(!hasShell)(
  'commands against `npm start` (skipped on Windows: they need a POSIX shell)',
  () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'zhijie-readme-'))
    const settings = { ...process.env, ZHIJIE_DATA: dataDir, ZHIJIE_LOG: 'error' }
    const addresses: Record<string, string> = {}
    let gateway: ChildProcess

    beforeAll(async () => {
      gateway = spawn('npm', ['start'], {
        cwd: ROOT,
        env: { ...settings, ZHIJIE_PORT: '0', ZHIJIE_SIMULATOR_PORT: '0', ZHIJIE_UPSTREAM: '' },
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      })
      const printed = await untilPrinted(gateway, /^ {2}national .*$/m)
      addresses['127.0.0.1:8080'] = /listens on http:\/\/(\S+)/.exec(printed)?.[1] ?? ''
      for (const [platform, port] of Object.entries(PORTS)) {
        const address = new RegExp(`^ {2}${platform} +http://(\\S+)$`, 'm').exec(printed)?.[1]
        addresses[`127.0.0.1:${port}`] = address ?? ''
      }
    })

    /** What a load run is told where the ports are not those of the pages. */
    const parties = () => ({
      ZHIJIE_GATEWAY: `http://${addresses['127.0.0.1:8080']}`,
      ZHIJIE_PLATFORMS: [8091, 8092, 8093, 8094, 8095]
        .map((port) => `http://${addresses[`127.0.0.1:${port}`]}`)
        .join(','),
    })

    afterAll(async () => {
      const ended = new Promise((resolve) => gateway.once('close', resolve))
      if (gateway.pid) process.kill(-gateway.pid, 'SIGTERM')
      await ended
      rmSync(dataDir, { recursive: true, force: true })
    })

    const cases = PAGES.flatMap((page) => commandsOf(page).map((command) => ({ page, command })))
    for (const { page, command } of cases) {
      const check = CHECKS[firstLine(command)]
      if (typeof check !== 'function') continue
      const tool = ['curl', 'sha256sum'].find((name) => command.includes(name))
      const missing = tool !== undefined && !found(tool)
      const name = `${page}: ${firstLine(command).slice(0, 90)}${missing ? ` (skipped: no ${tool} here)` : ''}`
      it.skipIf(missing)(name, () => {
        const placed = command.replaceAll(/127\.0\.0\.1:\d+/g, (address) => addresses[address] ?? address)
        const run = spawnSync('sh', ['-c', placed], {
          cwd: ROOT,
          env: { ...settings, ...copied, ...parties() },
          encoding: 'utf8',
        })
        expect(run.status, run.stdout + run.stderr).toBe(0)
        check(run.stdout)
      })
    }
  },
)

/** Waits until a process has printed something. Rejects with its words where it ends before. */
function untilPrinted(child: ChildProcess, wanted: RegExp): Promise<string> {
  let printed = ''
  let faults = ''
  return new Promise((resolve, reject) => {
    child.stderr?.on('data', (chunk) => {
      faults += chunk
    })
    child.stdout?.on('data', (chunk) => {
      printed += chunk
      if (wanted.test(printed)) resolve(printed)
    })
    child.once('close', () => reject(new Error(`npm start ended: ${printed}${faults}`)))
  })
}

/** Pages of a folder, by their path below the root. */
function pagesBelow(folder: string): string[] {
  const names = readdirSync(join(ROOT, folder), { withFileTypes: true })
  return names
    .filter((file) => file.isFile() && file.name.endsWith('.md'))
    .map(({ name }) => join(folder, name))
}

/** The variables that the configuration knows. It tells them itself: each is asked for by its name. */
function variables(): string[] {
  const asked = new Set<string>()
  const spy = new Proxy({} as Record<string, string | undefined>, {
    get: (_target, name) => {
      if (typeof name === 'string') asked.add(name)
      return undefined
    },
  })
  readConfig(spy)
  return [...asked].filter((name) => name.startsWith('ZHIJIE_'))
}

describe('documented tables', () => {
  it('READMEs and docs/operator.md hold every environment variable in a table, and no other', () => {
    const known = variables()
    expect(known.length).toBeGreaterThan(10)
    for (const page of [...READMES, 'docs/operator.md']) {
      const rows = read(page)
        .split('\n')
        .flatMap((line) => line.split('|')[1]?.match(/ZHIJIE_\w+/g) ?? [])
      expect([...new Set(rows)].sort(), page).toEqual([...known].sort())
    }
  })

  it('docs/hospital-developer.md holds every problem with its status, retry, reason and words', () => {
    const rows = read('docs/hospital-developer.md')
      .split('\n')
      .map((line) => line.replaceAll(/ +/g, ' '))
      .filter((line) => /^\| `[a-z-]+` \| \d{3} /.test(line))
    const wanted = Object.entries(PROBLEMS).map(
      ([code, { status, retry, reason, title, zh }]) =>
        `| \`${code}\` | ${status} | ${retry} | ${reason ?? '–'} | ${title} · ${zh} |`,
    )
    expect(rows).toEqual(wanted)
  })

  it('every npm script that a page names exists', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    for (const page of [...pagesBelow(''), ...pagesBelow('docs')]) {
      const named = [...read(page).matchAll(/npm run ([a-z][\w:-]*)/g)].map(([, name = '']) => name)
      for (const name of named) expect(scripts, `${page}: npm run ${name}`).toHaveProperty(name)
    }
  })

  it('pages name no address but 127.0.0.1', () => {
    for (const page of [...pagesBelow(''), ...pagesBelow('docs')]) {
      const hosts = [...read(page).matchAll(/https?:\/\/([\w.-]+)/g)].map(([, host]) => host)
      expect(
        hosts.filter((host) => host !== '127.0.0.1'),
        page,
      ).toEqual([])
    }
  })
})
