/** `npm run verify -- DATA_DIR [--json]`: whether the journal is what was written. */
import { statSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { SingleBar } from 'cli-progress'
import { type Finding, type Progress, type Verification, verifyJournal } from '../journal/verify.ts'
import { databaseFile } from '../store/database.ts'
import { isTaken } from '../store/single.ts'

const USAGE = 'Usage: npm run verify -- DATA_DIR [--json]   (or a backup file in the place of DATA_DIR)'
const BAR_AFTER_MS = 2000

/**
 * Re-checks a data directory or a backup file.
 *
 * @returns the exit code: 0 whole, 1 something is wrong or nothing could be read, 2 not asked in a way it understands
 */
export async function verify(args: readonly string[]): Promise<number> {
  const asked = questionOf(args)
  if (!asked) {
    console.error(USAGE)
    return 2
  }
  const isFile = statSync(asked.path, { throwIfNoEntry: false })?.isFile() ?? false
  const file = isFile ? asked.path : databaseFile(asked.path)
  const running = !isFile && isTaken(asked.path)
  const bar = progressBar()
  let found: Verification
  try {
    found = verifyJournal(file, bar.update)
  } catch (cause) {
    bar.stop()
    const error = (cause as Error).message
    if (asked.json) console.log(JSON.stringify({ ok: false, file, running, error }))
    else console.error(`${error}. Nothing could be verified`)
    return 1
  }
  bar.stop()
  const ok = found.first === null
  if (asked.json) console.log(JSON.stringify({ ok, running, ...found }))
  else for (const line of sentences(found, running)) (ok ? console.log : console.error)(line)
  return ok ? 0 : 1
}

function questionOf(args: readonly string[]): { path: string; json: boolean } | null {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { json: { type: 'boolean', default: false } },
      allowPositionals: true,
    })
    const [path, ...rest] = positionals
    return path && rest.length === 0 ? { path, json: values.json } : null
  } catch {
    return null
  }
}

/**
 * What a re-check found, in words.
 *
 * @param running whether a gateway works in the directory
 */
export function sentences(found: Verification, running: boolean): string[] {
  const { exchanges, outcomes, records, links, notLinked, withoutChecksum, seconds, first, more } = found
  const verdict = first
    ? [`The journal ${found.file} is not whole: ${nameOf(first)} ${first.wrong}`]
    : [`The journal ${found.file} is whole`]
  if (more > 0) verdict.push(`${more} more ${more === 1 ? 'fault' : 'faults'} besides the first`)
  const told = [
    ...verdict,
    `${records} records (${exchanges} exchanges, ${outcomes} outcomes), ${links} ${links === 1 ? 'link' : 'links'}, ${seconds.toFixed(1)} seconds`,
  ]
  if (notLinked > 0) {
    const why = running ? 'a gateway is at work, and ' : ''
    told.push(`${notLinked} records not linked yet: ${why}the chain does not cover them`)
  } else if (running) {
    told.push('A gateway is at work: what it has written since the start of this check is not covered')
  }
  if (withoutChecksum > 0) told.push(`${withoutChecksum} records are older than the checksums and have none`)
  return told
}

function nameOf({ table, id }: Finding): string {
  if (table === null) return 'the file:'
  return table === 'chain' ? `chain link ${id}:` : `${table} ${id}`
}

/** A bar on the terminal for what takes longer than two seconds. */
export function progressBar(): { readonly update: Progress; stop(): void } {
  const format = '{bar} {percentage} %  {value} / {total}'
  const bar = new SingleBar({ stream: process.stderr, clearOnComplete: true, format })
  const started = performance.now()
  let shown = false
  return {
    update(value, total) {
      if (!process.stderr.isTTY) return
      if (!shown && performance.now() - started > BAR_AFTER_MS && value < total) {
        bar.start(total, value)
        shown = true
      } else if (shown) {
        bar.update(value)
        // The check runs in one go, so no timer of the bar gets its turn.
        bar.render()
      }
    },
    stop: () => bar.stop(),
  }
}
