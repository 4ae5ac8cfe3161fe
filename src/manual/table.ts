/** Tables of Markdown. */

/** A text that may stand in a cell. */
export function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ').replaceAll('<', '&lt;')
}

/** A table; empty where it has no row. */
export function tableOf(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const body = rows.map((row) => line(row.map((text, index) => (index === 0 ? text : cell(text)))))
  return [line(heads), line(heads.map(() => '---')), ...body].join('\n')
}
