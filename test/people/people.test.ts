/** People sign in with a password that only its hash is kept of; guessing is slowed; a session ends when it must. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { people } from '../../src/commands/people.ts'
import type { Instant } from '../../src/domain/day.ts'
import { type Accounts, accountsPath, openAccounts } from '../../src/people/accounts.ts'
import { areaPrefixes, concerns, hasRight, PERSON_ROLES, RIGHTS } from '../../src/people/rights.ts'
import { openSessions, SESSION_LIMITS } from '../../src/people/sessions.ts'
import { drawPassword, hashPassword, openSignIn, SIGN_IN_LIMITS } from '../../src/people/sign-in.ts'
import { holdLock } from '../../src/store/data-dir-lock.ts'
import { runCommand } from '../support/command.ts'

const PASSWORD = 'a long password'
let dataDir: string
let accounts: Accounts
let now: number
const clock = { now: () => now as Instant }

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'zhijie-people-'))
  accounts = openAccounts(dataDir)
  now = Date.UTC(2026, 0, 5)
  const password = await hashPassword(PASSWORD)
  accounts.put({ name: '张三', role: 'business', areas: ['620000'], password, changed: now })
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

describe('accounts', () => {
  it('keep a hash and no password, readable by their owner alone', () => {
    const text = readFileSync(accountsPath(dataDir), 'utf8')
    expect(text).toContain('$argon2id$')
    expect(text).not.toContain(PASSWORD)
    if (process.platform !== 'win32') expect(statSync(accountsPath(dataDir)).mode & 0o077).toBe(0)
  })

  it('see what another worker has written', () => {
    const other = openAccounts(dataDir)
    expect(other.find('张三')).toMatchObject({ role: 'business' })
    accounts.remove('张三')
    expect(other.find('张三')).toBeNull()
  })

  it('are changed by one process at a time: of two changes none is lost', () => {
    const before = accounts.all()
    const release = holdLock(`${accountsPath(dataDir)}.lock`)!
    expect(() => accounts.remove('张三')).toThrow('try again')
    expect(() => accounts.put({ ...before[0]!, name: '李四' })).toThrow('try again')
    release()
    expect(openAccounts(dataDir).all()).toEqual(before)
    expect(accounts.remove('张三')).toBe(true)
  })

  it.each([
    ['a name with a blank', { name: 'a b' }],
    ['an area that is none', { areas: ['62'] }],
    ['a password in clear', { password: PASSWORD }],
  ])('refuse %s and keep what was', (_what, wrong) => {
    const account = accounts.find('张三')!
    expect(() => accounts.put({ ...account, ...wrong })).toThrow()
    expect(openAccounts(dataDir).all()).toEqual([account])
  })
})

describe('signing in', () => {
  it('takes the right password, and neither another nor another name', async () => {
    const door = openSignIn(accounts)
    expect(await door.try('张三', PASSWORD, '::1')).toEqual({ is: 'in' })
    expect(await door.try('张三', 'a wrong password', '::1')).toEqual({ is: 'wrong' })
    expect(await door.try('李四', PASSWORD, '::1')).toEqual({ is: 'wrong' })
  })

  it('hears no more of a name after five tries in vain, not even the right password, and of others it does', async () => {
    const door = openSignIn(accounts)
    for (let round = 0; round < SIGN_IN_LIMITS.perName; round += 1)
      expect(await door.try('张三', `wrong ${round} password`, `10.0.0.${round}`)).toEqual({ is: 'wrong' })
    expect(await door.try('张三', PASSWORD, '10.0.0.9')).toMatchObject({ is: 'slow-down' })
    expect(await door.try('李四', PASSWORD, '10.0.0.9')).toEqual({ is: 'wrong' })
  })

  it('forgets the tries in vain of who has got in', async () => {
    const door = openSignIn(accounts)
    for (let round = 0; round < 2 * SIGN_IN_LIMITS.perName; round += 1) {
      const isRight = round % 2 === 1
      const said = await door.try('张三', isRight ? PASSWORD : 'a wrong password', '::1')
      expect(said).toEqual({ is: isRight ? 'in' : 'wrong' })
    }
  })

  it('compares so many at one moment and no more', async () => {
    const door = openSignIn(accounts)
    const said = await Promise.all([1, 2, 3, 4].map((one) => door.try(`n${one}`, PASSWORD, '::1')))
    expect(said.map(({ is }) => is)).toEqual(['wrong', 'wrong', 'slow-down', 'slow-down'])
  })

  it('takes no short password, and draws one that is long enough', async () => {
    await expect(hashPassword('123456789')).rejects.toThrow(RangeError)
    expect(await hashPassword(drawPassword())).toContain('$argon2id$')
  })
})

describe('npm run people', () => {
  const run = (args: string[], typed = '') =>
    runCommand((given) => people(given, Readable.from([typed])), { ZHIJIE_DATA: dataDir }, args)
  const signIn = (name: string, password: string) =>
    openSignIn(openAccounts(dataDir)).try(name, password, '::1')

  it.each(['\n', '\r\n', ''])(
    'takes a password from the standard input, without its end %j, and does not say it',
    async (end) => {
      const { code, said } = await run(['password', '张三', '--password-stdin'], `another long one ${end}`)
      expect([code, said.includes('another')]).toEqual([0, false])
      expect(await signIn('张三', 'another long one ')).toEqual({ is: 'in' })
    },
  )

  it.each([[['--password', 'another long one']], [['--password=another long one']]])(
    'takes none as an argument, and does not say it: %j',
    async (given) => {
      const { code, said } = await run(['add', '李四', '--role', 'fund', ...given])
      expect([code, said.includes('another')]).toEqual([2, false])
      expect(said).toContain('--password-stdin')
      expect(openAccounts(dataDir).find('李四')).toBeNull()
    },
  )

  it('takes no empty one, and the one of before stays', async () => {
    expect((await run(['password', '张三', '--password-stdin'])).code).toBe(2)
    expect(await signIn('张三', PASSWORD)).toEqual({ is: 'in' })
  })

  it('draws one where none is given, shows it once and lets in with it', async () => {
    const { code, said } = await run(['add', '李四', '--role', 'fund'])
    expect(code).toBe(0)
    expect(await signIn('李四', /once: (\S+)/.exec(said)?.[1] ?? '')).toEqual({ is: 'in' })
  })
})

describe('a session', () => {
  it('is found by its token in every worker, and its file does not hold the token', async () => {
    const token = await openSessions(dataDir, accounts, clock).begin('张三')
    const other = openSessions(dataDir, openAccounts(dataDir), clock)
    expect(await other.personOf(token)).toEqual({ name: '张三', role: 'business', areas: ['620000'] })
    const folder = join(dataDir, 'people', 'sessions')
    const [file] = readdirSync(folder)
    expect(file + readFileSync(join(folder, file!), 'utf8')).not.toContain(token)
  })

  it.each([[undefined], [''], ['../accounts.json'], ['x'.repeat(43)]])('is not had by %j', async (token) => {
    expect(await openSessions(dataDir, accounts, clock).personOf(token)).toBeNull()
  })

  it('ends by signing out, by idleness, by age, and with a change of its account', async () => {
    const sessions = openSessions(dataDir, accounts, clock)
    const out = await sessions.begin('张三')
    await sessions.end(out)
    expect(await sessions.personOf(out)).toBeNull()

    const idle = await sessions.begin('张三')
    now += SESSION_LIMITS.idleMs
    expect(await sessions.personOf(idle)).not.toBeNull()
    now += SESSION_LIMITS.idleMs + 1
    expect(await sessions.personOf(idle)).toBeNull()

    const old = await sessions.begin('张三')
    for (const end = now + SESSION_LIMITS.wholeMs; now < end; now += SESSION_LIMITS.idleMs)
      expect(await sessions.personOf(old)).not.toBeNull()
    now += 1
    expect(await sessions.personOf(old)).toBeNull()

    const changed = await sessions.begin('张三')
    accounts.put({ ...accounts.find('张三')!, changed: now + 1 })
    expect(await sessions.personOf(changed)).toBeNull()
  })
})

describe('rights', () => {
  it('are those of the table and no others', () => {
    const may = Object.keys(PERSON_ROLES).map((role) => [
      role,
      Object.keys(RIGHTS)
        .filter((right) => hasRight({ role: role as never }, right as never))
        .join(' '),
    ])
    expect(Object.fromEntries(may)).toEqual({
      business: 'rates live unknown money day act reveal',
      fund: 'rates live unknown money day',
      information: 'live unknown',
      auditor: 'rates live unknown money day reveal',
    })
  })

  it.each([
    [[], null, null, true],
    [['620000'], '621025', '340102', true],
    [['340100'], '621025', '340102', true],
    [['340200'], '621025', '340102', false],
    [['621025'], '621000', null, false],
    [['620000'], null, null, false],
  ])('of areas %j see %s → %s: %s', (areas, insured, treatment, seen) => {
    expect(concerns({ areas }, insured, treatment)).toBe(seen)
  })

  it('of areas are beginnings of codes for the tables', () => {
    expect(areaPrefixes({ areas: ['620000', '621000', '621025'] })).toEqual(['62', '6210', '621025'])
    expect(areaPrefixes({ areas: [] })).toBeNull()
  })
})
