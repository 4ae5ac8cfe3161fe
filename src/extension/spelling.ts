/** Normalises spellings of a name: `dscg_time`, `dscgTime`, `DSCG_TIME`, `Dscg-Time`. */

/** Common form of all spellings of a name; empty if it has no Latin letter and no digit. */
export function spellingOf(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '')
}
