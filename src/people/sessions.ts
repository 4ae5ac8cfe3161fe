/**
 * Sessions of people who have signed in: a small file each, so that every worker knows them and a restart ends none. The file
 * is named by a digest of the token in the cookie; who reads the directory can sign in as nobody.
 */
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Clock } from '../ports.ts'
import type { Accounts, Person } from './accounts.ts'

/** A session ends after so long without a question, and after so long in any case: one working day. [A] */
export const SESSION_LIMITS = { idleMs: 30 * 60_000, wholeMs: 10 * 3_600_000 }

/** That somebody is there is noted no more often than this. */
const NOTE_MS = 60_000

const sessionFile = z.object({ name: z.string(), changed: z.int(), since: z.int(), seen: z.int() })
type SessionNote = z.infer<typeof sessionFile>

/** The sessions of one data directory. */
export interface Sessions {
  /** Begins one. @returns the token for the cookie */
  begin(name: string): Promise<string>
  /** Who has this token; null where the session has ended, or the account is gone or was changed. */
  personOf(token: string | undefined): Promise<Person | null>
  end(token: string | undefined): Promise<void>
}

/** Opens them. */
export function openSessions(dataDir: string, accounts: Accounts, clock: Pick<Clock, 'now'>): Sessions {
  const folder = join(dataDir, 'people', 'sessions')
  const fileOf = (token: string) => join(folder, createHash('sha256').update(token).digest('hex'))
  const save = (file: string, note: SessionNote) => writeFile(file, JSON.stringify(note), { mode: 0o600 })
  const isOver = ({ since, seen }: SessionNote) =>
    clock.now() - seen > SESSION_LIMITS.idleMs || clock.now() - since > SESSION_LIMITS.wholeMs

  async function read(file: string): Promise<SessionNote | null> {
    try {
      return sessionFile.parse(JSON.parse(await readFile(file, 'utf8')))
    } catch {
      // None, or one that is just being written.
      return null
    }
  }

  /** What has ended goes when somebody signs in. */
  async function clear(): Promise<void> {
    for (const name of await readdir(folder)) {
      const file = join(folder, name)
      const note = await read(file)
      if (note && isOver(note)) await rm(file, { force: true })
    }
  }

  return {
    async begin(name) {
      const account = accounts.find(name)
      if (!account) throw new Error('No account of this name')
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await clear()
      const token = randomBytes(32).toString('base64url')
      const now = clock.now()
      await save(fileOf(token), { name, changed: account.changed, since: now, seen: now })
      return token
    },
    async personOf(token) {
      if (!token || !/^[\w-]{43}$/.test(token)) return null
      const file = fileOf(token)
      const note = await read(file)
      if (!note || isOver(note)) return null
      const account = accounts.find(note.name)
      if (!account || account.changed !== note.changed) return null
      if (clock.now() - note.seen > NOTE_MS) await save(file, { ...note, seen: clock.now() })
      const { name, role, areas } = account
      return { name, role, areas }
    },
    async end(token) {
      if (token && /^[\w-]{43}$/.test(token)) await rm(fileOf(token), { force: true })
    },
  }
}
