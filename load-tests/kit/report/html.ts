/** Pieces of HTML: everything that goes in as text is escaped. */
import type { Text } from './words.ts'

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Text as HTML. */
export function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (sign) => ENTITIES[sign]!)
}

/** Both languages. */
export function both({ zh, en }: Text): string {
  return `${escaped(zh)} <span lang="en">${escaped(en)}</span>`
}

/** Milliseconds as a person reads them. */
export function milliseconds(value: number | null): string {
  if (value === null) return '–'
  if (value >= 10_000) return `${(value / 1000).toFixed(1)} s`
  return `${value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2)} ms`
}

/** A whole number with its thousands parted. */
export function whole(value: number): string {
  return value.toLocaleString('en-US')
}

/** A table; the first column is text, the others are figures unless `texts` says so. */
export function table(head: readonly Text[], rows: readonly (readonly string[])[], texts = 1): string {
  const cell = (tag: 'td' | 'th') => (html: string, index: number) =>
    `<${tag}${index < texts ? '' : ' class="figure"'}>${html}</${tag}>`
  const body = rows.map((row) => `<tr>${row.map(cell('td')).join('')}</tr>`).join('\n')
  return `<div class="wide"><table><thead><tr>${head.map(both).map(cell('th')).join('')}</tr></thead>
<tbody>
${body}
</tbody></table></div>`
}
