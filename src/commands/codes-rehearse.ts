/** `npm run codes -- rehearse`: what a coming edition would change in the last messages of the journal. Read-only. */
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { argumentFault } from '../argument-fault.ts'
import { inForceOn } from '../codes/calendar.ts'
import { type Codes, composeCodes } from '../codes/codes.ts'
import type { ShelfBook, ShelfEdition } from '../codes/editions/catalogue.ts'
import { shelfDirectory } from '../codes/editions/catalogue.ts'
import { type EditionName, openEditions } from '../codes/editions/editions.ts'
import { editionOn, STATE_NAMES, StepRefused } from '../codes/editions/lifecycle.ts'
import { mapOptions, tableOptions } from '../codes/import/options.ts'
import { importSentences, targetsSentence } from '../codes/import/report-text.ts'
import { type Ran, runMap, runTable } from '../codes/import/run.ts'
import { loadImported, loadShipped, publishedIn } from '../codes/load.ts'
import { FileRefused } from '../codes/read/row.ts'
import { type Config, readConfig } from '../config.ts'
import type { Day } from '../domain/day.ts'
import { loadRegistry, type Registry } from '../extension/registry.ts'
import { keyFor } from '../journal/key-for.ts'
import { journalFolder } from '../journal/open-disk.ts'
import { nodeFiles } from '../journal/segment/files.ts'
import { createSeal, type Seal } from '../journal/segment/seal.ts'
import { messageReader } from '../journal/segment/sent-messages.ts'
import { createSpeaks, type Speaks } from '../pipeline/spoken.ts'
import { systemClock, systemRandom } from '../ports.ts'
import { type Rehearsal, rehearse } from '../reports/rehearsal/rehearse.ts'
import { rehearsalCsv, rehearsalText } from '../reports/rehearsal/text.ts'
import { readUses, type Uses } from '../reports/rehearsal/uses.ts'
import { databaseFile, openDatabaseForReading } from '../store/database.ts'
import { partsIn } from '../workers/layout.ts'
import { noJournal } from './codes-mapping-quality.ts'
import { progressBar } from './verify.ts'

const USAGE = `用法：
  codes rehearse --standard diagnosis [--system beijing-7.0] --edition 2.1 [--claims 10000] [--json|--csv]
  codes rehearse 文件 --standard diagnosis --edition 2.1 --effective 2026-01-01 …（文件按codes import读取，不写入；对照表另可加--target-edition、--unpublished）`

const CLAIMS_DEFAULT = 10_000

const OPTIONS = {
  standard: { type: 'string' },
  system: { type: 'string' },
  edition: { type: 'string' },
  effective: { type: 'string' },
  claims: { type: 'string' },
  sheet: { type: 'string' },
  encoding: { type: 'string' },
  'code-column': { type: 'string' },
  'name-column': { type: 'string' },
  'target-column': { type: 'string' },
  'target-edition': { type: 'string' },
  unpublished: { type: 'boolean', default: false },
  'skip-rejected': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  csv: { type: 'boolean', default: false },
} as const

type Question = ReturnType<typeof questionOf>

/** Runs the rehearsal. @returns 0 done, 1 the file has refused rows, 2 invalid arguments */
export async function rehearseCommand(args: readonly string[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'zhijie-rehearsal-'))
  try {
    const question = questionOf(args)
    const config = readConfig(process.env)
    const registry = await loadRegistry()
    const beside = question.file ? await importBeside(question, config, registry, folder) : null
    if (question.file && beside === null) return 1
    const shelfOf = beside ? folder : config.dataDir
    const edition = editionOn(openEditions(shelfOf), question.of)
    const uses = usesOf(config, registry, question.claims)
    const both = engines(config, registry, shelfOf, question.of)
    const found = rehearse(uses.uses, both, edition.from)
    const targets = beside?.report.targets ?? targetsUsed(both.coming, question.of, edition.from)
    tell(question, edition, uses, found, registry, targets)
    return 0
  } catch (error) {
    const isAsked = error instanceof StepRefused || error instanceof FileRefused
    const sentence = isAsked ? error.message : noJournal(error)
    if (sentence === null) throw error
    console.error(sentence)
    return 2
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function questionOf(args: readonly string[]) {
  const { values, positionals } = parsed(args)
  const { standard, system = null, edition: version, claims, json, csv } = values
  if (!standard || !version || positionals.length > 1) throw new StepRefused(USAGE)
  const count = claims === undefined ? CLAIMS_DEFAULT : Number(claims)
  if (!Number.isInteger(count) || count < 1) throw new StepRefused('--claims须为正整数')
  const of: EditionName = { system, standard, version }
  return { of, file: positionals[0] ?? null, claims: count, json, csv, importing: importing(values) }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true, strict: true })
  } catch (error) {
    throw new StepRefused(`${argumentFault(error)}\n${USAGE}`, { cause: error })
  }
}

