/** The header `Zhijie-Warning`: codes of a message that went on though they are none of their standard. */
import type { CodeWarning } from '../extension/code-warning.ts'

/** Places that are told: a header is read as a whole, and proxies take 4 KB of it at least. */
const PLACES_MAX = 20

/** What may stand in a quoted text of a header as it is; everything else is percent-encoded, `%` and `"` too. */
const PLAIN = /^[\w.[\]-]*$/

const written = (text: string) => (PLAIN.test(text) ? text : encodeURIComponent(text))

/**
 * Writes the header as a list of RFC 9651: `"mdtrtinfo.oprn_oprt_code";standard=procedure;reason=wrong-shape;code="NOTACODE"`.
 * A code that may name a person is left out.
 */
export function warningHeader(warnings: readonly CodeWarning[]): string {
  return warnings
    .slice(0, PLACES_MAX)
    .map(({ field, standard, reason, code }) => {
      const told = code === '' ? '' : `;code="${written(code)}"`
      return `"${written(field)}";standard=${standard};reason=${reason}${told}`
    })
    .join(', ')
}
