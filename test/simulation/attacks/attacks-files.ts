/** Attacks on files: no room, no right to write, another key, an index that is gone, a journal that is taken away. */
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { databaseFile } from '../../../src/store/database.ts'
import { type Attack, meanwhile, must, served } from './attack.ts'
import type { Stage } from './stage.ts'

/** A watch that looks once a second sees it in this time, also on a busy machine. */
const SEEN_MS = 6000
const LOOK_MS = 50

/** It must not start, and must say why; then it is started as it was. */
async function refusesToStart(
  { machine, ledger }: Stage,
  name: string,
  words: RegExp,
  under: readonly string[] = [],
): Promise<void> {
  const ended = await machine.refuses(under)
  if (!ended) return ledger.fault(`${name}: the gateway started`)
  if (!ended.code) ledger.fault(`${name}: it ended with ${ended.code}`)
  if (!words.test(ended.said)) ledger.fault(`${name}: it does not say why: ${ended.said.trim() || 'nothing'}`)
}

async function diskFull(stage: Stage): Promise<void> {
  const { machine } = stage
  machine.limitFiles(true)
  await meanwhile(stage, 400, 1500)
  if (machine.isUp) machine.limitFiles(false)
}

async function diskFullAtTheStart(stage: Stage): Promise<void> {
  await stage.machine.kill()
  // One that gets ready all the same answers questions; what it may not is settle, and that the books tell.
  const ended = await stage.machine.refuses(['prlimit', '--fsize=0:0'])
  if (ended && !ended.code) stage.ledger.fault(`disk full at the start: it ended with ${ended.code}`)
  await stage.machine.start()
}

/** Takes the right to write in the data directory and its journal, files and all, or gives it back. */
function allow({ dataDir }: Stage, writing: boolean): void {
  for (const directory of [dataDir, join(dataDir, 'journal')]) {
    const files = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isFile())
    for (const { name } of files) chmodSync(join(directory, name), writing ? 0o600 : 0o400)
    chmodSync(directory, writing ? 0o700 : 0o500)
  }
}

/** What it has open it may go on to write; what it has to make it cannot. */
async function readOnly(stage: Stage): Promise<void> {
  allow(stage, false)
  await meanwhile(stage, 800, 2500)
  allow(stage, true)
}

async function readOnlyAtTheStart(stage: Stage): Promise<void> {
  await stage.machine.kill()
  allow(stage, false)
  await refusesToStart(stage, 'read-only at the start', /permission|read-?only|EACCES|cannot be written/i)
  allow(stage, true)
  await stage.machine.start()
}

async function anotherKey(stage: Stage): Promise<void> {
  const { machine, dataDir } = stage
  const [key, kept] = [join(dataDir, 'key'), join(dataDir, 'key.kept')]
  await machine.kill()
  renameSync(key, kept)
  writeFileSync(key, randomBytes(32).toString('hex'), { mode: 0o600 })
  await refusesToStart(stage, 'another key', /is not the key of this journal/)
  rmSync(key)
  await refusesToStart(stage, 'no key', /key/i)
  must(stage, 'no key', !existsSync(key), 'a key was made where a journal is')
  renameSync(kept, key)
  await machine.start()
}

async function withoutIndex({ machine, dataDir }: Stage): Promise<void> {
  await machine.kill()
  for (const end of ['', '-wal', '-shm']) rmSync(databaseFile(dataDir) + end, { force: true })
  await machine.start()
}

/** The journal has another name, as after a slip of an operator: nothing is settled on files that nobody will read. */
async function journalTakenAway(stage: Stage): Promise<void> {
  const { machine, dataDir, ledger } = stage
  const [journal, away] = [join(dataDir, 'journal'), join(dataDir, 'journal.away')]
  renameSync(journal, away)
  const end = Date.now() + SEEN_MS
  let told = ledger.told
  let since = Date.now()
  // Seen: nothing is settled any more, for as long as a settlement ever takes.
  while (Date.now() < end && Date.now() - since < 2500) {
    await pause(LOOK_MS)
    if (ledger.told === told) continue
    told = ledger.told
    since = Date.now()
  }
  must(stage, 'journal taken away', Date.now() - since >= 2500, 'the gateway went on to settle')
  await machine.kill()
  // Where a journal was, none begins.
  await refusesToStart(stage, 'journal taken away', /there was one/)
  rmSync(journal, { recursive: true, force: true })
  renameSync(away, journal)
  await machine.start()
}

async function emptied(stage: Stage): Promise<void> {
  const { machine, dataDir } = stage
  const [journal, away] = [join(dataDir, 'journal'), join(dataDir, 'journal.away')]
  await machine.kill()
  renameSync(journal, away)
  mkdirSync(journal, { mode: 0o700 })
  await refusesToStart(stage, 'journal emptied', /there was one/)
  rmSync(journal, { recursive: true })
  renameSync(away, journal)
  await machine.start()
}

/** Runs an attack; where the gateway has not served again by itself, it is started again, as its operator would. */
function withRestart(make: Attack['make']): Attack['make'] {
  return async (stage) => {
    await make(stage)
    if (await served(stage)) return
    await stage.machine.stop()
    await stage.machine.start()
  }
}

/** All of them. */
export const FILE_ATTACKS: readonly Attack[] = [
  { name: 'disk full', on: 'one', needs: ['prlimit'], make: withRestart(diskFull) },
  { name: 'disk full at the start', on: 'one', needs: ['prlimit'], make: diskFullAtTheStart },
  { name: 'read-only', on: 'one', needs: ['setpriv'], make: withRestart(readOnly) },
  { name: 'read-only at the start', on: 'one', needs: ['setpriv'], make: readOnlyAtTheStart },
  { name: 'another key, then none', on: 'one', make: anotherKey },
  { name: 'index gone', on: 'one', make: withoutIndex },
  { name: 'journal taken away', on: 'one', make: journalTakenAway },
  { name: 'journal emptied', on: 'one', make: emptied },
]
