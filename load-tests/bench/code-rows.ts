/**
 * The code tables of the gateway under test: two million consumables, and the local codes of the bench's hospital, taken
 * in through the command line as an operator would. Made once a run; every gateway gets links to the same files.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, createWriteStream, linkSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { codeOf, rowOf } from '../codes/rows.ts'
import { HOSPITAL, LOCAL_ITEMS, localCode } from './claims.ts'
import { makeDirectory, type Running, removeDirectory } from './processes.ts'
import type { Progress } from './progress.ts'

/** Rows of the table that the issue asks for. */
export const ROWS = 2_000_000

/** Tables that gateways can be given. */
export interface Tables {
  readonly rows: number
  /** Puts them into the data directory of a gateway that is not running yet. */
  give(dataDir: string): void
  /** @throws if a gateway does not know them */
  check(gateway: Running): Promise<void>
  remove(): void
}

const ZHIJIE = fileURLToPath(new URL('../../src/zhijie.mjs', import.meta.url))
const PEOPLE = ['--by', '甲', '--publish', '--checked-by', '乙', '--source', 'Invented for a measurement']
const EDITION = ['--standard', 'consumable', '--edition', 'bench', '--effective', '2021-01-01']
const PIECE_ROWS = 20_000
const STEPS = 3

/** Makes them. */
export async function makeTables(rows: number, progress: Progress): Promise<Tables> {
  const directory = makeDirectory()
  const bar = progress.begin(`code tables, ${rows} rows`, STEPS)
  const table = join(directory, 'table.csv')
  const map = join(directory, 'map.csv')
  const step = Math.max(1, Math.floor(rows / LOCAL_ITEMS))
  bar.step('writing the rows')
  await pipeline(Readable.from(pieces(rows)), createWriteStream(table))
  const local = Array.from(
    { length: LOCAL_ITEMS },
    (_, index) => `${localCode(index)},${codeOf((index * step) % rows)}`,
  )
  writeFileSync(map, `source_code,target_code\n${local.join('\n')}\n`)
  bar.step('importing the table')
  await codes(directory, ['import', table, ...EDITION, ...PEOPLE])
  bar.step('importing the map')
  await codes(directory, ['import-map', map, '--system', HOSPITAL.code, ...EDITION, ...PEOPLE])
  bar.end()
  return {
    rows,
    give: (dataDir) => share(join(directory, 'codes'), join(dataDir, 'codes')),
    check,
    remove: () => removeDirectory(directory),
  }
}

function* pieces(rows: number): Generator<string> {
  yield '医保耗材代码,耗材名称\n'
  for (let from = 0; from < rows; from += PIECE_ROWS) {
    const length = Math.min(PIECE_ROWS, rows - from)
    const lines = Array.from({ length }, (_, index) => {
      const { code, name } = rowOf(from + index)
      return `${code},${name}\n`
    })
    yield lines.join('')
  }
}

async function codes(dataDir: string, args: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, [ZHIJIE, 'codes', ...args], {
    env: { ...process.env, ZHIJIE_DATA: dataDir },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`codes ${args[0]} ended with code ${code}`)
}

/** Packed files are never changed and the catalogue is replaced as a whole, so gateways may share them. */
function share(from: string, to: string): void {
  mkdirSync(to)
  for (const name of readdirSync(from)) {
    const [file, copy] = [join(from, name), join(to, name)]
    try {
      linkSync(file, copy)
    } catch {
      copyFileSync(file, copy)
    }
  }
}

async function check({ url }: Running): Promise<void> {
  const answer = await fetch(`${url}/v1/codes/translate`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      standard: 'consumable',
      system: HOSPITAL.code,
      codes: [localCode(0), localCode(LOCAL_ITEMS - 1)],
      day: '2026-03-02',
    }),
  })
  const text = await answer.text()
  if ([...text.matchAll(/C\d{26}/g)].length < 2)
    throw new Error(`The gateway does not know the code tables of the bench: ${text.slice(0, 500)}`)
}
