/** `npm run verify -- DATA_DIR [--json]`: checks that the journal is what was written. */
import { parseArgs } from 'node:util'
import { SingleBar } from 'cli-progress'
import { type Config, readConfig } from '../config.ts'
import { keyCheckAt } from '../journal/key-for.ts'
import { KEY_ADVICE, shortCheck } from '../journal/segment/key-check.ts'
import { keyPlace } from '../journal/segment/seal.ts'
import { type Progress, type Verification, verifyJournal } from '../journal/verify/verify.ts'
import type { Finding } from '../journal/verify/verify-walk.ts'
import { isTaken } from '../store/data-dir-lock.ts'
import { partsIn } from '../workers/layout.ts'

const USAGE =
  'Usage: npm run verify -- DATA_DIR [--json]   (or the directory of a backup or of an archive in its place)'
const BAR_AFTER_MS = 2000

/**
 * Re-checks a data directory, a backup or an archive.
 *
 * @returns the exit code: 0 intact, 1 something is wrong or nothing could be read, 2 invalid arguments
 */
export async function verify(args: readonly string[]): Promise<number> {
  const asked = questionOf(args)
  if (!asked) {
    console.error(USAGE)
    return 2
  }
  const directory = asked.path
  const config = readConfig({ ...process.env, ZHIJIE_DATA: directory })
  const running = isTaken(directory)
  let found: Verification[]
  let key: ComparedKey
  try {
    found = await verifyParts(directory, config.archiveDir, running)
    key = compareKey(config, found)
  } catch (cause) {
    const error = (cause as Error).message
    if (asked.json) console.log(JSON.stringify({ ok: false, directory, running, error }))
    else console.error(`${error}. Nothing could be verified`)
    return 1
  }
  const ok = key.is !== 'other' && found.every(({ first }) => first === null)
  if (asked.json)
    console.log(JSON.stringify({ ok, running, key, ...(found.length === 1 ? found[0] : { workers: found }) }))
  else {
    for (const one of found) tell(one, running)
    ;(key.is === 'other' ? console.error : console.log)(key.text)
  }
  return ok ? 0 : 1
}

/** Comparison of the configured key with the one a journal was written with. */
export interface ComparedKey {
  /** `none`: no key is configured; `unnamed`: the journal does not identify its key. */
  readonly is: 'same' | 'other' | 'none' | 'unnamed'
  /** Text with the location of the key, never the key itself. */
  readonly text: string
}

/**
 * Compares the configured key with a verification result.
 *
 * @throws if the key file is invalid
 */
export function compareKey(config: Config, found: readonly Pick<Verification, 'keyChecks'>[]): ComparedKey {
  const place = keyPlace(config)
  const own = keyCheckAt(config)
  const checks = [...new Set(found.flatMap(({ keyChecks }) => keyChecks))].filter((check) => check !== null)
  const named = checks.map(shortCheck).join(', ')
  if (checks.length === 0) {
    const text =
      'The journal is of a form that does not name its key: whether the key fits shows at the start'
    return { is: 'unnamed', text }
  }
  if (own === null) {
    const text = `The journal was written with the key of check ${named}; there is no key in ${place} to compare`
    return { is: 'none', text }
  }
  if (checks.every((check) => check === own)) {
    return { is: 'same', text: `The key in ${place} (check ${shortCheck(own)}) is the key of the journal` }
  }
  const text = `The key in ${place} (check ${shortCheck(own)}) is NOT the key of the journal (check ${named}). ${KEY_ADVICE}`
  return { is: 'other', text }
}

/** Verifies the only journal of a directory, or those of all its workers. */
async function verifyParts(directory: string, archive: string, running: boolean): Promise<Verification[]> {
  const found: Verification[] = []
  for (const { dataDir, archiveDir } of partsIn(directory, archive)) {
    const bar = progressBar()
    const part = { directory: dataDir, archive: archiveDir, running }
    found.push(await verifyJournal(part, bar.update).finally(bar.stop))
  }
  return found
}

function tell(found: Verification, running: boolean): void {
  for (const line of sentences(found, running)) (found.first ? console.error : console.log)(line)
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
 * Describes the result of a verification.
 *
 * @param running whether a gateway is using the directory
 */
export function sentences(found: Verification, running: boolean): string[] {
  const { exchanges, outcomes, links, records, segments, archivedSegments, notHere, seconds } = found
  const { directory, first, more, notLinked, torn, withoutIndex } = found
  const told = [
    `The journal in ${directory} is ${first ? `not whole: ${nameOf(first)} ${first.wrong}` : 'whole'}`,
  ]
  if (more > 0) told.push(`${more} more ${more === 1 ? 'fault' : 'faults'} besides the first`)
  told.push(
    `${records} records (${exchanges} exchanges, ${outcomes} outcomes, ${links} links) in ${count(segments, 'segment')}, ${archivedSegments} of them archived, ${seconds.toFixed(1)} seconds`,
  )
  if (notHere > 0) {
    told.push(
      `${count(notHere, 'archived segment')} not here: the chain was checked from where the archive ends`,
    )
  }
  if (notLinked > 0) told.push(`${count(notLinked, 'record')} not linked yet: the chain does not cover them`)
  if (running)
    told.push('A gateway is at work: what it wrote since its last link is not covered by this check')
  if (withoutIndex) told.push('There is no index: the next start makes it anew from the segments')
  if (torn) {
    told.push(
      `At the end, ${torn.file} byte ${torn.offset}, a batch was torn by a power cut; no answer rests on it, and the next start clears it away`,
    )
  }
  return told
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

function nameOf({ what, file, offset }: Finding): string {
  if (file === null) return what
  return `${what} (${file}${offset === null ? '' : `, byte ${offset}`})`
}

/**
 * A progress bar for a verification that takes longer than two seconds.
 *
 * @param counted unit of the progress, in the language of the command
 */
export function progressBar(counted = '{value} / {total} segments'): {
  readonly update: Progress
  stop(): void
} {
  const format = `{bar} {percentage} %  ${counted}`
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
        // A segment is verified synchronously, so the bar's timer does not fire.
        bar.render()
      }
    },
    stop: () => bar.stop(),
  }
}
