/** The environment, read once, checked and frozen. Everything a deployment may set is here. */
import { join } from 'node:path'
import { z } from 'zod'
import { SEGMENT_BYTES } from './journal/segment/segments.ts'

/** The greatest age in days that may be asked for. */
export const ARCHIVE_DAYS_MAX = 36_500

/** The most workers that there may be. */
export const WORKERS_MAX = 64

/** A whole number in a range, told in words where it is none. */
const ranged = (low: number, high: number) => {
  const told = { error: `It must be a whole number from ${low} to ${high}` }
  return z.coerce.number(told).int(told).min(low, told).max(high, told)
}

const whole = (low: number, high: number, preset: number) => ranged(low, high).default(preset)

const milliseconds = (preset: number) => whole(10, 600_000, preset)

const environment = z.object({
  /** The one directory that holds everything the gateway keeps. */
  ZHIJIE_DATA: z.string().min(1).default('./data'),
  ZHIJIE_PORT: whole(0, 65_535, 8080),
  ZHIJIE_HOST: z.string().min(1).default('127.0.0.1'),
  /** Processes that share the institutions behind the one port; fixed for a data directory. */
  ZHIJIE_WORKERS: whole(1, WORKERS_MAX, 1),
  /** Real endpoints instead of the simulator: `national=https://…,620000=https://…`. */
  ZHIJIE_UPSTREAM: z.string().default(''),
  /** Dialects of platforms that do not speak the national interface, by the names of `adapters/`: `620000=620000-gansu`. */
  ZHIJIE_DIALECTS: z.string().default(''),
  /** First port of the simulator: national, then the provinces; 0 takes any free ones. */
  ZHIJIE_SIMULATOR_PORT: whole(0, 65_529, 8090),
  /** Key of 64 hexadecimal digits that seals what is personal; else from the file, else made in the data directory. */
  ZHIJIE_KEY: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, 'It must be 64 hexadecimal digits')
    .optional(),
  ZHIJIE_KEY_FILE: z.string().optional(),
  /** File of callers and their institutions; without it every caller on this host speaks for any institution. */
  ZHIJIE_CALLERS: z.string().optional(),
  /** File of what platforms have given to sign with, by platform; it holds secrets. */
  ZHIJIE_CREDENTIALS: z.string().optional(),
  /** Names by which the gateway is reached besides where it listens: `gateway.hospital.cn,10.1.2.3`. */
  ZHIJIE_HOSTS: z.string().default(''),
  /** `yes` starts at an address that other machines reach though no callers are set: whoever reaches it may do anything. */
  ZHIJIE_OPEN_TO_ALL: z.enum(['yes', 'no'], 'It must be yes or no').default('no'),
  /** Address by which callers reach the doors through a proxy, in links; forwarded headers are not trusted. */
  ZHIJIE_PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'It must be an address such as https://codes.example.cn' })
    .regex(/^[^?#]*$/, 'It must be an address without ? and #')
    .optional(),
  /** File of addresses (URIs) of code systems, where those that we made up are not wanted. */
  ZHIJIE_FHIR_SYSTEMS: z.string().optional(),
  /** Longest wait for a platform when something may change. Shorter than the 30 s of a hospital system. [A] */
  ZHIJIE_DEADLINE_MS: milliseconds(25_000),
  /** Longest wait for the answer to a question. [A] */
  ZHIJIE_QUERY_DEADLINE_MS: milliseconds(10_000),
  /** Pause before an unknown outcome is first looked for; it doubles with every try. */
  ZHIJIE_RECOVERY_PAUSE_MS: milliseconds(1_000),
  /** `off` starts with the recovery paused: nothing is asked or undone until an operator says so. */
  ZHIJIE_RECOVERY: z.enum(['on', 'off'], 'It must be on or off').default('on'),
  /** Age in days from which full segments of the journal are archived; nothing is archived by itself without it. */
  ZHIJIE_ARCHIVE_AFTER_DAYS: ranged(1, ARCHIVE_DAYS_MAX).optional(),
  /** Where archived segments go; else `archive` in the data directory. */
  ZHIJIE_ARCHIVE_DIR: z.string().min(1).optional(),
  /** Length of a segment file of the journal; a whole one is what can be archived. */
  ZHIJIE_SEGMENT_BYTES: whole(65_536, 1_073_741_824, SEGMENT_BYTES),
  ZHIJIE_LOG: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
})

/** What a deployment has set. */
export interface Config {
  readonly dataDir: string
  /** Holds what several workers have in common, the shelf of codes first; the data directory itself where there is one. */
  readonly commonDir: string
  /** How many processes share the institutions. */
  readonly workers: number
  readonly port: number
  readonly host: string
  /** Further names by which it is reached. */
  readonly hosts: readonly string[]
  /** Whether it may be reached from other machines without callers. */
  readonly openToAll: boolean
  /** Address by platform: `national` and province codes; empty if the simulator stands in. */
  readonly upstream: Readonly<Record<string, string>>
  /** Id of a dialect by platform; those that are not here speak the national interface. */
  readonly dialects: Readonly<Record<string, string>>
  readonly simulatorPort: number
  readonly key: string | null
  readonly keyFile: string | null
  readonly callersFile: string | null
  readonly credentialsFile: string | null
  readonly fhirSystemsFile: string | null
  /** Address by which callers reach the doors, where links are to name it; null: the one of each request. */
  readonly publicUrl: string | null
  readonly deadlineMs: number
  readonly queryDeadlineMs: number
  readonly recoveryPauseMs: number
  /** Whether the recovery starts paused. */
  readonly recoveryPaused: boolean
  /** Age in days from which segments are archived without being asked; null: never. */
  readonly archiveAfterDays: number | null
  readonly archiveDir: string
  /** Length of new segments of the journal. */
  readonly segmentBytes: number
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug'
}

