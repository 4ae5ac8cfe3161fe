/** `npm run people -- add|list|password|remove`: who may sign in at the console. */
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { readConfig } from '../config.ts'
import { AccountsBusy, openAccounts } from '../people/accounts.ts'
import { PERSON_ROLES, type PersonRole } from '../people/rights.ts'
import { drawPassword, hashPassword } from '../people/sign-in.ts'
import { systemClock } from '../ports.ts'

const ROLES = Object.keys(PERSON_ROLES).join('|')
const USAGE = `npm run people -- add NAME --role ${ROLES} [--areas 620000,621025]
npm run people -- password NAME
npm run people -- remove NAME
npm run people -- list
  --areas           codes of provinces, cities or counties that the person sees; without it all
  --password-stdin  the password is the standard input; without it one is drawn and shown once`

const OPTIONS = {
  role: { type: 'string' },
  areas: { type: 'string', default: '' },
  'password-stdin': { type: 'boolean', default: false },
} as const

/**
 * A password is never an argument: those are in the list of processes and in the history of the shell.
 *
 * @param input where a password is read from; its last line ending is no part of it
 * @returns the exit code: 0 done, 1 not done (no such person, others are changing them), 2 not asked in a way it understands
 */
export async function people(
  args: readonly string[],
  input: NodeJS.ReadableStream = process.stdin,
): Promise<number> {
  try {
    return await carryOut(args, input)
  } catch (cause) {
    if (!(cause instanceof AccountsBusy)) throw cause
    console.error(cause.message)
    return 1
  }
}

async function carryOut(args: readonly string[], input: NodeJS.ReadableStream): Promise<number> {
  const parsed = read(args)
  const [what, name = ''] = parsed?.positionals ?? []
  const accounts = openAccounts(readConfig(process.env).commonDir)
  const known = accounts.find(name)
  if (what === 'list' && !name) {
    for (const { name: one, role, areas } of accounts.all())
      console.log(`${one}  ${role}  ${areas.join(',') || 'all areas'}`)
    return 0
  }
  if (what === 'remove' && name) {
    if (!accounts.remove(name)) return absent(name)
    console.log(`${name} may not sign in any more`)
    return 0
  }
  if (what === 'password' && name && known) return keep({ ...known })
  if (what === 'password' && name) return absent(name)
  const role = parsed?.values.role ?? ''
  if (what !== 'add' || !name || !(role in PERSON_ROLES)) {
    console.error(USAGE)
    return 2
  }
  if (known) {
    console.error(
      `There is a person of the name ${name} already: "remove" it first, or give it a new "password"`,
    )
    return 1
  }
  const areas = parsed!.values.areas.split(',').filter(Boolean)
  return keep({ name, role: role as PersonRole, areas })

  async function keep(account: {
    name: string
    role: PersonRole
    areas: readonly string[]
  }): Promise<number> {
    const isGiven = parsed?.values['password-stdin'] === true
    const password = isGiven ? (await text(input)).replace(/\r?\n$/, '') : drawPassword()
    try {
      accounts.put({ ...account, password: await hashPassword(password), changed: systemClock.now() })
    } catch (cause) {
      if (cause instanceof AccountsBusy) throw cause
      console.error(cause instanceof RangeError ? `${cause.message}: 10 characters at least` : USAGE)
      return 2
    }
    console.log(`${account.name} may sign in at /console as ${account.role}`)
    if (!isGiven) console.log(`Password, shown this once: ${password}`)
    return 0
  }
}

function read(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
  } catch {
    return null
  }
}

function absent(name: string): number {
  console.error(`There is no person of the name "${name}"`)
  return 1
}
