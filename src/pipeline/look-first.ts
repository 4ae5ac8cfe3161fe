/**
 * Looked for first: after a restore, a message whose key is not known may have been done after the backup, under an id that
 * nobody remembers. What opens a visit or settles is looked for at the platform before it leaves, by visit or person and day
 * as recovery does; what is found there is not sent again and answered as the first was. What cannot be looked for, and what
 * may be meant and cannot be told apart, does not leave. People then compare the journal with the platforms, but what they
 * tell a hospital its systems do not know: for a day more, money is looked for.
 */
import { GatewayError, type Terms } from '../domain/problems.ts'
import type { Message } from '../extension/dialect.ts'
import { inEncounter, type Question, type Standing } from '../extension/evidence.ts'
import type { Restored } from '../journal/backup/restored.ts'
import { isSamePlatform } from '../journal/entry.ts'
import type { Beginning, BeginResult, Journal, KeyedIntent } from '../journal/journal.ts'
import { PIECED_TOGETHER } from './answer-format.ts'
import type { Services, Translated } from './context.ts'
import { dispatch } from './dispatch.ts'
import { compareFirst } from './fence.ts'
import { moneyOf } from './outcome.ts'
import { readByVisits } from './recovery/search.ts'
import { settlementFound } from './recovery/steps.ts'
import { isAnswered } from './replay.ts'
import { encode } from './spoken.ts'

/**
 * How long after the comparison money is still looked for: what was on its way at the loss lies in the queues of hospital
 * systems, which send it again when they can. [A]
 */
const SENT_AGAIN_MS = 24 * 60 * 60_000

/**
 * Looks where the fence stands, or stood less than a day ago, and nothing stands under the key.
 *
 * @param ownKey whether the key is the caller's own, so that the message may have another id by now
 * @param until when the answer must be there, by the monotonic clock
 * @returns what stands there and is what the message asks for; null where it may leave, at once where nothing is forgotten
 * @throws {GatewayError} compare-first where neither can be said; destination-down where it is only not answered
 */
export function lookIfForgotten(
  services: Services,
  message: Message,
  key: string,
  ownKey: boolean,
  until: number,
): Promise<Standing | null> | null {
  const { fence, clock } = services
  if (!fence) return null
  const stands = fence.stands()
  const span = fence.span()
  if (!span || (!stands && clock.now() - span.compared!.at >= SENT_AGAIN_MS)) return null
  const look = async () => {
    if (await isAnswered(services.journal, key)) return null
    return stands
      ? lookFirst(services, message, span, until)
      : lookOnceMore(services, message, span, ownKey, until)
  }
  return look()
}

async function lookFirst(
  services: Services,
  message: Message,
  span: Restored,
  until: number,
): Promise<Standing | null> {
  const { evidence, kind } = message.operation
  // To repeat it changes nothing; and of a visit that was opened since nothing is forgotten.
  if (evidence?.resend && kind !== 'reversal') return null
  if (await isOpenedSince(services.journal, message, span)) return null
  const questions = evidence?.questions ?? []
  // One that shows only its own message shows nothing of what nobody remembers.
  if (!questions.some(({ standing, each }) => standing || each)) throw compareFirst()
  for (const [index, question] of questions.entries()) {
    const isLast = index === questions.length - 1
    for (const standing of await standingBy(services, message, question, isLast, until, compareFirst)) {
      if (kind === 'cancellation' && isStillToCancel(message, standing)) continue
      if (await isRemembered(services.journal, message, standing, span)) continue
      if (kind === 'cancellation' || standing.isUndone || !standing.isLike) throw otherStands()
      return standing
    }
  }
  // What was on its way when all was lost may be booked yet: so long a search in vain says nothing.
  if (services.clock.now() < span.at + services.deadlineMs) throw compareFirst()
  return null
}

/**
 * What people have compared and told of is no question any more: only the very message, or the same sum under a key that
 * makes new ids, is taken for what it was. All else leaves as ever.
 */
async function lookOnceMore(
  services: Services,
  message: Message,
  span: Restored,
  ownKey: boolean,
  until: number,
): Promise<Standing | null> {
  const { evidence, kind } = message.operation
  if (kind !== 'settlement' && kind !== 'cancellation') return null
  if (await isOpenedSince(services.journal, message, span)) return null
  for (const question of evidence?.questions ?? []) {
    if (!question.standing && !question.each) continue
    const standing = await standingBy(services, message, question, false, until, notAnswered)
    for (const one of standing) if (await isIt(services.journal, message, one, ownKey)) return one
  }
  return null
}

async function isIt(
  journal: Journal,
  message: Message,
  standing: Standing,
  ownKey: boolean,
): Promise<boolean> {
  const isCancellation = message.operation.kind === 'cancellation'
  // A cancellation carries the mark itself.
  if (standing.message === message.id) return isCancellation || !standing.isUndone
  if (!ownKey || isCancellation || !standing.isLike || standing.isUndone) return false
  return (
    standing.settlement !== null && (await settlersAt(journal, message, standing.settlement)).length === 0
  )
}

/**
 * @param isLast whether no further question shows that the platform can read what was asked for: then its "no" may be one to
 * anything
 * @param unsaid what is thrown where the platform does not say
 * @returns several only where the message could not name its visit: what stands in each
 */
