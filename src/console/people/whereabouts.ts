/** Where the money of one transaction is: what hospital, gateway and platform hold of it, with the evidence for each; and what may be done. */
import { type Instant, shanghaiTime } from '../../domain/day.ts'
import type { OpenCase } from '../../pipeline/recovery/open-cases.ts'
import type { NameOf } from '../../pipeline/refusals.ts'
import { type Say, stateWord } from './language.ts'
import { partyOf } from './live-page.ts'
import type { LifeRead } from './reads.ts'

/** What one of the three holds. */
export interface Holds {
  readonly who: string
  readonly state: string
  /** Why that is known: each a sentence. */
  readonly evidence: readonly string[]
}

type Read = NonNullable<LifeRead>

const time = (at: number) => shanghaiTime(at as Instant).slice(0, 19)

/** The three columns, from the journal alone. */
export function whereabouts(say: Say, read: Read, nameOf: NameOf): readonly [Holds, Holds, Holds] {
  return [hospitalHolds(say, read), gatewayHolds(say, read), platformHolds(say, read, nameOf)]
}

/** What the hospital was told last that the journal shows: it hears a later outcome when it sends the message again. */
function hospitalHolds(say: Say, { row, life }: Read): Holds {
  const who = say('医院', 'Hospital')
  const sent = say(`${time(row.at)} 发来报文${row.message}`, `${time(row.at)} sent message ${row.message}`)
  const first = life[0]
  if (!first) return { who, state: say('等待应答', 'waits for an answer'), evidence: [sent] }
  const heard = stateWord(say, first.state)
  const told = say(
    `${time(first.at)} 网关应答：${heard}（交易日志${first.id}）`,
    `${time(first.at)} was answered: ${heard} (journal ${first.id})`,
  )
  const last = life.at(-1)!
  if (last.state === first.state)
    return { who, state: say(`已告知${heard}`, `was told: ${heard}`), evidence: [sent, told] }
  const later = say(
    `${time(last.at)}起用同一报文ID重发，即答复：${stateWord(say, last.state)}`,
    `the same message, sent again, is answered since ${time(last.at)}: ${stateWord(say, last.state)}`,
  )
  return {
    who,
    state: say(`当时告知${heard}，结果已有变化`, `was told ${heard}; that has changed`),
    evidence: [sent, told, later],
  }
}

function gatewayHolds(say: Say, { row, life }: Read): Holds {
  const begun = say(
    `${time(row.at)} 受理已落盘（第${row.id}笔）`,
    `${time(row.at)} intent durable (exchange ${row.id})`,
  )
  const last = life.at(-1)
  const ended = last
    ? [
        say(
          `${time(last.at)} ${stateWord(say, last.state)}（交易日志${last.id}）`,
          `${time(last.at)} ${stateWord(say, last.state)} (journal ${last.id})`,
        ),
      ]
    : []
  return { who: say('网关', 'Gateway'), state: stateWord(say, row.state), evidence: [begun, ...ended] }
}

/** What a platform has said, in its turn; nothing is taken for said that was not. */
function platformHolds(say: Say, { row, life }: Read, nameOf: NameOf): Holds {
  const who = row.destination ? partyOf(row.destination, nameOf) : say('平台', 'Platform')
  const evidence = life.flatMap(({ id, at, state, settlement, hop }) => {
    if (hop === 'gateway' && state !== 'reversed') return []
    const said = SAID[state]
    if (!said) return []
    const number = settlement ? say(`，结算ID ${settlement}`, `, settlement ${settlement}`) : ''
    return [`${time(at)} ${say(...said)}${number}${say(`（交易日志${id}）`, ` (journal ${id})`)}`]
  })
  const holds = HOLDS[row.state] ?? HOLDS.unknown!
  return {
    who,
    state: say(...holds),
    evidence: evidence.length > 0 ? evidence : [say('尚无平台答复', 'nothing heard of it')],
  }
}

type Words = readonly [zh: string, en: string]

