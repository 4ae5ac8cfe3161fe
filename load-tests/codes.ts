/**
 * The store of code tables at the size of the country: 4 million rows of 27 characters in the packed store, a JS Map and
 * SQLite, in one run on one machine, so that ratios count and not milliseconds;
 * what a question costs is processor time of its thread. `npm run codes-bench`; `--rows`,
 * `--seconds`, `--json`. What it does not measure: a network (the doors
 * are asked over loopback, by a caller in the same process), several worker threads at once.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { duel } from './codes/duel.ts'
import { overHttp } from './codes/http.ts'
import { buildPacked, buildSqlite } from './codes/stores.ts'
import { traffic } from './codes/traffic.ts'

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '4000000' },
    seconds: { type: 'string', default: '8' },
    json: { type: 'boolean', default: false },
    /** What this process is to do, where it was started by another of this file. */
    part: { type: 'string' },
    directory: { type: 'string' },
    checksum: { type: 'string' },
  },
})
const rows = Number(values.rows)
const seconds = Number(values.seconds)

/** Parts of the run, each in a process of its own, so that none sees the garbage of another. */
const PARTS = {
  build: (directory: string) => {
    buildSqlite(join(directory, 'rows.sqlite'), rows)
    return buildPacked(packedFile(directory), rows)
  },
  duel: (directory: string, crc32: number) =>
    duel({ packed: packedFile(directory), crc32, sqlite: join(directory, 'rows.sqlite') }, rows),
  store: (directory: string, crc32: number) => traffic('store', packedFile(directory), crc32, rows, seconds),
  http: (directory: string, crc32: number) => overHttp(packedFile(directory), crc32, rows),
  map: (directory: string, crc32: number) => traffic('map', packedFile(directory), crc32, rows, seconds),
} as const

type Part = keyof typeof PARTS
type Result<Name extends Part> = Awaited<ReturnType<(typeof PARTS)[Name]>>

function packedFile(directory: string): string {
  return join(directory, 'codes', 'rows.codes')
}

function run<Name extends Part>(part: Name, directory: string, checksum = 0): Result<Name> {
  process.stderr.write(`${part}\n`)
  const given = ['--part', part, '--directory', directory, '--checksum', String(checksum)]
  const out = execFileSync(
    process.execPath,
    [
      '--expose-gc',
      '--max-old-space-size=8192',
      import.meta.filename,
      ...given,
      '--rows',
      values.rows,
      '--seconds',
      values.seconds,
    ],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  )
  return JSON.parse(out) as Result<Name>
}

function report(directory: string) {
  const built = run('build', directory)
  const asked = run('duel', directory, built.crc32)
  const [store, map] = [run('store', directory, built.crc32), run('map', directory, built.crc32)]
  return { rows, built, asked, store, map, http: run('http', directory, built.crc32) }
}

const digits = (value: number, after = 0) => value.toFixed(after)

function print({ built, asked, store, map, http }: ReturnType<typeof report>): void {
  const table = new Table({ head: ['', 'store', 'Map', 'SQLite', 'target'], style: { head: [], border: [] } })
  const { ns } = asked
  table.push(
    ['bytes a row', digits(built.bytesARow, 1), digits(asked.mapBytesARow), '', '≤ 64 besides names'],
    ['bytes of names a row', digits(built.nameBytesARow, 1), 'included', '', ''],
    ['load, ms', digits(asked.loadMs), digits(asked.mapLoadMs), '', '< 1500'],
    ['one code, ns', digits(ns.store), digits(ns.map), digits(ns.sqlite), 'at least as fast as Map'],
    ['ratio to the store', '1', digits(asked.mapOverStore, 2), digits(ns.sqlite / ns.store, 1), ''],
    ['200 lines through the engine, µs', digits(asked.claimMicros), '', '', '< 100'],
    ['  of random rows of the table, µs', digits(asked.coldClaimMicros), '', '', ''],
    ['loading and swapping under 100 bills/s:', '', '', '', ''],
    ['  loop delay p99 before, ms', digits(store.calmDelayP99Ms, 2), digits(map.calmDelayP99Ms, 2), '', ''],
    ['  loop delay p99, ms', digits(store.loopDelayP99Ms, 2), digits(map.loopDelayP99Ms, 2), '', '≤ 5'],
    ['  loop delay max, ms', digits(store.loopDelayMaxMs, 1), digits(map.loopDelayMaxMs, 1), '', ''],
    ['  longest GC pause, ms', digits(store.gcMaxMs, 1), digits(map.gcMaxMs, 1), '', ''],
    ['  GC in all, ms', digits(store.gcTotalMs), digits(map.gcTotalMs), '', ''],
    ['  bill p50, ms', digits(store.billP50Ms, 2), digits(map.billP50Ms, 2), '', ''],
    ['  bill p99, ms', digits(store.billP99Ms, 2), digits(map.billP99Ms, 2), '', ''],
    ['  loaded again in, ms', digits(store.swapMs), digits(map.swapMs), '', ''],
    ['  lines not found', String(store.failed), String(map.failed), '', '0'],
    ['a local code through a map:', '', '', '', ''],
    ['  asked in the process, µs', digits(http.inProcessMicros, 2), '', '', ''],
    ['  FHIR $translate, one code a call, µs', digits(http.fhirMicros), '', '', ''],
    ['  REST, a batch of 200, µs a code', digits(http.batchMicros, 2), '', '', ''],
    ['  FHIR over in the process', digits(http.fhirMicros / http.inProcessMicros), '', '', ''],
  )
  console.log(table.toString())
}

if (values.part) {
  const part = PARTS[values.part as Part]
  console.log(JSON.stringify(await part(values.directory!, Number(values.checksum))))
} else {
  const directory = mkdtempSync(join(tmpdir(), 'zhijie-codes-bench-'))
  mkdirSync(join(directory, 'codes'))
  try {
    const result = report(directory)
    print(result)
    if (values.json) console.log(JSON.stringify(result))
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}
