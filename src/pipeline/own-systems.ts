/** Which code systems are a hospital's: those in which its institutions speak, by the register. */
import type { Codes } from '../codes/codes.ts'
import type { Day } from '../domain/day.ts'
import { boundTo, type Caller } from './callers.ts'
import type { InstitutionDirectory } from './institution-directory.ts'

/**
 * The code systems of its own that a caller may ask about besides the national tables.
 *
 * @returns null where it may ask about all: whoever is no hospital
 */
export type OwnSystems = (caller: Caller, codes: Codes, today: Day) => ReadonlySet<string> | null

interface Kept {
  readonly codes: Codes
  readonly today: Day
  readonly systems: ReadonlySet<string>
}

/** Makes it. What is found is kept for the caller until the edition set or the day is another. */
export function createOwnSystems(directory: Pick<InstitutionDirectory, 'institution'>): OwnSystems {
  const kept = new WeakMap<Caller, Kept>()
  return (caller, codes, today) => {
    const institutions = boundTo(caller)
    if (!institutions) return null
    const known = kept.get(caller)
    if (known?.codes === codes && known.today === today) return known.systems
    const systems = new Set<string>()
    for (const code of institutions) {
      const found = directory.institution(codes, code, today)?.systems
      // As the register names it where it is not told: after the institution.
      for (const system of found ? Object.values(found) : [code]) systems.add(system)
    }
    kept.set(caller, { codes, today, systems })
    return systems
  }
}
