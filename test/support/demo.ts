/** `npm run demo`, run as a person would. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)
/** It only ends what hangs, before its test is given up. */
const LIMIT_MS = 870_000

/** Runs it on a data directory. @returns what it prints */
export async function demo(dataDir: string, ...options: string[]): Promise<string> {
  const { stdout } = await run('npm', ['run', '--silent', 'demo', '--', ...options], {
    env: { ...process.env, ZHIJIE_DATA: dataDir, ZHIJIE_PORT: '0' },
    timeout: LIMIT_MS,
  })
  return stdout
}

/** The same, ended by one JSON line. @returns what that says */
export async function demoSummary(dataDir: string, ...options: string[]) {
  const stdout = await demo(dataDir, '--json', ...options)
  return JSON.parse(stdout.trimEnd().split('\n').at(-1)!)
}

/** What the summary of a day says in which nothing went wrong. */
export const AGREED = { unknown: 0, lost: 0, doubled: 0, fenDifference: 0, answeredOtherwise: 0 }
