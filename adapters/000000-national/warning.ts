/** The warning `warn_msg` (警告信息) that a platform may put beside a yes. */
import { withoutIdentity } from '../../src/domain/masking.ts'

/** Where a warning begins that is neither null nor empty. */
const FILLED = /"warn_msg"\s*:\s*"(?!")/

/** Longest warning that is handed on. */
const CHARACTERS_MAX = 1000

/** Reads the warning of an answer; null if it has none. */
export function warningOf(body: Buffer): string | null {
  const text = body.toString('utf8')
  if (!FILLED.test(text)) return null
  const { warn_msg } = JSON.parse(text) as { warn_msg?: unknown }
  return typeof warn_msg === 'string' ? withoutIdentity(warn_msg).slice(0, CHARACTERS_MAX) : null
}
