/** What `npm run load` is told, and what it says of itself. */
import { parseArgs } from 'node:util'
import { PROFILES, type Profile, type ProfileName } from './profiles.ts'

/** A closed loop: so many counters, each sends its next message when it has its answer. */
export interface ClosedRun {
  readonly kind: 'closed'
  readonly seconds: number
  readonly counters: number
  readonly json: boolean
}

/** A profile, open loop. */
export interface ProfileRun {
  readonly kind: 'profile'
  readonly name: ProfileName
  /** Visits a second where the shape is at its top. */
  readonly rate: number
  readonly minutes: number
  readonly seed: number
  readonly report: string
  readonly json: boolean
  /** Insured province that goes dark; null takes the first that is there. */
  readonly dark: string | null
  readonly darkCommand: string | undefined
  readonly darkCall: string | undefined
  /** File with people as `GET /people` shows them, instead of asking the platforms. */
  readonly people: string | undefined
  /** The platforms show no book: only the gateway's own sums are judged. */
  readonly withoutBook: boolean
}

/** What is wrong with the arguments, in one sentence. */
export class ArgumentFault extends Error {}

const OPTIONS = {
  help: { type: 'boolean', short: 'h' },
  profile: { type: 'string' },
  rate: { type: 'string' },
  minutes: { type: 'string' },
  seed: { type: 'string' },
  report: { type: 'string' },
  json: { type: 'boolean' },
  dark: { type: 'string' },
  'dark-command': { type: 'string' },
  'dark-call': { type: 'string' },
  people: { type: 'string' },
  'without-book': { type: 'boolean' },
  seconds: { type: 'string' },
  counters: { type: 'string' },
} as const

type Option = keyof typeof OPTIONS

const CLOSED_ONLY: readonly Option[] = ['seconds', 'counters']
const BOTH: readonly Option[] = ['json', 'help']
const RATE_MAX = 2000
const MINUTES_MAX = 7 * 24 * 60

/** Reads the words after `npm run load --`. @throws {ArgumentFault} */
export function readArguments(words: readonly string[]): ClosedRun | ProfileRun | { readonly kind: 'help' } {
  const values = parsed(words)
  if (values.help) return { kind: 'help' }
  const given = (Object.keys(values) as Option[]).filter((option) => !BOTH.includes(option))
  const stray = given.find((option) => CLOSED_ONLY.includes(option) === (values.profile !== undefined))
  if (stray !== undefined && values.profile === undefined)
    throw new ArgumentFault(`--${stray} needs --profile; the profiles are ${names()}`)
  if (stray !== undefined && stray !== 'profile')
    throw new ArgumentFault(`--${stray} is for a run without --profile; a profile takes --rate and --minutes`)
  const json = values.json ?? false
  if (values.profile === undefined) {
    const [seconds, counters] = [whole(values, 'seconds', 10, 99_999), whole(values, 'counters', 16, 99_999)]
    return { kind: 'closed', seconds, counters, json }
  }
  return profileRun(values, values.profile, json)
}

type Values = ReturnType<typeof parsed>

function profileRun(values: Values, name: string, json: boolean): ProfileRun {
  if (!Object.hasOwn(PROFILES, name))
    throw new ArgumentFault(`There is no profile "${name}"; the profiles are ${names()}`)
  const profile: Profile = PROFILES[name as ProfileName]
  const isDark = values.dark !== undefined || values['dark-command'] !== undefined
  if ((isDark || values['dark-call'] !== undefined) && profile.dark === null)
    throw new ArgumentFault(`Nothing goes dark in ${name}; --dark belongs to one-province-dark`)
  if (values.dark !== undefined && !/^\d{2}0000$/.test(values.dark))
    throw new ArgumentFault('--dark takes an insured province of six digits, such as 440000')
  if (values['dark-command'] !== undefined && values['dark-call'] !== undefined)
    throw new ArgumentFault('Give --dark-command or --dark-call, not both')
  if (isDark && values.dark === undefined)
    throw new ArgumentFault('Say with --dark which insured province the command switches')
  return {
    kind: 'profile',
    name: name as ProfileName,
    rate: decimal(values, 'rate', profile.rate, RATE_MAX),
    minutes: decimal(values, 'minutes', profile.minutes, MINUTES_MAX),
    seed: whole(values, 'seed', 1, 4_294_967_295),
    report: values.report ?? `reports/load-${name}.html`,
    json,
    dark: values.dark ?? null,
    darkCommand: values['dark-command'],
    darkCall: values['dark-call'],
    people: values.people,
    withoutBook: values['without-book'] ?? false,
  }
}

function parsed(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options: OPTIONS }).values
  } catch (cause) {
    const [sentence = ''] = (cause as Error).message.split('. ')
    throw new ArgumentFault(`${sentence}; npm run load -- --help lists what there is`)
  }
}

function names(): string {
  return Object.keys(PROFILES).join(', ')
}

function whole(values: Values, option: Option, otherwise: number, most: number): number {
  const text = values[option]
  if (text === undefined) return otherwise
  const number = Number(text)
  if (!/^[1-9]\d*$/.test(String(text)) || number > most)
    throw new ArgumentFault(`--${option} takes a whole number from 1 to ${most}, not "${text}"`)
  return number
}

function decimal(values: Values, option: Option, otherwise: number, most: number): number {
  const text = values[option]
  if (text === undefined) return otherwise
  const number = Number(text)
  if (!/^\d+(?:\.\d+)?$/.test(String(text)) || number <= 0 || number > most)
    throw new ArgumentFault(`--${option} takes a number above 0 and up to ${most}, not "${text}"`)
  return number
}

/** `npm run load -- --help`. */
export function helpText(): string {
  const rows = Object.entries<Profile>(PROFILES).map(
    ([name, { plays, rate, minutes }]) =>
      `  ${name.padEnd(18)} ${plays.en} (${rate} a second, ${minutes} min)`,
  )
  return `npm run load: plays visits at a running gateway, and checks at the end that nothing was lost or doubled.
Start the gateway first (npm start). Only synthetic people are used.

npm run load                      16 counters, 10 seconds, each sends when it has its answer
  --counters N  --seconds N       other numbers of them

npm run load -- --profile NAME    visits arrive by a Poisson process, however fast the answers come; writes a report
${rows.join('\n')}
  --rate N          visits that begin a second, at the top of the profile (a visit is 2 to 12 messages)
  --minutes N       how long; fractions such as 0.5 are allowed
  --seed N          the same seed gives the same visits at the same moments (1)
  --report FILE     the report, one HTML file (reports/load-NAME.html)
  --dark AREA       the insured province that goes dark in one-province-dark, such as 440000 (the first there is)
  --dark-command C  runs "C dark" and "C back" where the endpoint is not one of the simulator's
  --dark-call URL   or posts {"province":"440000","state":"dark"} there; without either the terminal asks you
  --people FILE     people as a platform's /people shows them, where your platform has no such page
  --without-book    your platforms show no book: only the gateway's own sums are judged, and the report says so
  --json            one line of JSON with the figures, for both ways

ZHIJIE_GATEWAY (http://127.0.0.1:8080) and ZHIJIE_PLATFORMS (provinces, separated by commas) name other parties.
Ends with 0: valid. 1: void, the sums do not close. 2: could not run.`
}
