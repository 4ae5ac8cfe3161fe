/** What the pages of the rate ask, within a person's areas, and what is answered: the tasks are those of `/v1/reports`. */
import { hasAreaShape, liesIn, parseArea } from '../../domain/area.ts'
import type { Day } from '../../domain/day.ts'
import { GatewayError } from '../../domain/problems.ts'
import type { Person } from '../../people/accounts.ts'
import { type FiguresQuestion, readFiguresQuestion } from '../../reports/figures/question.ts'
import type { IndicatorRate } from '../../reports/figures/rates.ts'
import type { Category } from '../../reports/figures/reasons.ts'
import type { QuestionContext } from '../../reports/question.ts'
import { BASES, type Basis } from '../../reports/settlement-rate.ts'
import type { ListedStay, StayMessage } from '../../store/queries/figures/pages.ts'
import type { Grouping } from '../../store/queries/figures/sums.ts'

/** A sentence in both languages. */
export type Sentence = readonly [zh: string, en: string]

/** The form as it was filled in, or as it is on the first visit. Periods are months or days, as typed. */
export interface RatesForm {
  readonly area: string
  readonly view: string
  readonly from: string
  readonly to: string
  readonly asOf: string
  readonly scope: string
  readonly basis: Basis
  readonly institution: string
}

/** A question that may be asked; or why not, for the person. */
export type RatesAsked =
  | { readonly form: RatesForm; readonly question: FiguresQuestion; readonly fault: null }
  | { readonly fault: Sentence; readonly status: 400 | 403 }

/** A figure that was published. */
export interface Published {
  readonly rate: number | null
}

/** A rate with what was published before. */
export interface ShownRate extends IndicatorRate {
  readonly provisional: Published | null
  readonly final: Published | null
  readonly restated: boolean
}

/** Answer of the task to `rates`. */
export interface RatesRead {
  readonly asOf: Day
  readonly status: 'interim' | 'provisional' | 'final'
  readonly rows: readonly { readonly key: string; readonly indicators: readonly ShownRate[] }[]
}

/** A reason of the answer. */
interface ReasonRead {
  readonly category: Category
  readonly code: string
  readonly hop: string
  readonly zh: string
  readonly en: string
}

/** Answer of the task to `reasons`. */
export interface ReasonsRead {
  readonly categories: readonly {
    readonly category: Category
    readonly zh: string
    readonly en: string
    readonly broad: number
    readonly narrow: number
  }[]
  readonly details: readonly (ReasonRead & { readonly broad: number; readonly narrow: number })[]
  readonly attempts: { readonly total: number; readonly details: readonly (ReasonRead & { n: number })[] }
}

/** Answer of the task to `stays`. */
export interface StaysRead {
  readonly stays: readonly (ListedStay & { readonly zh: string; readonly en: string })[]
  readonly next: string | null
}

/** Answer of the task `stay-messages`. */
export interface MessagesRead {
  readonly messages: readonly StayMessage[]
  readonly next: string | null
}

/** The level below an area, by which its rate is told apart; a county's is by institution. */
export function levelBelow(area: string): Grouping {
  if (area === '') return 'province'
  if (area.endsWith('0000')) return 'city'
  return area.endsWith('00') ? 'county' : 'institution'
}

/** Reads the address. Who is bound to areas and names none is shown the first of them. */
export function readRates(
  query: Readonly<Record<string, string>>,
  person: Pick<Person, 'areas'>,
  context: QuestionContext,
): RatesAsked {
  const { today } = context
  const given = (name: string) => query[name]?.trim() || undefined
  const area = given('area') ?? person.areas[0]
  const form: RatesForm = {
    ...{ area: area ?? '', view: given('view') ?? 'outbound', scope: given('scope') ?? 'all' },
    ...{ from: given('from') ?? `${today.slice(0, 4)}-01`, to: given('to') ?? today.slice(0, 7) },
    ...{ asOf: given('asOf') ?? today, institution: given('institution') ?? '' },
    basis: BASES.find((one) => one === given('basis')) ?? 'broad',
  }
  if (area !== undefined && hasAreaShape(area) && !isWithin(person, area))
    return {
      fault: [
        `区划${area}不在您的区划内，没有显示任何数据`,
        `Area ${area} is outside yours: nothing is shown`,
      ],
      status: 403,
    }
  try {
    const { basis: _, institution, area: code, ...rest } = form
    const asked = { ...rest, area: code || undefined, institution: institution || undefined }
    const more = {
      state: given('state'),
      category: given('category'),
      after: given('after'),
      limit: given('limit'),
    }
    return { form, question: readFiguresQuestion({ ...asked, ...more }, context), fault: null }
  } catch (cause) {
    if (!(cause instanceof GatewayError)) throw cause
    return { fault: [cause.message, englishOf(form, context)], status: 400 }
  }
}

/** Whether a person may ask for an area: it lies in one of theirs. */
function isWithin({ areas }: Pick<Person, 'areas'>, area: string): boolean {
  return areas.length === 0 || areas.some((one) => liesIn(parseArea(area), parseArea(one)))
}

function englishOf({ from, to, area }: RatesForm, { isKnownArea }: QuestionContext): string {
  const isDay = /^\d{4}-\d{2}(-\d{2})?$/
  if (area !== '' && !(hasAreaShape(area) && isKnownArea(area))) return 'There is no such area'
  if (!isDay.test(from) || !isDay.test(to)) return 'Write the period as YYYY-MM or YYYY-MM-DD'
  return from > to ? 'The period begins after its end' : 'Something in the question is not right'
}
