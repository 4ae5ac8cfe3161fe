/** What the register of institutions and the areas say today. Asked for every message, so an answer is kept for the day. */
import QuickLRU from 'quick-lru'
import type { Codes } from '../codes/codes.ts'
import { type CodeContract, codeContractOf, systemsOf } from '../codes/institution.ts'
import { hasAreaShape } from '../domain/area.ts'
import { type Day, dayOf, type Instant, isSameDay } from '../domain/day.ts'
import type { Systems } from '../extension/dialect.ts'
import {
  EMPTY_BOOK,
  type OnboardingBook,
  type OnboardingNow,
  type OpenLanes,
  openLanesOn,
} from '../onboarding/book.ts'

/** An institution as the register knows it on a day. */
export interface Institution {
  readonly code: string
  readonly name: string
  /** Area `admdvs` in which it lies. */
  readonly area: string
  /** Lanes that the register has open for cross-regional settlement. */
  readonly lanes: ReadonlySet<string>
  /** What is open today, by onboarding and, where it says nothing, by the register. */
  readonly open: OpenLanes
  readonly systems: Systems
  readonly codes: CodeContract
  readonly suspended: boolean
}

/** The register, asked with the edition set of a message and its day. */
export interface InstitutionDirectory {
  /** @returns null where it is not listed */
  institution(codes: Codes, code: string, today: Day): Institution | null
  knowsArea(codes: Codes, area: string, today: Day): boolean
  /** The Shanghai day of an instant. */
  today(now: Instant): Day
}

/** Answers that are kept of each kind: more than the callers of one gateway come to. */
const KEPT_MAX = 10_000

/** Makes the register. @param onboarding absent: the register alone says what is open */
export function createInstitutionDirectory(onboarding?: OnboardingNow): InstitutionDirectory {
  const institutions = new QuickLRU<string, Institution>({ maxSize: KEPT_MAX })
  const areas = new QuickLRU<string, true>({ maxSize: KEPT_MAX })
  let day: { readonly at: Instant; readonly day: Day } | null = null
  let last: { readonly codes: Codes; readonly today: Day; readonly book: OnboardingBook } | null = null

  /** Another edition set, another day, or a step of an opening, may say something else. */
  function turnTo(codes: Codes, today: Day): void {
    const book = onboarding?.current() ?? EMPTY_BOOK
    if (last?.codes === codes && last.today === today && last.book === book) return
    institutions.clear()
    areas.clear()
    last = { codes, today, book }
  }

  return {
    today(now) {
      if (day === null || !isSameDay(now, day.at)) day = { at: now, day: dayOf(now) }
      return day.day
    },
    institution(codes, code, today) {
      turnTo(codes, today)
      const known = institutions.get(code)
      if (known) return known
      const found = institutionIn(codes, code, today, last?.book ?? EMPTY_BOOK)
      if (found) institutions.set(code, found)
      return found
    },
    knowsArea(codes, area, today) {
      turnTo(codes, today)
      if (areas.get(area)) return true
      const found = hasAreaShape(area) && codes.lookup('area', area, today).found
      if (found) areas.set(area, true)
      return found
    },
  }
}

function institutionIn(codes: Codes, code: string, today: Day, book: OnboardingBook): Institution | null {
  const found = codes.lookup(code.startsWith('P') ? 'pharmacy' : 'institution', code, today)
  if (!found.found) return null
  const { attributes = {}, name } = found.entry
  const lanes = new Set((attributes.lanes ?? '').split(' '))
  return {
    code,
    name,
    area: attributes.area ?? code.slice(1, 7),
    lanes,
    open: openLanesOn(book.get(code) ?? [], lanes, today),
    systems: systemsOf(found.entry, codes),
    codes: codeContractOf(found.entry),
    suspended: attributes.state === 'suspended',
  }
}
