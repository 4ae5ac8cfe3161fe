/** Texts of our own as a list in SQL: `('2207', '2304')`. What comes from outside is bound as a parameter. */
export function listOf(texts: readonly string[]): string {
  return `(${texts.map((text) => `'${text.replaceAll("'", "''")}'`).join(', ')})`
}