/** Arguments for the importer. */
function importing(values: ReturnType<typeof parsed>['values']): string[] {
  const { claims: _, json: _json, csv: _csv, ...rest } = values
  return Object.entries(rest).flatMap(([name, value]) => {
    if (typeof value === 'string') return [`--${name}`, value]
    return value ? [`--${name}`] : []
  })
}

/** Imports the file into a copy of the imported editions. @returns null if rows are refused */
async function importBeside(
  { of, file, importing: options }: Question,
  { dataDir }: Config,
  { codebooks }: Registry,
  folder: string,
): Promise<Ran | null> {
  const shelf = shelfDirectory(dataDir)
  if (existsSync(shelf)) cpSync(shelf, shelfDirectory(folder), { recursive: true })
  const bar = progressBar('已读取{value}/{total}字节')
  const surroundings = { shelf: openEditions(folder), progress: bar.update }
  const asking = { codebooks, person: 'rehearsal' }
  let ran: Ran
  try {
    ran =
      of.system === null
        ? await runTable(tableOptions([file!, ...options], asking), surroundings)
        : await runMap(mapOptions([file!, ...options], asking), surroundings)
  } finally {
    bar.stop()
  }
  if (ran.outcome.written) return ran
  const { out, err } = importSentences(ran.report, ran.outcome)
  for (const line of [...err, ...out]) console.error(line)
  return null
}

/** The engine with and without the edition. */
function engines({ dataDir }: Config, registry: Registry, shelfOf: string, of: EditionName) {
  const shipped = loadShipped(registry)
  const isBook = (book: ShelfBook) => book.system === of.system && book.standard === of.standard
  const withIt = (book: ShelfBook) => {
    const place = book.editions.findIndex(({ version }) => version === of.version)
    const live = publishedIn(book)
    return isBook(book) && !live.includes(place) ? [...live, place].sort((a, b) => a - b) : live
  }
  // A published edition is compared with the state without it.
  const without = (book: ShelfBook) =>
    publishedIn(book).filter((place) => !isBook(book) || book.editions[place]!.version !== of.version)
  return {
    current: composeCodes(shipped, loadImported(dataDir, undefined, without)),
    coming: composeCodes(shipped, loadImported(shelfOf, undefined, withIt)),
  }
}

function usesOf(config: Config, { dialects }: Registry, claims: number): Uses {
  const speaks = createSpeaks(dialects, {}, { clock: systemClock, random: systemRandom })
  const parts = partsIn(config.dataDir, config.archiveDir)
  const seal = createSeal(keyFor(config))
  // An equal share of each worker's last messages; their numbers are made unique.
  const found = parts.map(({ dataDir }, index) => {
    const { uses, ...counts } = usesIn(dataDir, seal, speaks, Math.ceil(claims / parts.length))
    const apart = (exchange: number) => exchange * parts.length + index
    return { ...counts, uses: uses.map((use) => ({ ...use, exchange: apart(use.exchange) })) }
  })
  return {
    messages: found.reduce((sum, { messages }) => sum + messages, 0),
    unread: found.reduce((sum, { unread }) => sum + unread, 0),
    uses: found.flatMap(({ uses }) => uses),
  }
}

function usesIn(dataDir: string, seal: Seal, speaks: Speaks, claims: number): Uses {
  const database = openDatabaseForReading(databaseFile(dataDir))
  const files = nodeFiles(journalFolder(dataDir))
  const bar = progressBar('已读取{value}/{total}份报文')
  try {
    return readUses({ database, ...speaks, read: messageReader(database, files, seal) }, claims, bar.update)
  } finally {
    bar.stop()
    files.close()
    database.$client.close()
  }
}

type Targets = Ran['report']['targets']

/**
 * Edition of the national table against which the targets of an imported map are checked: the one published on the
 * day.
 */
function targetsUsed(coming: Codes, { system, standard }: EditionName, day: Day): Targets {
  const table = system === null ? undefined : coming.table(standard)
  const edition = table && inForceOn(table, day)
  if (!edition) return undefined
  const { version, from } = edition
  return { standard: coming.book(standard)!.titleZh, version, from, state: 'published' }
}

function tell(
  { of, json, csv }: Question,
  edition: ShelfEdition,
  uses: Uses,
  found: Rehearsal,
  { codebooks }: Registry,
  targets: Targets,
): void {
  const { messages, unread } = uses
  const { version, from, state } = edition
  if (json)
    console.log(
      JSON.stringify({ ...of, from, state, ...(targets && { targets }), messages, unread, ...found }),
    )
  else if (csv) console.log(rehearsalCsv(found.differences).trimEnd())
  else {
    const map = of.system ? `${of.system}到` : ''
    const lost = unread > 0 ? `，其中${unread}份无法打开` : ''
    const title = codebooks.find(({ id }) => id === of.standard)?.titleZh ?? of.standard
    const judged = targets ? `；${targetsSentence(targets)}` : ''
    const head = `预演 ${map}${title}${version}版（${from}起，${STATE_NAMES[state]}）：最近${messages}份报文${lost}${judged}`
    console.log(rehearsalText(head, found))
  }
}
