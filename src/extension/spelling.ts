/** One name, however it is spelt: `dscg_time`, `dscgTime`, `DSCG_TIME`, `Dscg-Time`. */

/** What all spellings of a name have in common; empty if it has no Latin letter and no digit. */
export function spellingOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '')
}
