/** Who is calling, in which role, and for which institutions it may speak. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { GatewayError, type Terms } from '../domain/problems.ts'

/** Roles of callers, with their names at the counter. */
export const ROLES = {
  /** A hospital or pharmacy system, or a front machine for several: acts for its own institutions and sees only them. */
  hospital: '定点医药机构',
  /** An agency of medical insurance: reads reports and codes. */
  bureau: '医保经办机构',
  /** Whoever runs the gateway: recovery, archive, imports. */
  operator: '运维人员',
  /** A platform or settlement centre: tells of orders by itself, and may do nothing else. */
  platform: '医保平台',
} as const

/** A role of a caller. */
export type Role = keyof typeof ROLES

/** A caller: a hospital system, a pharmacy system, a front machine for several of them; a bureau; an operator. */
export interface Caller {
  readonly id: string
  /** Absent only where no callers are set, which is for one's own machine: then it may do everything. */
  readonly role?: Role
  /** Institutions it may name; `any` only where no callers are set, which is for one's own machine. */
  readonly institutions: ReadonlySet<string> | 'any'
  /** Of a platform: which it is, `national` or province codes. Absent: none, or all where no callers are set. */
  readonly platforms?: ReadonlySet<string>
  /** Whether it may hand in maps of codes, which then wait for their review. */
  readonly maintainsCodes?: boolean
}

/** A refusal before it was known who calls. Nothing is written down of it: anybody can send any number of them. */
export class Unidentified extends GatewayError {}

/** Told where the door is not open. */
export function notReady(): Unidentified {
  const detail = ({ key }: Terms) => `网关正在启动或停止，请稍后用同一${key}重发`
  return new Unidentified('not-ready', 'receive', detail)
}

/**
 * Whether a caller is the platform of a destination.
 *
 * @param destination as the journal names it: `national/620000`, `430000`
 */
export function isPlatformOf({ institutions, platforms }: Caller, destination: string | null): boolean {
  if (destination === null) return false
  return institutions === 'any' || (platforms?.has(destination.split('/', 1)[0]!) ?? false)
}

/** Whether a caller may speak for an institution. */
export function speaksFor({ institutions }: Caller, institution: string): boolean {
  return institutions === 'any' || institutions.has(institution)
}

/** The institutions whose data alone a caller is shown; null where it is shown everyone's. */
export function boundTo({ role, institutions }: Caller): readonly string[] | null {
  return role !== 'hospital' || institutions === 'any' ? null : [...institutions]
}

/**
 * Whether a caller may be shown what is of an institution: a hospital its own, a bureau and an operator everyone's.
 *
 * @param institution null for what is of nobody known, which no hospital is shown
 */
export function maySee(caller: Caller, institution: string | null): boolean {
  return caller.role !== 'hospital' || speaksFor(caller, institution ?? '')
}

/**
 * Refuses a caller in another role than those that are needed.
 *
 * @throws {GatewayError} wrong-role, which names them
 */
export function requireRole({ role, institutions }: Caller, needed: readonly Role[]): void {
  if (role === undefined ? institutions === 'any' : needed.includes(role)) return
  const named = (one: Role) => `${one}（${ROLES[one]}）`
  const wanted = needed.map(named).join('或')
  const detail = `此操作须由角色为${wanted}的调用方办理，该调用方为${role ? named(role) : '无角色'}`
  throw new GatewayError('wrong-role', 'receive', detail, { roles: [...needed], role: role ?? null })
}

/** Finds callers by their key. */
export interface Callers {
  /** @throws {Unidentified} unknown-caller */
  identify(key: string | null): Caller
}

const callersFile = z.array(
  z
    .object({
      id: z.string().min(1),
      /** SHA-256 of the caller's key, in hexadecimal: the file holds no secret. */
      keySha256: z.string().regex(/^[0-9a-f]{64}$/),
      role: z.enum(Object.keys(ROLES) as [Role, ...Role[]]).default('hospital'),
      institutions: z.array(z.string().min(1)).default([]),
      platforms: z.array(z.string().regex(/^(?:national|\d{6})$/)).default([]),
      maintainsCodes: z.boolean().default(false),
    })
    .refine(({ role, institutions }) => role !== 'hospital' || institutions.length > 0, {
      path: ['institutions'],
      error: 'A hospital must have at least one institution',
    })
    // It would look like a bound, and be none.
    .refine(({ role, institutions }) => role === 'hospital' || institutions.length === 0, {
      path: ['institutions'],
      error: 'Only a hospital has institutions',
    })
    .refine(({ role, platforms }) => (role === 'platform') === platforms.length > 0, {
      path: ['platforms'],
      error: 'A platform must say which it is (national or a province code), and nobody else may',
    }),
)

function readFile(file: string): z.infer<typeof callersFile> {
  try {
    return callersFile.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : (cause as Error).message
    throw new Error(`ZHIJIE_CALLERS: the file ${file} is not usable. ${why}`)
  }
}

const LOCAL: Caller = { id: 'local', institutions: 'any' }

/**
 * Reads the callers.
 *
 * @param file JSON: `[{ "id", "keySha256", "role"?, "institutions"?, "platforms"?, "maintainsCodes"? }]`, the role `hospital` unless told;
 *   null lets every caller speak for any institution
 * @throws where the file is missing or has another form
 */
export function readCallers(file: string | null): Callers {
  if (file === null) return { identify: () => LOCAL }
  const callers = readFile(file).map((row) => ({
    hash: Buffer.from(row.keySha256, 'hex'),
    caller: {
      id: row.id,
      role: row.role,
      institutions: new Set(row.institutions),
      platforms: new Set(row.platforms),
      maintainsCodes: row.maintainsCodes,
    } satisfies Caller,
  }))
  return {
    identify(key) {
      const hash = createHash('sha256')
        .update(key ?? '')
        .digest()
      const found = callers.find((candidate) => timingSafeEqual(candidate.hash, hash))
      if (!key || !found) throw new Unidentified('unknown-caller', 'receive', '调用方密钥缺失或未登记')
      return found.caller
    },
  }
}
