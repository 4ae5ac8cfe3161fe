/** The header `Zhijie-Warning`: codes of a message passed on although invalid in their standard. */
import type { CodeWarning } from '../extension/code-warning.ts'

/** Maximum places in the header: proxies limit headers to 4 KB. */
const PLACES_MAX = 20

/** Characters allowed unescaped in a quoted string; everything else is percent-encoded, including `%` and `"`. */
const PLAIN = /^[\w.[\]-]*$/

const written = (text: string) => (PLAIN.test(text) ? text : encodeURIComponent(text))

/**
 * Builds the header as an RFC 9651 list:
 * `"mdtrtinfo.oprn_oprt_code";standard=procedure;reason=wrong-shape;code="NOTACODE"`. A code that may name a person
 * is omitted.
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
