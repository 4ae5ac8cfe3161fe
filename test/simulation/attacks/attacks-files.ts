/** Attacks on files: no room, no right to write, another key, an index that is gone, a journal that is taken away. */
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Sqlite from 'better-sqlite3'
import { databaseFile } from '../../../src/store/database.ts'
import { stretched } from '../../support/stretched.ts'
import { type Attack, meanwhile, must, served } from './attack.ts'
import { call, compare, SYSTEMS } from './caller.ts'
import type { Stage } from './stage.ts'

/** A watch that looks once a second sees it in this time. */
const SEEN_MS = 6000
const LOOK_MS = 50
/** After this nobody waits for the gateway to help itself. */
const ITSELF_MS = 10_000

/** It must not start, and must say why; then it is started as it was. */
async function refusesToStart(
  { machine, ledger }: Stage,
  name: string,
  words: RegExp,
  more: Record<string, string> = {},
): Promise<void> {
  const ended = await machine.refuses([], more)
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

/** Sums are edited and a key is taken out: its message must not be new again, which the books and its hospital tell. */
async function indexEdited(stage: Stage): Promise<void> {
  const { machine, dataDir, ledger, pool } = stage
  const row = ledger.rows.findLast(({ state, request }) => state === 'yes' && request.door === 'national')
  await machine.kill()
  const index = new Sqlite(databaseFile(dataDir))
  index.exec(
    "update outcome set fund = fund + 100, total = total + 100 where state = 'accepted' and total > 0",
  )
  if (row) index.prepare('delete from exchange where message = ?').run(row.request.key)
  index.close()
  await machine.start()
  if (!row) return
  const reply = await call(pool, row.request, SYSTEMS[0])
  if (reply) compare(ledger, row.request, row.yes!, reply, 'after its key was taken out of the index')
}

/** A copy of the directory beside the gateway that works in it. */
async function copied(stage: Stage): Promise<void> {
  const copy = `${stage.dataDir}.copy`
  cpSync(stage.dataDir, copy, { recursive: true })
  await refusesToStart(stage, 'copy started beside', /is a copy of/, { ZHIJIE_DATA: copy, ZHIJIE_PORT: '0' })
  rmSync(copy, { recursive: true, force: true })
}

/** The journal has another name, as after a slip of an operator: nothing is settled on files that nobody will read. */
async function journalTakenAway(stage: Stage): Promise<void> {
  const { machine, dataDir, ledger } = stage
  const [journal, away] = [join(dataDir, 'journal'), join(dataDir, 'journal.away')]
  renameSync(journal, away)
  const end = Date.now() + stretched(SEEN_MS)
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
    if (await served(stage, stretched(ITSELF_MS))) return
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
  { name: 'index edited', on: 'one', make: indexEdited },
  { name: 'copy started beside', on: 'one', make: copied },
  { name: 'journal taken away', on: 'one', make: journalTakenAway },
  { name: 'journal emptied', on: 'one', make: emptied },
]
