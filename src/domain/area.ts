/**
 * Insurance areas (医保区划 `admdvs`): six digits. They extend GB/T 2260 by codes seen in real payloads: a city's own
 * pool (`130399`: 1303 and 99, inferred) and development zones (`130371`, inferred). The `area` codebook knows which
 * codes exist; this file only derives what follows from the digits.
 */
declare const area: unique symbol

/** A well-formed six-digit area code. */
export type Area = string & { readonly [area]: true }

/** Relation of the place of treatment to the insured place. Only `local` is outside cross-regional settlement. */
export type Relation = 'local' | 'intra' | 'cross'

const SHAPE = /^[1-8]\d{5}$/

/** Whether the text is a well-formed area code; it may still be unknown. */
export function hasAreaShape(text: string): boolean {
  return SHAPE.test(text)
}

/**
 * Parses an area code.
 *
 * @param text `"621025"`
 * @throws {RangeError} if it is malformed
 */
export function parseArea(text: string): Area {
  if (!SHAPE.test(text)) throw new RangeError(`Not an area code of six digits: "${text}"`)
  return text as Area
}

/** The province of an area: `621025` → `620000`. */
export function provinceOf(code: Area): Area {
  return `${code.slice(0, 2)}0000` as Area
}

/** The city, which is the default pooling area (统筹区): `621025` → `621000`. */
export function cityOf(code: Area): Area {
  return `${code.slice(0, 4)}00` as Area
}

/**
 * Compares two areas: equal in four digits is local, in two is within the province, otherwise across provinces.
 * Source: docs/facts/cross-region.md, Path of a message [F: R3].
 */
export function relationOf(insured: Area, treatment: Area): Relation {
  if (insured.slice(0, 4) === treatment.slice(0, 4)) return 'local'
  return insured.slice(0, 2) === treatment.slice(0, 2) ? 'intra' : 'cross'
}

/**
 * Whether an area lies within a region given by a province, city or county code.
 *
 * @param code `621025`
 * @param region `620000` includes all of Gansu, `621000` all of Qingyang, `621025` only itself
 */
export function liesIn(code: Area, region: Area): boolean {
  const prefix = region.endsWith('0000') ? 2 : region.endsWith('00') ? 4 : 6
  return code.slice(0, prefix) === region.slice(0, prefix)
}

/** The digits that all areas of a region share: `621000` → `6210`. */
export function prefixOf(region: Area): string {
  return region.replace(/^(\d\d)0000$/, '$1').replace(/^(\d{4})00$/, '$1')
}
