/**
 * Insurance areas (医保区划 `admdvs`): six digits, GB/T 2260 plus what real payloads carry besides it — a city's own
 * pool (`130399`: 1303 and 99, inferred) and development zones (`130371`, inferred). Which codes exist is the
 * `area` codebook's business; here is only what follows from the digits.
 */
declare const area: unique symbol

/** A six-digit area code of the right form. */
export type Area = string & { readonly [area]: true }

/** How the place of treatment lies to the insured place. Only `local` stays out of cross-regional settlement. */
export type Relation = 'local' | 'intra' | 'cross'

const SHAPE = /^[1-8]\d{5}$/

/** Whether the text has the form of an area code. It may still be unknown. */
export function hasAreaShape(text: string): boolean {
  return SHAPE.test(text)
}

/**
 * Reads an area code.
 *
 * @param text `"621025"`
 * @throws {RangeError} on another form
 */
export function parseArea(text: string): Area {
  if (!SHAPE.test(text)) throw new RangeError(`Not an area code of six digits: "${text}"`)
  return text as Area
}

/** The province of an area: `621025` → `620000`. */
export function provinceOf(code: Area): Area {
  return `${code.slice(0, 2)}0000` as Area
}

/** The city, which is the pooling area by default (统筹区): `621025` → `621000`. */
export function cityOf(code: Area): Area {
  return `${code.slice(0, 4)}00` as Area
}

/**
 * Compares two areas: four digits equal is local, two is inside the province, else across provinces.
 * Source: docs/facts/cross-region.md, Path of a message [F: R3].
 */
export function relationOf(insured: Area, treatment: Area): Relation {
  if (insured.slice(0, 4) === treatment.slice(0, 4)) return 'local'
  return insured.slice(0, 2) === treatment.slice(0, 2) ? 'intra' : 'cross'
}

/**
 * Whether an area lies in a region that is named by a province, city or county code.
 *
 * @param code `621025`
 * @param region `620000` takes all of Gansu, `621000` all of Qingyang, `621025` only itself
 */
export function liesIn(code: Area, region: Area): boolean {
  const prefix = region.endsWith('0000') ? 2 : region.endsWith('00') ? 4 : 6
  return code.slice(0, prefix) === region.slice(0, prefix)
}
