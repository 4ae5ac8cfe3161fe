/** What the register of institutions says of one, today. */
import { dayOf } from '../../domain/day.ts'
import type { Services } from '../../pipeline/context.ts'

/** An institution by name and area. */
export interface Registered {
  readonly name: string
  readonly area: string
}

/** Looks an institution or pharmacy up. Null if the register does not know it. */
export function registered(services: Pick<Services, 'codes' | 'clock'>, code: string): Registered | null {
  const standard = code.startsWith('P') ? 'pharmacy' : 'institution'
  const found = services.codes.current().lookup(standard, code, dayOf(services.clock.now()))
  if (!found.found) return null
  return { name: found.entry.name, area: found.entry.attributes?.area ?? code.slice(1, 7) }
}
