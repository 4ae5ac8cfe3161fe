/** What each role of a person may see and do, and within which areas. Deny by default: what is not in the table nobody may. */
import { hasAreaShape, liesIn, parseArea } from '../domain/area.ts'

/** Roles of people at a bureau, with their names. Source: posts of an agency (经办内控: 业务、财务、信息、稽核分设) [K]. */
export const PERSON_ROLES = {
  business: { zh: '业务', en: 'business' },
  fund: { zh: '基金财务', en: 'fund' },
  information: { zh: '信息', en: 'information' },
  auditor: { zh: '稽核', en: 'auditor' },
} as const

/** A role of a person. */
export type PersonRole = keyof typeof PERSON_ROLES

/**
 * Who may do what. `rates`: figures of stays and the way down to one. `live`: how the links stand, nothing of a transaction. `unknown`: open cases. `money`: one transaction and
 * its life. `day`: sums of a day. `act`: bring forward the next step of recovery. `reveal`: what is personal, with a reason.
 */
export const RIGHTS = {
  rates: ['business', 'fund', 'auditor'],
  live: ['business', 'fund', 'information', 'auditor'],
  unknown: ['business', 'fund', 'information', 'auditor'],
  money: ['business', 'fund', 'auditor'],
  day: ['business', 'fund', 'auditor'],
  act: ['business'],
  reveal: ['business', 'auditor'],
} as const satisfies Record<string, readonly PersonRole[]>

/** Something that a person may do. */
export type Right = keyof typeof RIGHTS

/** A person as far as rights go. */
export interface PersonRights {
  readonly role: PersonRole
  /** Codes of provinces, cities or counties; empty for the whole country. */
  readonly areas: readonly string[]
}

/** Whether a role has a right. */
export function hasRight({ role }: Pick<PersonRights, 'role'>, right: Right): boolean {
  return (RIGHTS[right] as readonly PersonRole[]).includes(role)
}

/**
 * Whether what lies between two areas concerns a person: the insured place or the place of treatment is one of theirs.
 *
 * @param insured `621025`; null where it is not known, which nobody bound to areas is shown
 */
export function concerns(
  { areas }: Pick<PersonRights, 'areas'>,
  insured: string | null,
  treatment: string | null,
): boolean {
  if (areas.length === 0) return true
  const known = [insured, treatment].filter((code) => code !== null && hasAreaShape(code))
  return known.some((code) => areas.some((area) => liesIn(parseArea(code!), parseArea(area))))
}

/** The beginnings of the area codes of a person, for the tables: `62` of 620000, `6210` of 621000; null for all. */
export function areaPrefixes({ areas }: Pick<PersonRights, 'areas'>): readonly string[] | null {
  return areas.length === 0 ? null : areas.map((area) => area.replace(/(?:00){1,2}$/, ''))
}