async function standingBy(
  services: Services,
  message: Message,
  { ask, standing, each, refused }: Question,
  isLast: boolean,
  until: number,
  unsaid: () => GatewayError,
): Promise<readonly Standing[]> {
  const id = services.ids.message(message.institution)
  const question = services.dialect.compose(message, ask(message), id, services.clock.now())
  const answer = await dispatch(services, question, encode(services, question), { from: 'caller', until })
  if (answer.event === 'no' && refused === 'nothing' && !isLast) return []
  if (answer.event !== 'yes') throw unsaid()
  const output = answer.reply.output()
  const stands =
    standing &&
    (await readByVisits(
      (isOthers) => standing(message, output, isOthers),
      (encounter) => hasOpener(services.journal, message, encounter),
    ))
  const found = stands ? [stands] : []
  for (const encounter of each?.encounters(message, output) ?? []) {
    const visit = inEncounter(message, encounter)
    for (const [index, question] of each!.questions.entries()) {
      const isLastOfVisit = index === each!.questions.length - 1
      found.push(...(await standingBy(services, visit, question, isLastOfVisit, until, unsaid)))
    }
  }
  return found
}

const hasOpener = async (journal: Journal, { insuredArea }: Message, encounter: string) =>
  (await journal.openers(encounter)).some((one) => isSamePlatform(one.insuredArea, insuredArea))

/** Whether the visit was opened after the restore, by a message whose answer was heard here. */
async function isOpenedSince(journal: Journal, message: Message, span: Restored): Promise<boolean> {
  const { encounter } = message.subject
  if (!encounter) return false
  const opener = await journal.ownOpener(encounter, message.institution, message.insuredArea)
  return opener !== null && opener.exchange !== null && isHeardSince(journal, opener.exchange, span)
}

/** What was only found after the restore has been done before it, and other things with it. */
async function isHeardSince(journal: Journal, exchange: number, span: Restored): Promise<boolean> {
  const known = await journal.byId(exchange)
  return known !== null && known.exchange.at >= span.at && known.counterpartMicros !== null
}

/**
 * Whether what stands last is of a message that the journal knows: from before the backup, so that nothing was done after it;
 * or heard since the restore, before which it was looked for.
 *
 * @throws {GatewayError} compare-first where another message has found it: one of the two is not what made it
 */
async function isRemembered(
  journal: Journal,
  message: Message,
  { settlement }: Standing,
  span: Restored,
): Promise<boolean> {
  if (settlement === null) return false
  const ours = await settlersAt(journal, message, settlement)
  if (ours.length === 0) return false
  for (const { exchange } of ours) {
    if (exchange.at <= span.since || (await isHeardSince(journal, exchange.id, span))) return true
  }
  throw otherStands()
}

const settlersAt = async (journal: Journal, { insuredArea }: Message, settlement: string) =>
  (await journal.settlers(settlement, true)).filter(
    ({ exchange }) => exchange.kind !== 'write' && isSamePlatform(exchange.insuredArea, insuredArea),
  )

const isStillToCancel = ({ subject }: Message, { settlement, isUndone }: Standing) =>
  !isUndone && settlement !== null && settlement === subject.settlement

function otherStands() {
  return compareFirst(
    '网关刚从备份恢复，向平台查询到该就诊在备份之后另有办理，不能确定与本次是否同一笔，本次未向平台发送。请勿重复收费，先与平台核对该就诊',
  )
}

function notAnswered() {
  const detail = ({ key }: Terms) =>
    `网关从备份恢复后一日内先向平台查询再发送，平台未答复该查询；本次未发送，费用没有变动，请稍后用同一${key}重发`
  return new GatewayError('destination-down', 'journal', detail)
}

/**
 * Takes down what was found as the outcome of the message, under the id that it has there.
 *
 * @param begins the message, and what its beginning is judged by
 * @returns what stands under the key from now on
 * @throws {InFlight} as the beginning of a message
 * @throws {GatewayError} compare-first where it is of another message, or its money does not add up; journal-down
 */
export async function recordForgotten(
  services: Services,
  { inbound, message }: Translated,
  { intent, ...how }: { readonly intent: KeyedIntent } & Beginning<never>,
  { message: id, output }: Standing,
): Promise<Extract<BeginResult, { is: 'known' }>> {
  const { format, ownKey } = inbound
  // A door whose key is not the message id makes the id itself, and has made another one since.
  if (!ownKey && id !== null && id !== message.id) throw otherStands()
  const settlement = settlementFound(message, output)
  if (settlement === 'unusable') throw otherStands()
  const at = services.clock.now()
  const said = { output: () => output, ...PIECED_TOGETHER }
  const reply = format.success(message, said, at, services.ids.answer(message.treatmentArea))
  const encounter = intent.encounter === null ? message.operation.encounter?.(output) || null : null
  const told = '恢复备份后向平台查询，该笔此前已办理'
  const done = { hop: intent.destination, told, reply, encounter, ...moneyOf(settlement), at }
  const begun = await services.journal.begin({ ...intent, message: id ?? intent.message }, { ...how, done })
  if (begun.is === 'known') return begun
  return { is: 'known', known: (await services.journal.byKey(intent.key))! }
}
