/** The environment: read once, validated and frozen. Contains everything a deployment may configure. */
import { join } from 'node:path'
import { z } from 'zod'
import { SEGMENT_BYTES } from './journal/segment/segments.ts'

/** Maximum configurable age in days. */
export const ARCHIVE_DAYS_MAX = 36_500

/** Maximum number of workers. */
export const WORKERS_MAX = 64

/** An integer in a range, with a readable error otherwise. */
const ranged = (low: number, high: number) => {
  const told = { error: `It must be a whole number from ${low} to ${high}` }
  return z.coerce.number(told).int(told).min(low, told).max(high, told)
}

const whole = (low: number, high: number, preset: number) => ranged(low, high).default(preset)

const milliseconds = (preset: number) => whole(10, 600_000, preset)

const environment = z.object({
  /** The directory of everything the gateway stores. */
  ZHIJIE_DATA: z.string().min(1).default('./data'),
  ZHIJIE_PORT: whole(0, 65_535, 8080),
  ZHIJIE_HOST: z.string().min(1).default('127.0.0.1'),
  /** Number of processes that share the institutions behind one port; fixed for a data directory. */
  ZHIJIE_WORKERS: whole(1, WORKERS_MAX, 1),
  /** Real endpoints instead of the simulator: `national=https://…,620000=https://…`. */
  ZHIJIE_UPSTREAM: z.string().default(''),
  /** Dialects of platforms that do not speak the national interface, by the names of `adapters/`: `620000=620000-gansu`. */
  ZHIJIE_DIALECTS: z.string().default(''),
  /** First port of the simulator: national, then the provinces; 0 uses free ports. */
  ZHIJIE_SIMULATOR_PORT: whole(0, 65_529, 8090),
  /**
   * Key of 64 hexadecimal digits that seals personal data; default: from the key file, which is created in the data
   * directory.
   */
  ZHIJIE_KEY: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, 'It must be 64 hexadecimal digits')
    .optional(),
  ZHIJIE_KEY_FILE: z.string().optional(),
  /** File of callers and their institutions; without it every caller on this host may act for any institution. */
  ZHIJIE_CALLERS: z.string().optional(),
  /** File of signing credentials by platform; contains secrets. */
  ZHIJIE_CREDENTIALS: z.string().optional(),
  /** Additional host names of the gateway: `gateway.hospital.cn,10.1.2.3`. */
  ZHIJIE_HOSTS: z.string().default(''),
  /**
   * `yes` allows listening for other machines without configured callers: anyone who reaches the address may then do
   * anything.
   */
  ZHIJIE_OPEN_TO_ALL: z.enum(['yes', 'no'], 'It must be yes or no').default('no'),
  /** Public address behind a proxy, used in links; forwarded headers are not trusted. */
  ZHIJIE_PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'It must be an address such as https://codes.example.cn' })
    .regex(/^[^?#]*$/, 'It must be an address without ? and #')
    .optional(),
  /** File of code system URIs that replace our own. */
  ZHIJIE_FHIR_SYSTEMS: z.string().optional(),
  /** Maximum wait for a platform on requests with an effect. Shorter than the 30 s of a hospital system. [A] */
  ZHIJIE_DEADLINE_MS: milliseconds(25_000),
  /** Maximum wait for the answer to a query. [A] */
  ZHIJIE_QUERY_DEADLINE_MS: milliseconds(10_000),
  /** Delay before the first search for an unknown outcome; doubled on every attempt. */
  ZHIJIE_RECOVERY_PAUSE_MS: milliseconds(1_000),
  /** `off` starts with recovery paused: nothing is queried or undone until an operator resumes it. */
  ZHIJIE_RECOVERY: z.enum(['on', 'off'], 'It must be on or off').default('on'),
  /** `shelf` answers catalogue downloads from the gateway's own code tables. */
  ZHIJIE_CATALOGUES: z.enum(['platform', 'shelf'], 'It must be platform or shelf').default('platform'),
  /** Age in days from which full segments of the journal are archived automatically; unset: never. */
  ZHIJIE_ARCHIVE_AFTER_DAYS: ranged(1, ARCHIVE_DAYS_MAX).optional(),
  /** Directory for archived segments; default: `archive` in the data directory. */
  ZHIJIE_ARCHIVE_DIR: z.string().min(1).optional(),
  /** Size of a segment file of the journal; only full segments can be archived. */
  ZHIJIE_SEGMENT_BYTES: whole(65_536, 1_073_741_824, SEGMENT_BYTES),
  ZHIJIE_LOG: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
})

/** Settings of a deployment. */
export interface Config {
  readonly dataDir: string
  /** Directory shared by all workers (code editions); equals `dataDir` for a single process. */
  readonly commonDir: string
  /** Number of processes that share the institutions. */
  readonly workers: number
  readonly port: number
  readonly host: string
  /** Additional host names. */
  readonly hosts: readonly string[]
  /** Whether other machines may connect although no callers are configured. */
  readonly openToAll: boolean
  /** Address by platform: `national` and province codes; empty if the simulator is used. */
  readonly upstream: Readonly<Record<string, string>>
  /** Dialect id by platform; platforms not listed speak the national interface. */
  readonly dialects: Readonly<Record<string, string>>
  readonly simulatorPort: number
  readonly key: string | null
  readonly keyFile: string | null
  readonly callersFile: string | null
  readonly credentialsFile: string | null
  readonly fhirSystemsFile: string | null
  /** Public address for links; null: that of each request. */
  readonly publicUrl: string | null
  readonly deadlineMs: number
  readonly queryDeadlineMs: number
  readonly recoveryPauseMs: number
  /** Whether recovery starts paused. */
  readonly recoveryPaused: boolean
  /** Whether catalogue downloads are answered from the gateway's own tables. */
  readonly shelf: boolean
  /** Age in days from which segments are archived automatically; null: never. */
  readonly archiveAfterDays: number | null
  readonly archiveDir: string
  /** Size of new segments of the journal. */
  readonly segmentBytes: number
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug'
}

/**
 * Parses the addresses of platforms.
 *
 * @param text `national=http://127.0.0.1:9000,620000=http://127.0.0.1:9001/hsa`
 * @throws {RangeError} if it is malformed
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
 * Parses the dialects of platforms.
 *
 * @param text `620000=620000-gansu,national=000000-national`
 * @throws {RangeError} if it is malformed
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
 * Parses the configuration.
 *
 * @param variables the environment
 * @throws {Error} with one plain sentence per invalid variable
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
    shelf: set.ZHIJIE_CATALOGUES === 'shelf',
    archiveAfterDays: set.ZHIJIE_ARCHIVE_AFTER_DAYS ?? null,
    segmentBytes: set.ZHIJIE_SEGMENT_BYTES,
    archiveDir: set.ZHIJIE_ARCHIVE_DIR ?? join(set.ZHIJIE_DATA, 'archive'),
    logLevel: set.ZHIJIE_LOG,
  })
}

/** Whether a name or address is local to this machine. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(host)
}

/**
 * Without callers, everyone who reaches the port may act for every institution, so only this machine may reach it.
 *
 * @throws with the settings to change
 */
export function requireCallers({ host, callersFile, openToAll }: Config): void {
  if (callersFile !== null || openToAll || isLoopback(host)) return
  throw new Error(
    `ZHIJIE_HOST is ${host} and no callers are set: whoever reaches this port could settle for any institution. Set ZHIJIE_CALLERS, or leave ZHIJIE_HOST at 127.0.0.1; only for trials in a closed network set ZHIJIE_OPEN_TO_ALL=yes`,
  )
}