/**
 * Reads the addresses of platforms.
 *
 * @param text `national=http://127.0.0.1:9000,620000=http://127.0.0.1:9001/hsa`
 * @throws {RangeError} on another form
 */
export function parseUpstream(text: string): Record<string, string> {
  const entries = text.split(',').map((part) => part.trim())
  return Object.fromEntries(
    entries.filter(Boolean).map((entry) => {
      const [name = '', ...rest] = entry.split('=')
      const url = rest.join('=')
      if (!/^(national|\d{2}0000)$/.test(name) || !URL.canParse(url)) {
        throw new RangeError(
          `ZHIJIE_UPSTREAM: cannot read "${entry}"; write national=http://… or 620000=http://…`,
        )
      }
      return [name, url]
    }),
  )
}

/**
 * Reads the dialects of platforms.
 *
 * @param text `620000=620000-gansu,national=000000-national`
 * @throws {RangeError} on another form
 */
export function parseDialects(text: string): Record<string, string> {
  const entries = text.split(',').map((part) => part.trim())
  return Object.fromEntries(
    entries.filter(Boolean).map((entry) => {
      const [, platform, dialect] = /^(national|\d{2}0000)=([\w-]+)$/.exec(entry) ?? []
      if (!platform || !dialect)
        throw new RangeError(`ZHIJIE_DIALECTS: cannot read "${entry}"; write 620000=620000-gansu`)
      return [platform, dialect]
    }),
  )
}

/**
 * Reads the configuration.
 *
 * @param variables the environment
 * @throws {Error} with one plain sentence a variable that is wrong
 */
export function readConfig(variables: Readonly<Record<string, string | undefined>>): Config {
  const checked = environment.safeParse(variables)
  if (!checked.success) {
    const faults = checked.error.issues.map(({ path, message }) => {
      const name = path.join('.')
      const value = /KEY$/.test(name) ? 'it' : `"${variables[name]}"`
      return `${name}: ${value} will not do. ${message}`
    })
    throw new Error(`The environment is not usable. ${faults.join('; ')}`)
  }
  const set = checked.data
  return Object.freeze({
    dataDir: set.ZHIJIE_DATA,
    commonDir: set.ZHIJIE_DATA,
    workers: set.ZHIJIE_WORKERS,
    port: set.ZHIJIE_PORT,
    host: set.ZHIJIE_HOST,
    hosts: Object.freeze(set.ZHIJIE_HOSTS.split(/[\s,]+/).filter(Boolean)),
    openToAll: set.ZHIJIE_OPEN_TO_ALL === 'yes',
    upstream: Object.freeze(parseUpstream(set.ZHIJIE_UPSTREAM)),
    dialects: Object.freeze(parseDialects(set.ZHIJIE_DIALECTS)),
    simulatorPort: set.ZHIJIE_SIMULATOR_PORT,
    key: set.ZHIJIE_KEY ?? null,
    keyFile: set.ZHIJIE_KEY_FILE ?? null,
    callersFile: set.ZHIJIE_CALLERS ?? null,
    credentialsFile: set.ZHIJIE_CREDENTIALS ?? null,
    fhirSystemsFile: set.ZHIJIE_FHIR_SYSTEMS ?? null,
    publicUrl: set.ZHIJIE_PUBLIC_URL ?? null,
    deadlineMs: set.ZHIJIE_DEADLINE_MS,
    queryDeadlineMs: set.ZHIJIE_QUERY_DEADLINE_MS,
    recoveryPauseMs: set.ZHIJIE_RECOVERY_PAUSE_MS,
    recoveryPaused: set.ZHIJIE_RECOVERY === 'off',
    archiveAfterDays: set.ZHIJIE_ARCHIVE_AFTER_DAYS ?? null,
    segmentBytes: set.ZHIJIE_SEGMENT_BYTES,
    archiveDir: set.ZHIJIE_ARCHIVE_DIR ?? join(set.ZHIJIE_DATA, 'archive'),
    logLevel: set.ZHIJIE_LOG,
  })
}

/** Whether a name or address leads to this machine only. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(host)
}

/**
 * Without callers everyone who reaches the port speaks for every institution: then only this machine may.
 *
 * @throws in words that say what to set
 */
export function requireCallers({ host, callersFile, openToAll }: Config): void {
  if (callersFile !== null || openToAll || isLoopback(host)) return
  throw new Error(
    `ZHIJIE_HOST is ${host} and no callers are set: whoever reaches this port could settle for any institution. Set ZHIJIE_CALLERS, or leave ZHIJIE_HOST at 127.0.0.1; only for trials in a closed network set ZHIJIE_OPEN_TO_ALL=yes`,
  )
}
