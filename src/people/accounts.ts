/**
 * The accounts of people, in a file of their own beside the journal: few, seldom changed, and read by every worker. The file
 * holds hashes of passwords, made and compared by a library.
 */
import { mkdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { replaceFile } from '../fsync.ts'
import { holdLock } from '../store/data-dir-lock.ts'
import { PERSON_ROLES, type PersonRights, type PersonRole } from './rights.ts'

const accountsFile = z.array(
  z.object({
    name: z.string().regex(/^[\p{L}\p{N}._-]{1,40}$/u),
    role: z.enum(Object.keys(PERSON_ROLES) as [PersonRole, ...PersonRole[]]),
    areas: z.array(z.string().regex(/^[1-8]\d{5}$/)).readonly(),
    /** A PHC string: `$argon2id$…`. */
    password: z.string().startsWith('$argon2'),
    /** UTC milliseconds of the last change: sessions from before it end. */
    changed: z.int(),
  }),
)

/** One account. */
export type Account = z.infer<typeof accountsFile>[number]

/** A person who is signed in. */
export interface Person extends PersonRights {
  readonly name: string
}

/** The accounts of one data directory. */
export interface Accounts {
  find(name: string): Account | null
  all(): readonly Account[]
  /** Adds an account or puts another in its place. Durable when it returns. @throws {AccountsBusy} @throws on a name or area that will not do */
  put(account: Account): void
  /** @returns whether there was one. @throws {AccountsBusy} */
  remove(name: string): boolean
}

/** Another process is changing the accounts. */
export class AccountsBusy extends Error {
  constructor() {
    super('Somebody else is changing the accounts just now; nothing was changed, try again')
  }
}

/** File of the accounts in a data directory. */
export function accountsPath(dataDir: string): string {
  return join(dataDir, 'people', 'accounts.json')
}

/** Opens them. What somebody else writes is seen at the next question. */
export function openAccounts(dataDir: string): Accounts {
  const file = accountsPath(dataDir)
  let read: { readonly stamp: string; readonly rows: readonly Account[] } = { stamp: '', rows: [] }

  function all(): readonly Account[] {
    const stat = statSync(file, { bigint: true, throwIfNoEntry: false })
    const stamp = stat ? `${stat.ino} ${stat.mtimeNs} ${stat.size}` : ''
    if (stamp !== read.stamp) {
      const rows = stat ? accountsFile.parse(JSON.parse(readFileSync(file, 'utf8'))) : []
      read = { stamp, rows }
    }
    return read.rows
  }

  /** Changes the accounts while no other process does, so that of two changes none is lost. */
  function change<Of>(make: (rows: readonly Account[]) => Of & { readonly rows: readonly Account[] }): Of {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    const releaseLock = holdLock(`${file}.lock`)
    if (!releaseLock) throw new AccountsBusy()
    try {
      const made = make(all())
      replaceFile(file, JSON.stringify(accountsFile.parse(made.rows), null, 1))
      return made
    } finally {
      releaseLock()
    }
  }

  return {
    all,
    find: (name) => all().find((one) => one.name === name) ?? null,
    put(account) {
      change((rows) => ({ rows: [...rows.filter(({ name }) => name !== account.name), account] }))
    },
    remove: (name) =>
      change((rows) => {
        const left = rows.filter((one) => one.name !== name)
        return { rows: left, isGone: left.length < rows.length }
      }).isGone,
  }
}
