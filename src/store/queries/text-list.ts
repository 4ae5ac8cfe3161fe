/** Our own constants as an SQL list: `('2207', '2304')`. External input is bound as a parameter instead. */
export function listOf(texts: readonly string[]): string {
  return `(${texts.map((text) => `'${text.replaceAll("'", "''")}'`).join(', ')})`
}