const SAID: Readonly<Record<string, Words>> = {
  accepted: ['平台明确答复或查询证实已办', 'answered or was found to have done it'],
  refused: ['平台明确拒绝', 'refused'],
  unknown: ['没有明确答复，或查询尚无结论', 'no clear answer, or a search without a conclusion'],
  undoing: ['冲正已发出或待复核', 'a reversal has left, or waits to be verified'],
  reversed: [
    '冲正得到答复并复核，或查证未办',
    'a reversal was answered and verified, or it was shown never done',
  ],
}

const HOLDS: Readonly<Record<string, Words>> = {
  open: ['结果未知', 'not known yet'],
  unsent: ['没有：未发出', 'nothing: it was not sent'],
  unknown: ['不确定：可能已办', 'not certain: it may have done it'],
  undoing: ['不确定：正在冲正', 'not certain: being reversed'],
  accepted: ['已办', 'done'],
  refused: ['没有：已拒绝', 'nothing: it refused'],
  rejected: ['没有：未发出', 'nothing: it was not sent'],
  reversed: ['没有：已冲正或未办', 'nothing: reversed or never done'],
}

/** What a person may press. */
export const ACTIONS = ['ask', 'reverse', 'confirm'] as const

/** One of them. */
export type Action = (typeof ACTIONS)[number]

/** The step that an action brings forward. */
export const STEP_OF: Readonly<Record<Action, readonly OpenCase['nextStep'][]>> = {
  ask: ['ask', 'resend'],
  reverse: ['undo'],
  confirm: ['verify'],
}

/** Names of the buttons. */
export const ACTION_WORDS: Readonly<Record<Action, Words>> = {
  ask: ['立即查询', 'Ask now'],
  reverse: ['立即冲正', 'Reverse now'],
  confirm: ['立即复核', 'Confirm now'],
}

/** What decides over the buttons. */
export interface ActionFacts {
  readonly state: string
  /** What the worker knows of the case; null where it is none of an open one here. */
  readonly known: OpenCase | null
  readonly paused: boolean
  readonly mayAct: boolean
}

/** Why an action is not offered, for the person; null where it is. At most one of the three is offered. */
export function whyNot(
  say: Say,
  action: Action,
  { state, known, paused, mayAct }: ActionFacts,
): string | null {
  if (['accepted', 'refused', 'rejected', 'reversed'].includes(state))
    return say(
      `已了结（${stateWord(say, state)}），无须处理`,
      `ended (${stateWord(say, state)}): nothing is to be done`,
    )
  if (state === 'unsent')
    return say('未发出，未发生费用，由医院用同一报文ID重发', 'not sent: the hospital sends it again')
  if (state === 'open') return say('正在办理，等待平台应答', 'under way: the platform is awaited')
  if (!known) return say('由其他工作进程办理，将自动进行', 'another worker has it and goes on by itself')
  if (!mayAct) return say('您的角色只能查看', 'your role may only look')
  if (paused)
    return say('自动处理已暂停，请联系网关管理员', 'recovery is paused: tell whoever runs the gateway')
  if (known.nextStep === 'operator')
    return say(
      '平台没有可供查询的交易，请持报文ID与平台人工核对',
      'the platform has no question for it: compare with its people',
    )
  if (known.leasedBy) return say('正在进行，请稍候刷新', 'a step is under way: refresh in a moment')
  if (STEP_OF[action].includes(known.nextStep)) return null
  if (action === 'ask')
    return say('冲正已发出，不再查询原交易', 'a reversal has left: there is no going back to asking')
  if (action === 'reverse')
    return known.nextStep === 'verify'
      ? say('冲正已获答复，待复核', 'the reversal was answered and waits to be verified')
      : say(
          `须先向平台查询，平台三次明确答复查无此笔后方可冲正（已${known.notFound}次）`,
          `only after three clear "not found" of the platform (${known.notFound} so far)`,
        )
  return say('没有待复核的冲正', 'there is no reversal to verify')
}
