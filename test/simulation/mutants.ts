/**
 * The core, broken on purpose: each of these is one slip that would lose or double money, or say what is not so. The
 * simulation has to notice every one. `npm run torture -- --mutants` breaks a copy, never the sources themselves.
 */
import { spawn } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { JOURNAL_MUTANTS } from './mutants-journal.ts'
import { LATER_MUTANTS } from './mutants-later.ts'
import { RULE_MUTANTS } from './mutants-rules.ts'

/** One slip: `find` stands once in `file` and is replaced. */
export interface Mutant {
  readonly name: string
  readonly file: string
  readonly find: string
  readonly replace: string
}

const JOURNAL = 'src/journal/journal.ts'
const ENGINE = 'src/journal/embedded/embedded-engine.ts'
const RECORD = 'src/pipeline/record.ts'
const PLAN = 'src/pipeline/recovery/plan.ts'
const STEPS = 'src/pipeline/recovery/steps.ts'
const SEARCH = 'src/pipeline/recovery/search.ts'
const CASE = 'src/pipeline/recovery/case.ts'
const REPLY = 'adapters/000000-national/reply.ts'

/** All slips. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: 'send before the intent is durable',
    file: ENGINE,
    find: 'else await commits.write(found ? { outcome: againOf(found) } : { exchange })',
    replace: 'else commits.write(found ? { outcome: againOf(found) } : { exchange }).catch(() => {})',
  },
  {
    name: 'answer before the outcome is durable',
    file: RECORD,
    find: 'await request.stopwatch.commit(recordOutcome(',
    replace: 'void request.stopwatch.commit(recordOutcome(',
  },
  {
    name: 'look for no key',
    file: ENGINE,
    find: 'const found = standing(intent, name)',
    replace: 'const found = null as StoredExchange | null',
  },
  {
    name: 'forget which keys are in flight',
    file: 'src/journal/embedded/flights.ts',
    find: 'for (const name of names) flights.set(name, flight)',
    replace: 'void flight',
  },
  {
    name: 'compare no bodies',
    file: JOURNAL,
    find: 'if (!isSame(claimed.known)) throw keyConflict()',
    replace: '',
  },
  {
    name: 'send money again when no answer came',
    file: PLAN,
    find: "if (evidence?.resend) return 'resend'",
    replace: "if (evidence) return 'resend'",
  },
  {
    name: 'take no answer for a no',
    file: 'src/pipeline/dispatch.ts',
    find: "event: 'no-answer', reason: unclear",
    replace: "event: 'no', reason: unclear",
  },
  {
    name: 'take an unreadable answer for a no',
    file: REPLY,
    find: "throw new RangeError('answer is not a JSON object')",
    replace: "return { infcode: -1, err_msg: 'E101 未备案' }",
  },
  {
    name: 'take the silence behind the national platform for a no',
    file: REPLY,
    find: "return { verdict: 'unclear', reason, text }",
    replace: "return { verdict: 'no', reason, text, final: true }",
  },
  {
    name: 'take a time-out that calls itself a no for a business no',
    file: 'adapters/000000-national/refusals.ts',
    find: 'if (final) return',
    replace: 'if (final || text) return',
  },
  {
    name: 'believe the answer to another message',
    file: REPLY,
    find: 'if (foreign) throw',
    replace: 'if (foreign === "") throw',
  },
  {
    name: 'believe amounts that do not add up',
    file: REPLY,
    find: 'if (settlement && settlementFault(settlement)) throw',
    replace: 'if (settlement && settlementFault(settlement) === "") throw',
  },
  {
    name: 'repeat the identity numbers that platforms tell',
    file: REPLY,
    find: "withoutIdentity(sentence.replace(REASON, ''))",
    replace: "sentence.replace(REASON, '')",
  },
  {
    name: 'take any settlement of the visit for the one sought',
    file: 'adapters/000000-national/evidence.ts',
    find: " || textOf(setlinfo, 'medins_setl_id') !== message.id",
    replace: '',
  },
  {
    name: 'leave open what a former run left open',
    file: 'src/journal/left-open.ts',
    find: "return state === 'open'",
    replace: "return state === 'reversed'",
  },
  {
    name: 'let two settlements of a visit run at once',
    file: 'src/journal/embedded/busy-encounters.ts',
    find: 'heeded.find(({ name }) => holders.has(name))',
    replace: "heeded.find(({ name, by }) => by !== 'visit' && holders.has(name))",
  },
  {
    name: 'never let go of a visit',
    file: ENGINE,
    find: "if (isFinal(state) || state === 'unsent') release(exchange)",
    replace: '',
  },
  {
    name: 'go on after a commit failed',
    file: 'src/journal/embedded/group-commit.ts',
    find: 'for (const waiting of batch) waiting.reject(failure)',
    replace: 'for (const waiting of batch) waiting.resolve()',
  },
  {
    name: 'reverse after one query',
    file: PLAN,
    find: 'const TRIES_BEFORE_REVERSAL = 3',
    replace: 'const TRIES_BEFORE_REVERSAL = 1',
  },
  {
    name: 'reverse before it is durable that it will be',
    file: STEPS,
    find: "const undoing = await record(context, known.state, 'undo-sent', {",
    replace: "const undoing: State = 'undoing'; void record(context, known.state, 'undo-sent', {",
  },
  {
    name: 'call it undone without a reversal',
    file: STEPS,
    find: 'if (!evidence?.undo) return {',
    replace: 'if (evidence) return {',
  },
  {
    name: 'go back to asking after a reversal has left',
    file: PLAN,
    find: "if (known.state === 'undoing') return",
    replace: "if (known.state === 'undoing' && answered) return",
  },
  {
    name: 'forget the message that a hospital has reversed',
    file: RECORD,
    find: "if (event === 'yes') await recordUndone(services, request.message)",
    replace: '',
  },
  {
    name: 'forget the message that a reversal found by recovery has undone',
    file: STEPS,
    find: 'await recordUndone(ports, message)',
    replace: '',
  },
  {
    name: 'take evidence whose amounts do not add up',
    file: STEPS,
    find: "return settlement && settlementFault(settlement) ? 'unusable' : settlement",
    replace: 'return settlement',
  },
  {
    name: 'write over a state that someone else has changed',
    file: ENGINE,
    find: 'if (present !== undefined && present !== from) return present',
    replace: 'if (present !== undefined && from === undefined) return present',
  },
  {
    name: 'forget what has become unknown',
    file: RECORD,
    find: "if (state === 'unknown') services.trackUnknown(exchange.id)",
    replace: '',
  },
  {
    name: 'answer a known message with words of the moment',
    file: 'src/pipeline/replay.ts',
    find: 'if (known.reply) {',
    replace: 'if (known.reply && known.problem) {',
  },
  {
    name: 'record the amounts in each other’s place',
    file: 'src/pipeline/outcome.ts',
    find: 'fund, personShare: person',
    replace: 'fund: person, personShare: fund',
  },
  {
    name: 'let two workers hold the same case',
    file: 'src/journal/embedded/leases.ts',
    find: 'if (standing(exchange)) return null',
    replace: '',
  },
  {
    name: 'go on while recovery is paused',
    file: CASE,
    find: 'if (isPaused()) throw new RecoveryPaused()',
    replace: '',
  },
  {
    name: 'count a search that was not answered',
    file: SEARCH,
    find: "if (answer.event !== 'yes') return 'unclear'",
    replace: "if (answer.event !== 'yes') continue",
  },
  {
    name: 'count searches that are not durable',
    file: STEPS,
    find: "return record(context, known.state, 'not-found', outcome)",
    replace:
      "const counted = context as { searches?: number }; counted.searches = (counted.searches ?? 0) + 1; return counted.searches < 3 ? ask(context) : record(context, known.state, 'not-found', { ...outcome, searches: 3 })",
  },
  {
    name: 'never count a search',
    file: PLAN,
    find: 'const count = searches + 1',
    replace: 'const count = 1',
  },
  {
    name: 'call it undone without looking once more',
    file: STEPS,
    find: 'return { state: await verify({ ...context, known: standing }), answered: true }',
    replace: 'return { state: await reversed(context, undoing), answered: true }',
  },
  {
    name: 'take an unknown outcome for a final one',
    file: 'src/journal/exchange-state.ts',
    find: "return state === 'accepted' ||",
    replace: "return state === 'unknown' || state === 'accepted' ||",
  },
  ...RULE_MUTANTS,
  ...JOURNAL_MUTANTS,
  ...LATER_MUTANTS,
]

const ROOT = join(import.meta.dirname, '../..')
const COPIED = ['src', 'adapters', 'codebooks', 'test/simulation', 'test/journal', 'package.json']

/** The broken source. @throws where the text to break does not stand there exactly once */
export function broken({ name, file, find, replace }: Mutant, root = ROOT): string {
  const parts = readFileSync(join(root, file), 'utf8').split(find)
  if (parts.length !== 2)
    throw new Error(`Mutant "${name}": its text stands ${parts.length - 1} times in ${file}`)
  return parts.join(replace)
}

