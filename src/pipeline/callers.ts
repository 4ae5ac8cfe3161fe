/** Who is calling, and for which institutions it may speak. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { GatewayError } from '../domain/problems.ts'

/** A caller: a hospital system, a pharmacy system, a front machine for several of them. */
export interface Caller {
  readonly id: string
  /** Institutions it may name; `any` only where no callers are set, which is for one's own machine. */
  readonly institutions: ReadonlySet<string> | 'any'
  /** Whether it may hand in maps of codes, which then wait for their review. */
  readonly maintainsCodes?: boolean
}

/** A refusal before it was known who calls. Nothing is written down of it: anybody can send any number of them. */
export class Unidentified extends GatewayError {}

/** Whether a caller may speak for an institution. */
export function speaksFor({ institutions }: Caller, institution: string): boolean {
  return institutions === 'any' || institutions.has(institution)
}

/** Finds callers by their key. */
export interface Callers {
  /** @throws {Unidentified} unknown-caller */
  identify(key: string | null): Caller
}

const callersFile = z.array(
  z.object({
    id: z.string().min(1),
    /** SHA-256 of the caller's key, in hexadecimal: the file holds no secret. */
    keySha256: z.string().regex(/^[0-9a-f]{64}$/),
    institutions: z.array(z.string().min(1)).min(1),
    maintainsCodes: z.boolean().default(false),
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
 * @param file JSON: `[{ "id", "keySha256", "institutions": [], "maintainsCodes"? }]`; null lets every caller speak for any institution
 * @throws where the file is missing or has another form
 */
export function readCallers(file: string | null): Callers {
  if (file === null) return { identify: () => LOCAL }
  const callers = readFile(file).map((row) => ({
    hash: Buffer.from(row.keySha256, 'hex'),
    caller: {
      id: row.id,
      institutions: new Set(row.institutions),
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
