/**
 * An import that kills its own process, for tests: `node killed-import.ts MOMENT command …`. `MOMENT` is the number of
 * the call that reads the file or changes the disk: it is made, and then the process dies. `0` lets it live; how many
 * calls there were is then the last line on standard error.
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const [moment = '', ...args] = process.argv.slice(2)
const CALLS = [
  'read',
  'openSync',
  'writeSync',
  'fsyncSync',
  'closeSync',
  'renameSync',
  'mkdirSync',
  'rmSync',
] as const
/** A handle, or a path of the data directory: what else is opened belongs to Node. */
const counts = (file: unknown) => typeof file === 'number' || `${file}`.includes(`${process.env.ZHIJIE_DATA}`)
let calls = 0

/** Dies as a kill from outside does: nothing is tidied up. */
function die(): never {
  process.kill(process.pid, 'SIGKILL')
  throw new Error('Not reached')
}

for (const name of CALLS) {
  const original = fs[name] as (...given: unknown[]) => unknown
  const counted = (...given: unknown[]) => {
    const answer = original(...given)
    if (counts(given[0])) {
      calls += 1
      if (String(calls) === moment) die()
    }
    return answer
  }
  Object.assign(fs, { [name]: counted })
}
syncBuiltinESMExports()

const { codes } = await import('../../src/commands/codes.ts')
process.exitCode = await codes(args)
console.error(calls)
