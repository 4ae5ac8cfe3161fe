/**
 * The gate of a lane: a visit of somebody from elsewhere is opened, tried and settled only if the institution has its lane open
 * today, for where the person comes from and for the insurance that pays. What undoes or asks passes: what was settled before
 * a suspension can be taken back.
 */
import { relationOf } from '../domain/area.ts'
import type { Lane } from '../domain/lane.ts'
import { type AskedOpening, type OnboardingState, openingName, populationOf } from '../domain/onboarding.ts'
import { GatewayError } from '../domain/problems.ts'
import type { Message } from '../extension/dialect.ts'
import type { Institution } from './institution-directory.ts'

/** What stands instead of an opening. */
const WHY: Readonly<Record<Exclude<OnboardingState, 'opened'>, string>> = {
  applied: '已申请，尚未完成系统改造和测试',
  changed: '系统改造已完成，尚未通过测试',
  tested: '已通过测试，尚未开通',
  suspended: '已暂停',
}

/** What the counter can do. */
const NEXT_STEP = '本次未发出，费用没有变动；请按自费结算，由参保人回参保地手工报销，或到已开通的机构就医'

/** Reason of the field where a contract is suspended. */
const SUSPENDED = 'E302'

/**
 * Judges the lane of a message.
 *
 * @param lane the lane of its medical category; that of its operation must be open too
 * @throws {GatewayError} institution-closed
 */
export function judgeOpen(message: Message, lane: Lane, institution: Institution): void {
  const { operation, subject, insuredArea, treatmentArea } = message
  if (!operation.needsLane) return
  const reach = relationOf(insuredArea, treatmentArea)
  if (reach === 'local') return
  const population = populationOf(subject.insurance)
  refuseClosed(institution, { lane, reach, population })
  if (operation.lane && operation.lane !== lane) {
    refuseClosed(institution, { lane: operation.lane, reach, population })
  }
}

function refuseClosed({ code, open }: Institution, asked: AskedOpening): void {
  const state = open.stateOf(asked)
  if (state === 'opened') return
  const why = state === null ? '' : `（${WHY[state]}）`
  throw new GatewayError(
    'institution-closed',
    'receive',
    `定点医药机构${code}未开通${openingName(asked)}${why}，${NEXT_STEP}`,
    state === 'suspended' ? { reason: SUSPENDED } : {},
  )
}
