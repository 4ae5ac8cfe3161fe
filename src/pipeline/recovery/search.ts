/** How an outcome is looked for: the questions of a message in their order, those of every visit, those of every row of a list. */
import type { Message } from '../../extension/dialect.ts'
import { inEncounter, type ListEvidence, type Question, type ShownRow } from '../../extension/evidence.ts'
import type { RefusedRows } from '../../extension/reply.ts'
import { isSamePlatform } from '../../journal/entry.ts'
import type { MaybePromise } from '../../journal/maybe-promise.ts'
import { readSealed } from '../spoken.ts'
import { type CaseContext, newId, send } from './case.ts'

/** What was shown: the output to answer with, that nothing stands, or neither. */
export type Shown =
  | { readonly output: Record<string, unknown>; readonly refused?: RefusedRows }
  | 'nothing'
  | 'unclear'

/**
 * Whether another message has opened an encounter at this platform, or may be opening it just now: then it shows nothing
 * of this one.
 */
async function isOthers({ ports, known }: CaseContext, encounter: string): Promise<boolean> {
  const { id, transaction, person, insuredArea } = known.exchange
  const all = await ports.journal.openers(encounter)
  const openers = all.filter((one) => isSamePlatform(insuredArea, one.insuredArea))
  if (openers.length > 0) return openers.some(({ exchange }) => exchange !== id)
  return (await ports.journal.unresolved()).some(
    ({ exchange, state }) =>
      state === 'open' &&
      exchange.transaction === transaction &&
      exchange.person === person &&
      exchange.id !== id,
  )
}

/**
 * Reads an answer by whose the visits in it are. A dialect reads at once and the journal may have to be waited for, so it
 * reads twice: first to hear which visits it asks about.
 */
export async function readByVisits<Read>(
  read: (isOthers: (encounter: string) => boolean) => Read,
  isOthers: (encounter: string) => MaybePromise<boolean>,
): Promise<Read> {
  const asked = new Set<string>()
  const first = read((encounter) => asked.add(encounter).size > 0)
  if (asked.size === 0) return first
  const others = new Set<string>()
  for (const encounter of asked) if (await isOthers(encounter)) others.add(encounter)
  return read((encounter) => others.has(encounter))
}

/** Messages of one order that are read: what opened it, what pays it, what gives back. */
const OF_ORDER_MAX = 10

/** The other messages of an order, as far as the journal has them at hand: what opened it says whose it is. */
async function othersOfOrder({ ports, known, message }: CaseContext): Promise<readonly Message[]> {
  const { settlement } = message.subject
  const all = settlement ? await ports.journal.settlers(settlement, true) : []
  const others: Message[] = []
  for (const { exchange } of all.slice(0, OF_ORDER_MAX)) {
    const isOwn = exchange.id !== known.exchange.id && exchange.institution === message.institution
    const stored = isOwn ? await ports.journal.byId(exchange.id) : null
    if (stored?.exchange.sealed) others.push(readSealed(ports, stored.exchange))
  }
  return others
}

/** Visits of one answer that are looked at: more than a person has at one institution on one day. */
const VISITS_MAX = 20

/** Asks every question in its order. One that was not answered, or could not be, makes the whole search unclear. */
async function inquire(
  context: CaseContext,
  questions: readonly Question[] = context.message.operation.evidence?.questions ?? [],
): Promise<Shown> {
  const { ports, message } = context
  for (const { ask, found, each, refused, ofOrder } of questions) {
    const asked = ofOrder ? ask(message, await othersOfOrder(context)) : ask(message)
    const question = ports.dialect.compose(message, asked, newId(context), ports.clock.now())
    const answer = await send(context, question)
    if (answer.event === 'no' && refused === 'nothing') continue
    if (answer.event !== 'yes') return 'unclear'
    const shown = answer.reply.output()
    const output =
      found &&
      (await readByVisits(
        (areOthers) => found(message, shown, areOthers),
        (encounter) => isOthers(context, encounter),
      ))
    if (output === 'unclear') return 'unclear'
    if (output === 'undone') return 'nothing'
    if (output) return { output }
    const inVisits = each ? await inquireEach(context, each, shown) : 'nothing'
    if (inVisits !== 'nothing') return inVisits
  }
  return 'nothing'
}

/** Asks the questions of every visit that an answer shows. Ours may be found behind one that could not be read. */
async function inquireEach(
  context: CaseContext,
  { encounters, questions }: NonNullable<Question['each']>,
  output: unknown,
): Promise<Shown> {
  const { message } = context
  const visits = encounters(message, output)
  let isUnclear = visits.length > VISITS_MAX
  for (const encounter of visits.slice(0, VISITS_MAX)) {
    const shown = await inquire({ ...context, message: inEncounter(message, encounter) }, questions)
    if (shown === 'unclear') isUnclear = true
    else if (shown !== 'nothing') return shown
  }
  return isUnclear ? 'unclear' : 'nothing'
}

/** Looks for the rows of a list one by one: what is found of them together is its outcome. */
async function inquireRows(context: CaseContext, { rows, answer }: ListEvidence): Promise<Shown> {
  const { message } = context
  const all: ShownRow[] = []
  for (const questions of rows(message)) {
    const shown = await inquire(context, questions)
    if (shown === 'unclear') return 'unclear'
    all.push(shown === 'nothing' ? null : shown.output)
  }
  return all.every((row) => row === null) ? 'nothing' : answer(message, all)
}

/** Looks for the outcome, of a list or of any other message. */
export function look(context: CaseContext): Promise<Shown> {
  const list = context.message.operation.evidence?.list
  return list ? inquireRows(context, list) : inquire(context)
}
