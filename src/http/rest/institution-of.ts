/** Looks up today's entry of an institution in the institution directory. */
import { dayOf } from '../../domain/day.ts'
import type { Services } from '../../pipeline/context.ts'

/** An institution by name and area. */
export interface Registered {
  readonly name: string
  readonly area: string
}

/** Looks up an institution or pharmacy. Null if the directory lacks it. */
export function registered(services: Pick<Services, 'codes' | 'clock'>, code: string): Registered | null {
  const standard = code.startsWith('P') ? 'pharmacy' : 'institution'
  const found = services.codes.current().lookup(standard, code, dayOf(services.clock.now()))
  if (!found.found) return null
  return { name: found.entry.name, area: found.entry.attributes?.area ?? code.slice(1, 7) }
}