/** Runs the simulation over one slip after another. @returns the names of those that it did not notice */
export async function survivors(
  mutants: readonly Mutant[],
  seeds: number,
  told: (mutant: Mutant, caught: boolean, by: string) => void = () => {},
): Promise<string[]> {
  const root = mkdtempSync(join(tmpdir(), 'zhijie-mutants-'))
  const left: string[] = []
  try {
    for (const folder of COPIED) cpSync(join(ROOT, folder), join(root, folder), { recursive: true })
    symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'))
    for (const mutant of mutants) {
      const file = join(root, mutant.file)
      const sound = readFileSync(file, 'utf8')
      writeFileSync(file, broken(mutant, root))
      const { code, errors } = await simulated(root, seeds)
      writeFileSync(file, sound)
      if (code !== 1) left.push(mutant.name)
      told(
        mutant,
        code === 1,
        code === 1 ? (errors.split('\n').find((line) => line.startsWith('seed')) ?? errors) : '',
      )
    }
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
  return left
}

function simulated(root: string, seeds: number): Promise<{ code: number | null; errors: string }> {
  const args = ['test/simulation/torture.ts', '--seeds', String(seeds), '--first', '--json']
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'pipe'] })
  let errors = ''
  child.stderr.on('data', (bytes) => {
    errors += bytes
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, errors })))
}
